import type { Decision, UsageDelta } from '../../../core/arbitration/decision.ts';
import { relay, relayed, transfer } from './between-members.ts';
import { blockProblem } from './blocks.ts';
import {
  Book,
  count,
  dueOf,
  type Move,
  newSlowMember,
  type SlowCounter,
  type SlowMember,
} from './book.ts';
import {
  type Desk,
  type SlowAct,
  type SlowBelongings,
  type SlowIdentity,
  type SlowRelay,
  type Verdict,
  whyNotOpen,
} from './desk.ts';
import {
  byDue,
  type Decided,
  type Expected,
  inDueOrder,
  type ParkedReturn,
  type Written,
} from './expected.ts';
import { cardProblem, link } from './identifiers.ts';
import { CLOCK_AHEAD, contentOf, holdFor, type MadeHold, REFUSALS } from './kept.ts';
import { close, forgetOldMerges, merge, unmerge } from './merging.ts';
import { partOfHold } from './part-of-hold.ts';
import { pointsBack } from './points-back.ts';
import type { DecideAgain } from './policies.ts';
import {
  type Document,
  isDeactivated,
  lateAfterOf,
  parkingOf,
  sharesBudgets,
  typeIn,
  type Version,
  zoneOf,
} from './programme.ts';
import { type Sale, stepOf } from './returns.ts';
import { rowsOf } from './rows.ts';
import { acceptorsOf, accrue, spendsBy, spendsOf } from './sell.ts';
import { adjust, enrol, trigger } from './single-member.ts';
import { moveTiers, type TierMove } from './tiers.ts';
import { type SlowTopUp, topUpsOf } from './top-ups.ts';
import { buy } from './track-record.ts';

/** Shared budgets are kept for a week after their period. */
const BUDGETS_KEPT = 7 * 86_400_000;

/** What happens to members beside what they buy. */
const ABOUT_MEMBERS: Readonly<
  Record<string, (desk: Desk, written: Written, at: number) => Verdict>
> = { enrol, adjust, trigger, transfer, relay, relayed, link, merge, unmerge, close };

/**
 * One partition's ledger, slow and obvious: what the rules of the business say, on plain maps and
 * arrays, without batches, bytes, caches or indexes. It shares no code with the engine's ledger.
 *
 * One thing it does not model: what promotions give. It takes the arbitration's decision about a
 * checkout (discounts, accruals, redemptions, use of limits) as told, and models what the ledger
 * then does with it. The arbitration has its own two implementations to compare.
 */
export class SlowLedger implements Desk {
  readonly members = new Map<string, SlowMember>();
  readonly sales = new Map<string, Sale>();
  readonly counters = new Map<string, SlowCounter>();
  /** Returns that wait for their checkouts, in the order they came. */
  parked: ParkedReturn[] = [];
  records = 0;
  /** Checkouts that waited for a budget, and were decided. */
  waits = 0;
  /** Sum of all entries by account and point type: `member:m1 main`. */
  readonly sums = new Map<string, number>();
  /** How many there were of each movement. */
  readonly movements = new Map<string, number>();
  readonly activations: { readonly version: Version; readonly from: number }[] = [];
  readonly #holds = new Map<string, MadeHold>();
  readonly relays = new Map<string, SlowRelay>();
  readonly identities = new Map<string, SlowIdentity>();
  readonly belongings = new Map<string, SlowBelongings>();
  readonly topUps = new Map<string, SlowTopUp>();
  readonly topUpsBack = new Set<string>();
  /** Checkouts that wait for more of a budget than is here. */
  readonly waiting = new Map<string, { readonly written: Written; readonly at: number }>();
  readonly partitions: number;
  readonly documents: readonly Document[];
  /** Budgets that were let go. */
  readonly #gone = new Set<string>();
  readonly #partition: number;
  readonly #versions: ReadonlyMap<string, Version>;
  readonly #recorded = new Map<string, Expected>();
  readonly #contents = new Map<string, string>();

  readonly #decideAgain: DecideAgain;

  constructor(
    versions: ReadonlyMap<string, Version>,
    place: { readonly partition: number; readonly partitions: number },
    decideAgain: DecideAgain,
  ) {
    this.#versions = versions;
    this.#partition = place.partition;
    this.partitions = place.partitions;
    this.documents = [...versions.values()].map(({ document }) => document);
    this.#decideAgain = decideAgain;
  }

  /** Folds one transaction that the log stored at `at`. */
  fold(written: Written, at: number, decided: Decided): Expected {
    if (written.kind === 'quote')
      return { ...this.#apply(written, at, decided), answer: 'answered' };
    const content = contentOf(written);
    const first = this.#contents.get(written.id) ?? content;
    if (decided === 'waits') this.#await(written, at, content);
    if (this.waiting.has(written.id) && first === content) {
      return { ...this.#accepted(written, undefined), answer: 'waits' };
    }
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

  /** Another partition is asked for more of a budget; until then nothing has happened. */
  #await(written: Written, at: number, content: string): void {
    if (!this.documents.some(sharesBudgets)) throw new Error(`${written.id} waits for no budget`);
    const earlier = this.waiting.get(written.id);
    if (!earlier && this.#recorded.has(written.id)) throw new Error(`${written.id} waits again`);
    this.waiting.set(written.id, earlier ?? { written, at });
    this.#contents.set(written.id, this.#contents.get(written.id) ?? content);
  }

  /** The wait of a checkout is over, by a message that the log stored at `now`. */
  release(id: string, now: number, decided: Decided): Expected {
    const waiting = this.waiting.get(id);
    if (!waiting) throw new Error(`${id} does not wait`);
    this.waiting.delete(id);
    this.waits += 1;
    const expected = this.#apply(waiting.written, waiting.at, decided);
    this.#record(id, expected);
    const ended = this.#endParked(waiting.written, now);
    for (const each of ended) this.#record(each.id, each);
    return { ...expected, ended };
  }

  #record(key: string, expected: Expected): void {
    this.records += 1;
    this.#recorded.set(key, expected);
    for (const [name, topUp] of topUpsOf(key, expected.moves)) this.topUps.set(name, topUp);
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
      case 'lease':
        return { ...this.#accepted(written, undefined), version: Number(written['version']) };
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
      case 'tick':
        return this.#tick(written, at);
      default:
        return this.#aboutMembers(written, at);
    }
  }

  #aboutMembers(written: Written, at: number): Expected {
    const act = ABOUT_MEMBERS[written.kind];
    if (!act) throw new Error(`the slow ledger knows no ${written.kind}`);
    const { refused, ...kept } = act(this, written, at);
    if (refused !== undefined) return this.#rejected(written, refused);
    const { book } = kept as { book?: Book };
    this.#keep(book);
    return this.#accepted(written, book);
  }

  document(): Document {
    return this.#active().document;
  }

  send(from: SlowMember, to: string, act: SlowAct, position = 0): void {
    const id = `relay/${this.#partition}/${this.records + 1}/${position}`;
    this.relays.set(id, { from: from.id, to, act });
    from.relays += 1;
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
    const refused = (stored && whyNotOpen(stored)) ?? cardProblem(this, stored, written['card']);
    if (refused) return this.#rejected(written, refused);
    if (!decided) throw new Error(`the arbitration was not asked about ${written.id}`);
    if (decided === 'waits') throw new Error(`${written.id} has no decision`);
    const wrong = blockProblem(this, document, { written, decided });
    if (wrong) throw new Error(wrong);
    if ('refused' in decided) {
      if (!REFUSALS.has(decided.refused)) throw new Error(`nobody may refuse ${decided.refused}`);
      return this.#rejected(written, decided.refused);
    }
    const late = at - occurredAt > lateAfterOf(document);
    const zone = zoneOf(document, written.store);
    const member = stored && structuredClone(stored);
    const book = member && new Book({ member, document, at, zone });
    if (book) this.#post(book, written, decided);
    if (book && written.kind !== 'hold') this.#bought(book, occurredAt, decided);
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
  }

  #bought({ member }: Book, occurredAt: number, { totals }: Decision): void {
    member.checkouts += 1;
    const day = Math.floor(occurredAt / 86_400_000);
    buy(member.history, day, { purchases: 1, spend: totals.payable });
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
    const part = written.kind === 'capture' ? partOfHold(made, written.lines) : made;
    if (typeof part === 'string') return this.#rejected(written, part);
    if (written.kind === 'release') book.freeHold(hold, 'hold-release');
    else {
      book.capture(hold, spendsBy(part.acceptors, part.decision));
      const accruals = part.decision.accruals.filter(
        ({ type }) => typeIn(document, type) && !isDeactivated(document, type, at),
      );
      const decision = { ...part.decision, accruals };
      accrue(book, written.id, decision);
      this.#bought(book, made.decidedAt, decision);
      const sold = { ...part.written, id: written.id };
      const { moves } = book;
      this.sales.set(written.id, { ...part, written: sold, decision, moves, back: [] });
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
    const { into } = member.standing;
    if (into) this.send(member, into, { act: 'deliver', member: into, checkout: sale.written.id });
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
      const isShared = delta.scope === 'programme';
      // What comes back after the end of its period finds no budget any more.
      if (isShared && sign === -1 && !this.counters.has(delta.key)) continue;
      // Only who has waited since then still spends of it, and it is kept for that.
      if (isShared && this.#gone.has(delta.key)) continue;
      const counters = isShared ? this.counters : member?.usage;
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
      pointsBack(this, book, { sale, step });
    }
    sale.back.push(step.quantities);
    sale.stands = step.stands;
    this.#keep(book);
    const hasCounters = member?.standing.kind !== 'merged';
    if (step.isLast) this.#count(hasCounters ? member : undefined, sale.decision.usage, -1);
    return { ...this.#accepted(written, book), returned: step.returned };
  }

  /** A settled book on a copy of the member: nothing is kept of what is refused afterwards. */
  bookOf(id: string, at: number, place?: string): Book | undefined {
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
    for (const member of [...this.members.values()].sort(inDueOrder)) {
      if (dueOf(member) > at) continue;
      const book = new Book({ member, document, at, zone: document.program.timezone });
      book.settle();
      this.#keep(book);
      moves.push(...book.moves);
      tiers.push(...book.tierMoves);
    }
    forgetOldMerges(this, at);
    for (const [key, { until = Infinity }] of this.counters) {
      if (until + BUDGETS_KEPT > at) continue;
      this.counters.delete(key);
      this.#gone.add(key);
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
      rows: book ? rowsOf(book) : [],
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
