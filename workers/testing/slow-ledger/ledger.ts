import type { Decision, UsageDelta } from '../../../core/arbitration/decision.ts';
import { spendableAt } from './account.ts';
import {
  Book,
  count,
  dueOf,
  issuedBy,
  type Move,
  newSlowMember,
  type SentLot,
  type SlowCounter,
  type SlowMember,
} from './book.ts';
import { askedBy, moveByHand } from './by-hand.ts';
import { happen } from './events.ts';
import { byDue, type Decided, type Expected, type ParkedReturn, type Written } from './expected.ts';
import {
  CLOCK_AHEAD,
  contentOf,
  holdFor,
  type MadeHold,
  REFUSALS,
  type SlowRelay,
} from './kept.ts';
import type { DecideAgain } from './policies.ts';
import {
  isDeactivated,
  lateAfterOf,
  parkingOf,
  typeIn,
  type Version,
  zoneOf,
} from './programme.ts';
import { type Sale, stepOf } from './returns.ts';
import { acceptorsOf, accrue, spendsOf } from './sell.ts';
import { moveTiers, type TierMove } from './tiers.ts';

/**
 * One partition's ledger, slow and obvious: what the rules of the business say, on plain maps and
 * arrays, without batches, bytes, caches or indexes. It shares no code with the engine's ledger.
 *
 * One thing it does not model: what promotions give. It takes the arbitration's decision about a
 * checkout (discounts, accruals, redemptions, use of limits) as told, and models what the ledger
 * then does with it. The arbitration has its own two implementations to compare.
 */
export class SlowLedger {
  readonly members = new Map<string, SlowMember>();
  readonly sales = new Map<string, Sale>();
  readonly counters = new Map<string, SlowCounter>();
  /** Returns that wait for their checkouts, in the order they came. */
  parked: ParkedReturn[] = [];
  records = 0;
  /** Sum of all entries by account and point type: `member:m1 main`. */
  readonly sums = new Map<string, number>();
  /** How many there were of each movement. */
  readonly movements = new Map<string, number>();
  readonly activations: { readonly version: Version; readonly from: number }[] = [];
  readonly #holds = new Map<string, MadeHold>();
  /** Points on their way that nobody has answered for, by relay. */
  readonly relays = new Map<string, SlowRelay>();
  readonly #partition: number;
  readonly #versions: ReadonlyMap<string, Version>;
  readonly #recorded = new Map<string, Expected>();
  readonly #contents = new Map<string, string>();

  readonly #decideAgain: DecideAgain;

  constructor(versions: ReadonlyMap<string, Version>, partition: number, decideAgain: DecideAgain) {
    this.#versions = versions;
    this.#partition = partition;
    this.#decideAgain = decideAgain;
  }

  /** Folds one transaction that the log stored at `at`. */
  fold(written: Written, at: number, decided: Decided): Expected {
    if (written.kind === 'quote')
      return { ...this.#apply(written, at, decided), answer: 'answered' };
    const content = contentOf(written);
    const first = this.#contents.get(written.id) ?? content;
    const key = first === content ? written.id : `${written.id} again as ${content}`;
    const known = this.#recorded.get(key);
    if (known) return { ...known, answer: 'exists' };
    const expected =
      first === content
        ? this.#apply(written, at, decided)
        : this.#rejected(written, 'transaction-id-reused');
    this.#contents.set(written.id, first);
    this.#record(key, expected);
    const ended = this.#endParked(written, at);
    for (const each of ended) this.#record(each.id, each);
    return { ...expected, ended };
  }

  #record(key: string, expected: Expected): void {
    this.records += 1;
    this.#recorded.set(key, expected);
    for (const { movement, from, to, unit, points } of expected.moves) {
      this.movements.set(movement, (this.movements.get(movement) ?? 0) + 1);
      this.#add(`${from} ${unit}`, -points);
      this.#add(`${to} ${unit}`, points);
    }
  }

  /** A checkout takes along the returns that wait for it; a tick ends those that waited enough. */
  #endParked(written: Written, storedAt: number): Expected[] {
    if (written.kind === 'tick') {
      const now = Math.min(Date.parse(written.at ?? ''), storedAt);
      const over = this.parked.filter(({ until }) => until <= now).sort(byDue);
      this.parked = this.parked.filter((each) => !over.includes(each));
      return over.map((each) => this.#rejected(each.written, 'checkout-never-came'));
    }
    // A hold has taken the id: no checkout can come under it any more.
    if (!this.sales.has(written.id) && !this.#holds.has(written.id)) return [];
    const mine = this.parked.filter((each) => each.written.checkout === written.id);
    this.parked = this.parked.filter((each) => !mine.includes(each));
    return mine.map((each) => this.#return(each.written, storedAt));
  }

  #add(account: string, points: number): void {
    this.sums.set(account, (this.sums.get(account) ?? 0) + points);
  }

  #apply(written: Written, at: number, decided: Decided): Expected {
    switch (written.kind) {
      case 'activation':
        return this.#activate(written, at);
      case 'malformed':
        return this.#rejected(written, String(written['reason']));
      default:
        if (this.activations.length === 0) return this.#rejected(written, 'no-active-rule-set');
    }
    switch (written.kind) {
      case 'checkout':
      case 'quote':
      case 'hold':
        return this.#checkout(written, at, decided);
      case 'capture':
      case 'release':
        return this.#endHold(written, at);
      case 'deliver':
        return this.#deliver(written, at);
      case 'return':
      case 'cancel':
        return this.#return(written, at);
      case 'enrol':
        return this.#enrol(written, at);
      case 'adjust':
        return this.#adjust(written, at);
      case 'tick':
        return this.#tick(written, at);
      case 'trigger':
        return this.#happen(written, at);
      case 'transfer':
        return this.#transfer(written, at);
      case 'relay':
        return this.#relay(written, at);
      case 'relayed':
        return this.#relayed(written, at);
      default:
        throw new Error(`the slow ledger knows no ${written.kind}`);
    }
  }

  #activate(written: Written, at: number): Expected {
    const version = this.#versions.get(written.hash ?? '');
    if (!version) return this.#rejected(written, 'rule-set-refused');
    this.activations.push({ version, from: at });
    return this.#accepted(written, undefined);
  }

  #checkout(written: Written, at: number, decided: Decided): Expected {
    const occurredAt = written.occurredAt === undefined ? at : Date.parse(written.occurredAt);
    const version = this.#versionFor(occurredAt, at);
    const { document } = version;
    const place = document.places.find(({ id }) => id === written.store);
    const { currency: money } = document.program;
    if ((written.currency ?? money.code) !== money.code) {
      return this.#rejected(written, 'wrong-currency');
    }
    if (written.store !== undefined && !place) return this.#rejected(written, 'unknown-store');
    const { partner } = written;
    if (partner !== undefined && !document.partners.some(({ id }) => id === partner)) {
      return this.#rejected(written, 'unknown-partner');
    }
    if (occurredAt > at + CLOCK_AHEAD) return this.#rejected(written, 'occurred-in-the-future');
    const stored = written.member === undefined ? undefined : this.members.get(written.member);
    if (written.member !== undefined && !stored) return this.#rejected(written, 'unknown-member');
    if (!decided) throw new Error(`the arbitration was not asked about ${written.id}`);
    if ('refused' in decided) {
      if (!REFUSALS.has(decided.refused)) throw new Error(`nobody may refuse ${decided.refused}`);
      return this.#rejected(written, decided.refused);
    }
    const late = at - occurredAt > lateAfterOf(document);
    const zone = zoneOf(document, written.store);
    const member = stored && structuredClone(stored);
    const book = member && new Book({ member, document, at, zone });
    if (book) this.#post(book, written, decided);
    if (written.kind === 'quote') {
      if (book) moveTiers(book);
    } else {
      this.#keep(book);
      this.#count(member, decided.usage, 1);
    }
    if (written.kind === 'checkout') {
      const acceptors = acceptorsOf(document, written);
      const moves = book?.moves ?? [];
      const about = { written, decision: decided, version, decidedAt: occurredAt };
      const sale: Sale = { ...about, acceptors, moves, back: [] };
      this.sales.set(written.id, sale);
    }
    if (written.kind === 'hold') {
      const acceptors = acceptorsOf(document, written);
      const about = { written, decision: decided, version, decidedAt: occurredAt };
      const made = { ...about, acceptors, at };
      this.#holds.set(written.id, made);
    }
    return { ...this.#accepted(written, book), late, version: version.number };
  }

  /** K17: a late receipt is decided by the version of its time. */
  #versionFor(occurredAt: number, at: number): Version {
    const [oldest] = this.activations;
    const current = this.activations.at(-1);
    if (!oldest || !current) throw new Error('nothing is active');
    if (at - occurredAt <= lateAfterOf(current.version.document)) return current.version;
    return (this.activations.findLast(({ from }) => from <= occurredAt) ?? oldest).version;
  }

  #post(book: Book, written: Written, decision: Decision): void {
    book.settle();
    book.forgetOldUsage();
    const spends = spendsOf(book.document, written, decision);
    if (written.kind === 'hold') {
      const until = book.at + holdFor(written);
      book.hold({ id: written.id, until, usage: decision.usage }, spends);
      return;
    }
    for (const { acceptor, ...spend } of spends) {
      book.spend('redemption', { ...spend, to: `accepted:${acceptor}` });
    }
    accrue(book, written.id, decision);
    book.member.checkouts += 1;
  }

  /** A hold is captured or released, once, while its time lasts, by its member. */
  #endHold(written: Written, at: number): Expected {
    const made = this.#holds.get(String(written['hold']));
    if (!made) return this.#rejected(written, 'unknown-hold');
    if (made.written.member !== written.member) return this.#rejected(written, 'foreign-hold');
    if (made.at + holdFor(made.written) <= at) {
      return this.#rejected(written, 'hold-expired');
    }
    const { document } = this.#active();
    const stored = this.members.get(written.member ?? '');
    const member = structuredClone(stored) ?? newSlowMember('');
    const book = new Book({ member, document, at, zone: zoneOf(document, made.written.store) });
    book.settle();
    const hold = member.holds.find(({ id }) => id === made.written.id);
    if (!hold) return this.#rejected(written, 'hold-ended');
    if (written.kind === 'release') book.freeHold(hold, 'hold-release');
    else {
      book.capture(hold);
      const accruals = made.decision.accruals.filter(
        ({ type }) => typeIn(document, type) && !isDeactivated(document, type, at),
      );
      const decision = { ...made.decision, accruals };
      accrue(book, written.id, decision);
      member.checkouts += 1;
      const sold = { ...made.written, id: written.id };
      this.sales.set(written.id, {
        ...made,
        written: sold,
        decision,
        moves: book.moves,
        back: [],
      });
    }
    this.#keep(book);
    return { ...this.#accepted(written, book), version: made.version.number };
  }

  #deliver(written: Written, at: number): Expected {
    const sale = this.sales.get(written.checkout ?? '');
    if (!sale) return this.#rejected(written, 'unknown-checkout');
    const owner = sale.written.member ?? '';
    if (written.member !== undefined && written.member !== owner) {
      return this.#rejected(written, 'foreign-checkout');
    }
    const { document } = this.#active();
    const member = this.members.get(owner);
    if (!member) return this.#accepted(written, undefined);
    const book = new Book({ member, document, at, zone: zoneOf(document, sale.written.store) });
    book.settle();
    book.deliver(sale.written.id);
    this.#keep(book);
    return this.#accepted(written, book);
  }

  /** Keeps what a book says of its member; limits that holds had counted are free again. */
  #keep(book: Book | undefined): void {
    if (!book) return;
    moveTiers(book);
    this.members.set(book.member.id, book.member);
    this.#count(book.member, book.freed, -1);
  }

  #count(member: SlowMember | undefined, usage: readonly UsageDelta[], sign: 1 | -1): void {
    for (const delta of usage) {
      const counters = delta.scope === 'programme' ? this.counters : member?.usage;
      if (counters) count(counters, delta, sign);
    }
  }

  #return(written: Written, at: number): Expected {
    const { checkout = '' } = written;
    const parking = parkingOf(this.#active().document);
    if (parking > 0 && !this.#recorded.has(checkout)) {
      const until = at + parking;
      this.parked.push({ written, until });
      return { ...this.#accepted(written, undefined), parked: until };
    }
    const sale = this.sales.get(checkout);
    if (!sale) return this.#rejected(written, 'unknown-checkout');
    const owner = sale.written.member ?? '';
    if (written.member !== undefined && written.member !== owner) {
      return this.#rejected(written, 'foreign-checkout');
    }
    const step = stepOf(sale, written, this.#decideAgain);
    if ('refused' in step) return this.#rejected(written, step.refused);

    const document = this.#active().document;
    const member = this.members.get(owner);
    const zone = zoneOf(document, sale.written.store);
    const book = member && new Book({ member, document, at, zone });
    if (book) {
      book.settle();
      const refunds = (type: string) => typeIn(document, type)?.refund ?? false;
      for (const back of step.takeBack) if (refunds(back.type)) book.takeBack(back);
      for (const back of step.giveBack) if (refunds(back.unit)) book.giveBack(back);
    }
    sale.back.push(step.quantities);
    sale.stands = step.stands;
    this.#keep(book);
    if (step.isLast) this.#count(member, sale.decision.usage, -1);
    return { ...this.#accepted(written, book), returned: step.returned };
  }

  #enrol(written: Written, at: number): Expected {
    const { document } = this.#active();
    const { member: id = '', store } = written;
    if (store !== undefined && !document.places.some((place) => place.id === store)) {
      return this.#rejected(written, 'unknown-store');
    }
    if (this.members.has(id)) return this.#rejected(written, 'member-exists');
    const member = newSlowMember(id);
    this.members.set(id, member);
    const book = new Book({ member, document, at, zone: zoneOf(document, store) });
    for (const type of document.pointTypes) {
      if (isDeactivated(document, type.id, at)) continue;
      const points = Math.round(type.initialBalance * 10 ** type.precision);
      book.grant('initial-balance', { type: type.id, points, from: issuedBy(''), issuer: '' });
    }
    this.#keep(book);
    return this.#accepted(written, book);
  }

  #adjust(written: Written, at: number): Expected {
    const asked = askedBy(this.#active().document, written, { at, spends: false });
    if (typeof asked === 'string') return this.#rejected(written, asked);
    const book = this.#bookOf(written.member ?? '', at);
    if (!book) return this.#rejected(written, 'unknown-member');
    const refused = moveByHand(book, written, asked);
    if (refused !== undefined) return this.#rejected(written, refused);
    this.#keep(book);
    return this.#accepted(written, book);
  }

  #happen(written: Written, at: number): Expected {
    const { document } = this.#active();
    const { store, member = '', occurredAt } = written;
    if (store !== undefined && !document.places.some(({ id }) => id === store)) {
      return this.#rejected(written, 'unknown-store');
    }
    if (occurredAt !== undefined && Date.parse(occurredAt) > at + CLOCK_AHEAD) {
      return this.#rejected(written, 'occurred-in-the-future');
    }
    const book = this.#bookOf(member, at, zoneOf(document, store));
    if (!book) return this.#rejected(written, 'unknown-member');
    const refused = happen(book, written);
    if (refused !== undefined) return this.#rejected(written, refused);
    book.forgetOldUsage();
    this.#keep(book);
    return this.#accepted(written, book);
  }

  /** Points leave a member; a relay, named by its place in the ledger, takes them along. */
  #transfer(written: Written, at: number): Expected {
    const { member: from = '' } = written;
    const to = String(written['to']);
    if (to === from) return this.#rejected(written, 'transfer-to-self');
    const asked = askedBy(this.#active().document, written, { at, spends: true });
    if (typeof asked === 'string') return this.#rejected(written, asked);
    const book = this.#bookOf(from, at);
    if (!book) return this.#rejected(written, 'unknown-member');
    const { points } = asked;
    const { id: type } = asked.type;
    if (points > spendableAt(book.account(type), at)) {
      return this.#rejected(written, 'insufficient-points');
    }
    const taken = book.spend('transfer-out', { type, points, to: 'transit' });
    const lots = taken.map((each) => ({ ...each.lot, type, points: each.points }));
    const relay = `relay/${this.#partition}/${this.records + 1}/0`;
    this.relays.set(relay, { from, to, lots });
    this.#keep(book);
    return this.#accepted(written, book);
  }

  /** The points of a relay arrive. What it carries was compared with what was sent. */
  #relay(written: Written, at: number): Expected {
    const act = Object(written['act']);
    const book = this.#bookOf(act.member, at);
    if (!book) return this.#rejected(written, 'unknown-member');
    const { transferValidity } = book.document.program.settings;
    const lots: readonly SentLot[] = act.lots;
    const renewed = lots.map((lot) => ({ ...lot, expiresAt: book.expiry(lot.type, at) }));
    book.deposit('transfer-in', transferValidity === 'reset' ? renewed : lots);
    this.#keep(book);
    return this.#accepted(written, book);
  }

  /** A relay has its answer, once: what was refused comes back to its lots. */
  #relayed(written: Written, at: number): Expected {
    const id = String(written['relay']);
    const relay = this.relays.get(id);
    const book = relay && this.#bookOf(relay.from, at);
    if (!relay || !book) return this.#rejected(written, 'unknown-relay');
    this.relays.delete(id);
    if (written['refused'] !== undefined) book.deposit('transfer-back', relay.lots);
    this.#keep(book);
    return this.#accepted(written, book);
  }

  /** A settled book on a copy of the member: nothing is kept of what is refused afterwards. */
  #bookOf(id: string, at: number, place?: string): Book | undefined {
    const stored = this.members.get(id);
    if (!stored) return undefined;
    const { document } = this.#active();
    const zone = place ?? document.program.timezone;
    const book = new Book({ member: structuredClone(stored), document, at, zone });
    book.settle();
    return book;
  }

  /** A tick never books ahead of the log. */
  #tick(written: Written, storedAt: number): Expected {
    const { document } = this.#active();
    const at = Math.min(Date.parse(written.at ?? ''), storedAt);
    const moves: Move[] = [];
    const tiers: TierMove[] = [];
    for (const member of this.members.values()) {
      if (dueOf(member) > at) continue;
      const book = new Book({ member, document, at, zone: document.program.timezone });
      book.settle();
      this.#keep(book);
      moves.push(...book.moves);
      tiers.push(...book.tierMoves);
    }
    return { ...this.#accepted(written, undefined), moves, tiers };
  }

  #active(): Version {
    const active = this.activations.at(-1);
    if (!active) throw new Error('nothing is active');
    return active.version;
  }

  #accepted(written: Written, book: Book | undefined): Expected {
    return {
      answer: 'recorded',
      id: written.id,
      reason: '',
      late: false,
      version: this.activations.at(-1)?.version.number,
      rows: book?.rows() ?? [],
      moves: book?.moves ?? [],
      tiers: book?.tierMoves ?? [],
      returned: [],
      parked: undefined,
      ended: [],
    };
  }

  #rejected(written: Written, reason: string): Expected {
    return { ...this.#accepted(written, undefined), reason };
  }
}
