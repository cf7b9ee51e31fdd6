import type { Random } from '../../../core/testing/random.ts';
import { spendableAt } from './account.ts';
import type { Written } from './expected.ts';
import type { SlowLedger } from './ledger.ts';
import { People } from './people.ts';
import { typeIn, type Version } from './programme.ts';
import { PARTNERS, pickOf, SKUS, STORES } from './random-programme.ts';

/** Returns are of checkouts that are not too long ago. */
const SENT_REMEMBERED = 400;
const TYPES = ['main', 'promo', 'status', 'main', 'promo', 'gone'];

const KINDS_OF_CHECKOUT = [
  ...['quote', 'hold', 'hold', 'hold'],
  ...['checkout', 'checkout', 'checkout', 'checkout', 'checkout', 'checkout', 'checkout'],
] as const;

/** Invents transactions that fit what has happened so far, and some that do not. */
export class Scenario {
  readonly sent: Written[] = [];
  readonly #random: Random;
  readonly #versions: readonly Version[];
  readonly #ledgers: readonly SlowLedger[];
  readonly #members: number;
  readonly #merges: boolean;
  readonly #people: People;
  #ids = 0;
  /** Checkouts that returns have named and that are still to come. */
  #promised: string[] = [];

  constructor(
    random: Random,
    programme: { readonly versions: readonly Version[]; readonly ledgers: readonly SlowLedger[] },
    people: { readonly members: number; readonly merges: boolean },
  ) {
    this.#random = random;
    this.#versions = programme.versions;
    this.#ledgers = programme.ledgers;
    this.#members = people.members;
    this.#people = new People(random, programme.ledgers);
    this.#merges = people.merges;
  }

  activation(version = pickOf(this.#random, this.#versions)): Written {
    const { number, hash } = version;
    const id = this.#id('v');
    const known = number === 1 || this.#random.chance(0.95);
    return this.#send({
      ...{ id, kind: 'activation', version: number, author: 'a', note: '' },
      hash: known ? hash : 'sha256:nobody-knows-it',
    });
  }

  tick(now: number): Written {
    const ahead = this.#random.chance(0.2) ? this.#random.below(9) * 86_400_000 : 0;
    const at = new Date(now + ahead).toISOString();
    return this.#send({ id: this.#id('k'), kind: 'tick', at });
  }

  next(now: number): Written {
    const undone = this.#merges && this.#people.lastMoment(now, () => this.#id('p'));
    if (undone) return this.#send(undone);
    const dice = this.#random.below(100);
    if (dice < 4) return this.#again();
    if (dice < 7) return this.#reuse();
    if (dice < 9) return this.#malformed();
    if (dice < 19) return this.#enrol();
    if (dice < 35) return this.#return();
    const isOver = this.#openHolds().some(({ until }) => until === now);
    if (dice < 41 || (isOver && this.#random.chance(0.5))) return this.#endHold(now);
    if (dice < 45) return this.#deliver();
    if (dice < 52) return this.#adjust(now);
    if (dice < 54) return this.#import(now);
    if (dice < 58) return this.#happen(now);
    if (dice < 63) return this.#transfer(now);
    if (dice < 69 && this.#merges) return this.#send(this.#people.next(() => this.#id('p')));
    return this.#checkout(now);
  }

  #id(letter: string): string {
    this.#ids += 1;
    return `${letter}${this.#ids}`;
  }

  #send(written: Written): Written {
    this.sent.push(written);
    return written;
  }

  #again(): Written {
    return this.sent.length > 0 ? pickOf(this.#random, this.sent) : this.#enrol();
  }

  /** A used id with other content. */
  #reuse(): Written {
    const earlier = this.#again();
    if (earlier.kind === 'malformed' || earlier.kind === 'quote') return this.#enrol();
    const other = this.#checkout(0);
    return this.#send({
      ...other,
      ...(earlier.member && { member: earlier.member }),
      id: earlier.id,
    });
  }

  #malformed(): Written {
    const member = this.#member();
    return this.#send({
      ...{ id: this.#id('x'), kind: 'malformed', reason: 'no-lines' },
      sent: { kind: 'checkout', member, lines: [] },
    });
  }

  /** Somebody who is a member, or hardly ever anybody. */
  #member(): string {
    const known = this.#random.chance(0.95) ? this.#people.anyone() : undefined;
    return known ?? this.#anybody();
  }

  #anybody(): string {
    return `m${this.#random.below(this.#members + 1)}`;
  }

  #enrol(): Written {
    const store = this.#random.chance(0.7) ? { store: this.#store() } : {};
    return this.#send({ id: this.#id('e'), kind: 'enrol', member: this.#anybody(), ...store });
  }

  #store(): string {
    return this.#random.chance(0.03) ? 'nowhere' : pickOf(this.#random, STORES);
  }

  #checkout(now: number): Written {
    const lines = Array.from({ length: 1 + this.#random.below(3) }, (_, index) => ({
      ...(this.#random.chance(0.5) ? { id: `l${index}` } : {}),
      sku: pickOf(this.#random, SKUS),
      quantity: pickOf(this.#random, [1, 2, 3, 5, '0.125', '1.5', '7.333']),
      price: this.#random.below(5_000),
      ...(this.#random.chance(0.25) && { partner: pickOf(this.#random, PARTNERS) }),
    }));
    const anonymous = this.#random.chance(0.06);
    const late = this.#random.below(20) * 3_600_000 - 600_000;
    const occurredAt = now > 0 && this.#random.chance(0.15) && new Date(now - late).toISOString();
    const promised = this.#random.chance(0.3) ? this.#promised.shift() : undefined;
    const kind = anonymous ? 'checkout' : pickOf(this.#random, KINDS_OF_CHECKOUT);
    return this.#send({
      id: promised ?? this.#id('t'),
      kind,
      ...(anonymous ? {} : { member: this.#promisedTo(promised) }),
      ...(this.#merges && this.#random.chance(0.05) && { card: this.#people.card() }),
      ...(kind === 'hold' && pickOf(this.#random, [{}, { holdFor: 'P1D' }, { holdFor: 'P5D' }])),
      ...(this.#random.chance(0.85) && { store: this.#store() }),
      ...(this.#random.chance(0.05) && { partner: pickOf(this.#random, ['fuel', 'nobody']) }),
      ...(this.#random.chance(0.02) && { currency: 'USD' }),
      ...(occurredAt && { occurredAt }),
      lines,
      delivery: this.#random.chance(0.3) ? this.#random.below(900) : 0,
      ...(this.#random.chance(kind === 'hold' ? 0.8 : 0.4) && { pay: this.#wish(now) }),
    });
  }

  /** Sums around what somebody really has find the most. */
  #wish(now: number): object {
    const type = pickOf(this.#random, TYPES);
    return { points: type, amount: Math.abs(this.#amount(type, now)) };
  }

  #amount(type: string, now: number): number {
    const members = this.#ledgers.flatMap(({ members }) => [...members.values()]);
    const document = this.#versions[0]?.document;
    const precision = (document && typeIn(document, type)?.precision) ?? 0;
    const rich = members.map((member) => member.accounts.get(type)).find((it) => it !== undefined);
    const steps =
      rich && this.#random.chance(0.5) ? spendableAt(rich, now) : this.#random.below(400);
    return (steps + (this.#random.chance(0.2) ? 1 : 0)) / 10 ** precision;
  }

  #adjust(now: number): Written {
    const refused = this.#random.chance(0.3) ? this.#refusedTopUp() : undefined;
    if (refused) return this.#send(refused);
    const type = pickOf(this.#random, TYPES);
    const { member = this.#member() } = this.#random.chance(0.7) ? this.#again() : {};
    const signed = this.#amount(type, now) * (this.#random.chance(0.5) ? 1 : -1);
    const missing = this.#random.chance(0.3) ? this.#missingForTopUp(member, type, now) : undefined;
    return this.#send({
      ...{ id: this.#id('a'), kind: 'adjust', member, type, amount: missing ?? signed },
      comment: 'goodwill',
      ...(this.#random.chance(0.4) && { author: pickOf(this.#random, ['ann', 'bob']) }),
      ...(this.#random.chance(0.4) && { approvedBy: 'bob' }),
      ...(this.#random.chance(0.1) && { promotion: 'on-visit-0' }),
      ...(this.#random.chance(0.02) && { promotion: 'p0' }),
    });
  }

  /** The operator did not pay a top-up; or it says so of another one, or of other points. */
  #refusedTopUp(): Written | undefined {
    const all = this.#ledgers.flatMap(({ topUps }) => [...topUps].slice(-12));
    if (all.length === 0) return undefined;
    const [topUp, { member, type, moves }] = pickOf(this.#random, all);
    const document = this.#versions[0]?.document;
    const precision = (document && typeIn(document, type)?.precision) ?? 0;
    const points = moves.reduce((sum, move) => sum + move.points, 0);
    const wrong = this.#random.chance(0.1) ? 1 : 0;
    return {
      ...{ id: this.#id('b'), kind: 'adjust', topUp, type, comment: 'refused' },
      member: this.#random.chance(0.95) ? member : this.#member(),
      amount: (points + wrong) / 10 ** precision,
    };
  }

  /** Points of another system: most live, some are over, few are of somebody unknown. */
  #import(now: number): Written {
    const expiry = now + (this.#random.below(60) - 5) * 86_400_000;
    const lot = {
      ...(this.#random.chance(0.5) && { issuer: pickOf(this.#random, [...PARTNERS, 'nobody']) }),
      ...(this.#random.chance(0.3) && { earnedAt: this.#written(now - 86_400_000) }),
      ...(this.#random.chance(0.8) && { expiresAt: this.#written(expiry) }),
    };
    const about = { member: this.#member(), type: pickOf(this.#random, TYPES), lot };
    const amount = this.#random.below(90) - 4;
    return this.#send({ id: this.#id('i'), kind: 'adjust', ...about, amount, comment: '' });
  }

  /** An instant, or now and then only its date. */
  #written(at: number): string {
    const text = new Date(at).toISOString();
    return this.#random.chance(0.3) ? text.slice(0, '2026-01-01'.length) : text;
  }

  #happen(now: number): Written {
    const event = pickOf(this.#random, ['visit', 'review', 'review', 'complaint', 'nothing']);
    const ahead = new Date(now + this.#random.below(2) * 6 * 60_000).toISOString();
    return this.#send({
      ...{ id: this.#id('o'), kind: 'trigger', member: this.#member(), event },
      ...(event === 'review' && this.#random.chance(0.6) && { value: this.#random.below(34) }),
      ...(this.#random.chance(0.5) && { store: this.#store() }),
      ...(this.#random.chance(0.1) && { occurredAt: ahead }),
    });
  }

  /** What exactly makes a top-up of what somebody has. */
  #missingForTopUp(member: string, type: string, now: number): number | undefined {
    const current = this.#ledgers.map(({ activations }) => activations.at(-1)?.version.document)[0];
    const { topUp, precision } = (current && typeIn(current, type)) ?? { precision: 0 };
    const account = this.#ledgers.map(({ members }) => members.get(member)?.accounts.get(type));
    const own = account.find((each) => each !== undefined);
    if (!topUp || !own) return undefined;
    const missing = topUp.at * 10 ** precision - spendableAt(own, now);
    return missing > 0 ? missing / 10 ** precision : undefined;
  }

  #transfer(now: number): Written {
    const type = pickOf(this.#random, TYPES);
    const to = this.#random.chance(0.9) ? this.#member() : 'nobody';
    const about = { member: this.#member(), to, type, amount: this.#amount(type, now) };
    return this.#send({ id: this.#id('g'), kind: 'transfer', ...about, comment: 'a gift' });
  }

  /** An earlier transaction of a kind, mostly a recent one that was accepted. */
  #earlier(kinds: readonly string[]): Written | undefined {
    const sales = this.#ledgers.flatMap((ledger) => [...ledger.sales.values()].slice(-40));
    if (sales.length > 0 && this.#random.chance(0.85)) return pickOf(this.#random, sales).written;
    return this.#sentOf(kinds);
  }

  #sentOf(kinds: readonly string[]): Written | undefined {
    const all = this.sent.slice(-SENT_REMEMBERED).filter(({ kind }) => kinds.includes(kind));
    const recent = this.#random.chance(0.5) ? all.slice(-4) : all;
    return recent.length === 0 ? undefined : pickOf(this.#random, recent);
  }

  /** Who writes about an earlier transaction: its member, or by mistake another one. */
  #owner({ member }: Written): { readonly member?: string } {
    if (this.#random.chance(0.03)) return { member: this.#member() };
    return member === undefined ? {} : { member };
  }

  #openHolds() {
    return this.#ledgers.flatMap(({ members }) =>
      [...members.values()].flatMap(({ id, holds }) =>
        holds.map((hold) => ({ id: hold.id, kind: 'hold', member: id, until: hold.until })),
      ),
    );
  }

  /** Ends a hold, at best one whose time is over at this very instant. */
  #endHold(now: number): Written {
    const open = this.#openHolds();
    const over = open.filter(({ until }) => until === now);
    const lasting = open.filter(({ until }) => until > now);
    const likely = [over, lasting, open].find((holds) => holds.length > 0) ?? open;
    const isOpen = likely.length > 0 && this.#random.chance(0.8);
    const hold = isOpen ? pickOf(this.#random, likely) : this.#sentOf(['hold']);
    if (!hold) return this.#enrol();
    const kind = this.#random.chance(0.6) ? 'capture' : 'release';
    const member = this.#owner(hold).member ?? this.#member();
    const isAwaited = this.#promised[0] !== undefined && this.#random.chance(0.4);
    const id = (isAwaited && this.#promised.shift()) || this.#id('h');
    const lines = kind === 'capture' && this.#random.chance(0.4) ? this.#partOf(hold.id) : [];
    return this.#send({ id, kind, member, hold: hold.id, ...(lines.length > 0 && { lines }) });
  }

  /** Some of what a hold keeps, now and then more than that or something else. */
  #partOf(hold: string) {
    const held = this.sent.find((each) => each.id === hold && each.kind === 'hold')?.lines ?? [];
    return held.flatMap((line, place) => {
      if (this.#random.chance(0.3)) return [];
      const quantity = pickOf(this.#random, [line.quantity ?? 1, 1, 1, '0.125', '0.5', '2.111']);
      const id = this.#random.chance(0.97) ? (line.id ?? String(place + 1)) : `z${place}`;
      return [{ id, quantity }];
    });
  }

  #deliver(): Written {
    const sale = this.#earlier(['checkout', 'checkout', 'capture', 'hold']);
    if (!sale) return this.#enrol();
    return this.#send({
      id: this.#id('d'),
      kind: 'deliver',
      ...this.#owner(sale),
      checkout: sale.id,
    });
  }

  /** A return that overtakes its checkout on the way. */
  #returnOfWhatComes(): Written {
    const checkout = this.#random.chance(0.3) ? this.#promised[0] : undefined;
    const awaited = checkout ?? this.#id('t');
    if (!checkout) this.#promised.push(awaited);
    const lines = this.#random.chance(0.5) ? { lines: [{ id: '1', quantity: 1 }] } : {};
    const member = this.#promisedTo(awaited);
    return this.#send({ id: this.#id('r'), kind: 'return', member, checkout: awaited, ...lines });
  }

  /** The member that a promised checkout will be of, mostly. */
  #promisedTo(checkout: string | undefined): string {
    if (checkout === undefined || this.#random.chance(0.05)) return this.#member();
    return `m${Number(checkout.slice(1)) % this.#members}`;
  }

  /** A hold that became a sale. */
  #captured(): Written | undefined {
    const sales = this.#ledgers.flatMap((ledger) => [...ledger.sales.values()].slice(-40));
    const captured = sales.filter(({ written }) => written.kind === 'hold');
    return captured.length > 0 ? pickOf(this.#random, captured).written : undefined;
  }

  #return(): Written {
    const captured = this.#random.chance(0.25) ? this.#captured() : undefined;
    const sale = captured ?? this.#earlier(['checkout', 'capture']);
    if (!sale) return this.#enrol();
    if (this.#random.chance(0.08)) return this.#returnOfWhatComes();
    const id = this.#id('r');
    const checkout = this.#random.chance(0.03) ? 'never-was' : sale.id;
    const base = { id, ...this.#owner(sale), checkout };
    if (this.#random.chance(0.2)) return this.#send({ ...base, kind: 'cancel' });
    if (this.#random.chance(0.3)) return this.#send({ ...base, kind: 'return' });
    const bought = sale.lines ?? this.sent.find(({ id: hold }) => hold === sale['hold'])?.lines;
    const lines = (bought ?? []).flatMap((line, place) => {
      if (this.#random.chance(0.4)) return [];
      const quantity = pickOf(this.#random, [line.quantity ?? 1, 1, 1, '0.125', '0.5', '2.111']);
      return [
        { id: this.#random.chance(0.97) ? (line.id ?? String(place + 1)) : `z${place}`, quantity },
      ];
    });
    return this.#send({ ...base, kind: 'return', ...(lines.length > 0 && { lines }) });
  }
}
