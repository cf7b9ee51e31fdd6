import type { UsageDelta } from '../../arbitration/decision.ts';
import { assert, must } from '../../assert.ts';
import { ByteWriter } from '../../layout/bytes.ts';
import { readBudget, readLease, writeBudget, writeLease } from '../../layout/lease.ts';
import type { Instant } from '../../money/units.ts';
import { partitionOf } from '../../transaction/key.ts';
import {
  type Amounts,
  amountsOf,
  isNothing,
  minus,
  NOTHING,
  plus,
  shortageOf,
  standingShare,
} from './amounts.ts';
import { type Budget, newBudget } from './budget.ts';
import {
  adopt,
  giveBack,
  type Lease,
  newLease,
  remainsOf,
  type Terms,
  wantOf,
  whyNotWait,
} from './lease.ts';
import type { LetterDraft } from './letter.ts';

/** The reads that shared budgets need. */
export interface BudgetReader {
  readonly counter: (key: string) => Uint8Array | undefined;
}

/** Has a tick look at a budget again, by the key that it is kept under. */
export interface Schedule {
  readonly schedule: (key: string, at: Instant) => void;
  readonly unschedule: (key: string, at: Instant) => void;
}

/**
 * Budgets are kept this long after the end of their period: what is returned meanwhile is still
 * counted, and letters of a partition that was down for a while still find their budget.
 */
export const KEPT_AFTER_END_MILLISECONDS = 7 * 86_400_000;

/** When a budget of a period is let go; `undefined` = never. */
export function letGoAt(until: Instant | undefined): Instant | undefined {
  // A sum of an instant and a duration.
  return until === undefined ? undefined : ((until + KEPT_AFTER_END_MILLISECONDS) as Instant);
}

/** A checkout that has to wait, and for which budget. */
export interface Short {
  readonly budget: string;
}

/** A change of the table `counters`: new bytes, or nothing where the entry goes. */
export type CounterChange = readonly [key: string, value: Uint8Array | undefined];

/**
 * The shared budgets as one partition sees them: its leases on all of them, and the budgets that
 * it is the home of. Spending looks at the lease alone; letters to and from the home partitions
 * go through the logs. Leases are changed in place while a batch is applied.
 */
export class BudgetBook {
  readonly partition: number;
  readonly partitions: number;
  /** Letters that have to be recorded, and sent, right behind the transaction at hand. */
  readonly letters: LetterDraft[] = [];
  /** Budgets whose home partition wants back what is not spent, and has no answer yet. */
  readonly recalls: Set<string>;
  readonly #reader: BudgetReader;
  readonly #leases = new Map<string, Lease>();
  readonly #budgets = new Map<string, Budget>();
  readonly #touched = new Set<Lease>();
  readonly #changed = new Set<Lease | Budget>();
  /** Keys of what was let go. */
  readonly #gone = new Set<string>();
  readonly #schedule: Schedule;

  constructor(
    from: { readonly reader: BudgetReader; readonly schedule: Schedule },
    place: { readonly partition: number; readonly partitions: number },
    recalls: readonly string[],
  ) {
    this.recalls = new Set(recalls);
    this.#reader = from.reader;
    this.#schedule = from.schedule;
    this.partition = place.partition;
    this.partitions = place.partitions;
  }

  /** The partition that grants leases on a budget. */
  homeOf(budget: string): number {
    return partitionOf(budget, this.partitions);
  }

  /** The lease on a budget, if this partition ever had one. */
  find(budget: string): Lease | undefined {
    const known = this.#leases.get(budget);
    if (known) return known;
    const key = leaseKey(budget);
    const bytes = this.#gone.has(key) ? undefined : this.#reader.counter(key);
    if (!bytes) return undefined;
    const lease = readLease(bytes);
    this.#leases.set(budget, lease);
    return lease;
  }

  /** The lease on a budget as it would be under these terms; nothing is kept of a new one. */
  peek(budget: string, terms: Terms): Lease {
    const lease = this.find(budget);
    if (!lease) return newLease(budget, terms, this.partitions);
    if (this.partitions > 1 || terms.version <= lease.version) return lease;
    return { ...lease, ...terms, granted: standingShare(terms.limits, 1) };
  }

  /** The lease on a budget under these terms, to be changed. */
  open(budget: string, terms: Terms): Lease {
    const lease = this.find(budget) ?? newLease(budget, terms, this.partitions);
    this.#leases.set(budget, lease);
    this.#gone.delete(leaseKey(budget));
    this.#changed.add(lease);
    const held = lease.granted;
    const returned = adopt(lease, terms);
    // A deployment of one partition is the home of all budgets: it holds them whole.
    if (this.partitions === 1) lease.granted = standingShare(lease.limits, 1);
    else if (!isNothing(returned)) this.surrender(lease, { returned, held, recalled: false });
    return lease;
  }

  /** Says that a decision looked at a lease: at the end of the message it may want more. */
  touch(lease: Lease): void {
    if (this.partitions > 1 && this.#leases.get(lease.budget) === lease) this.#touched.add(lease);
  }

  /**
   * Whether leases cover what a decision would spend. If not, the first that is short is named,
   * and what is missing is added to what it has to ask for. They are looked at in the order of
   * their names: who waits for one keeps those before it (see `answerRecalls`).
   */
  shortage(deltas: readonly UsageDelta[], termsOf: (budget: string) => Terms): Short | undefined {
    for (const delta of inOrder(deltas)) {
      const lease = this.open(delta.key, termsOf(delta.key));
      this.endsAt(lease, delta.until);
      const short = shortageOf(amountsOf(delta), remainsOf(lease), lease.limits);
      if (isNothing(short)) continue;
      const why = whyNotWait(lease);
      assert(why === undefined, 'a decision spends more than its lease', delta.key, why, short);
      lease.short = plus(lease.short, short);
      this.touch(lease);
      return { budget: delta.key };
    }
    return undefined;
  }

  /** Books what a decision spends, or takes it back when its checkout is undone. */
  spend(delta: UsageDelta, sign: 1 | -1): void {
    const lease = this.find(delta.key);
    // A checkout that comes back after the end of its period changes no budget any more.
    if (!lease) return;
    const amounts = amountsOf(delta);
    const before = lease.used;
    lease.used = sign === 1 ? plus(before, amounts) : minus(before, amounts);
    this.#changed.add(lease);
    this.touch(lease);
    if (sign === -1 && lease.exhaustedAt !== undefined && this.partitions > 1) {
      const held = lease.granted;
      this.surrender(lease, { returned: giveBack(lease), held, recalled: false });
    }
  }

  /**
   * Answers the recalls that can be answered. A checkout that needs several budgets holds some
   * while it waits for another; were those taken from it meanwhile, and from all others like it,
   * nobody would ever have all. So a budget is kept while somebody here waits for a later one;
   * as all wait in the same order, nobody waits for each other.
   */
  answerRecalls(waits: ReadonlySet<string>): void {
    for (const budget of [...this.recalls].sort()) {
      if ([...waits].some((other) => other > budget)) continue;
      this.recalls.delete(budget);
      const lease = must(this.find(budget), 'a lease is called back that nobody has');
      const held = lease.granted;
      this.surrender(lease, { returned: giveBack(lease), held, recalled: true });
    }
  }

  /** Tells the home partition what came back. */
  surrender(
    lease: Lease,
    gone: { readonly returned: Amounts; readonly held: Amounts; readonly recalled: boolean },
  ): void {
    this.#changed.add(lease);
    const { returned: amounts, held, recalled } = gone;
    this.#write(lease, { act: 'surrender', amounts, ahead: NOTHING, held, recalled });
  }

  /** Writes the asks of leases that run low, once a message: so one ask speaks for all of it. */
  askForMore(at: Instant): void {
    for (const lease of this.#touched) {
      const want = wantOf(lease, at);
      if (!want) continue;
      lease.waiting = true;
      lease.usedAtAsk = lease.used;
      this.#changed.add(lease);
      const { need: amounts, ahead } = want;
      const held = lease.granted;
      this.#write(lease, { act: 'ask', amounts, ahead, held, recalled: false });
    }
    this.#touched.clear();
  }

  #write(
    lease: Lease,
    about: Pick<LetterDraft, 'act' | 'amounts' | 'ahead' | 'held' | 'recalled'>,
  ): void {
    const { budget, limits, version, until, used } = lease;
    const terms = { budget, limits, version, until };
    this.letters.push({ ...about, ...terms, to: this.homeOf(budget), used, exhausted: false });
  }

  /** A budget that this partition is the home of. */
  home(budget: string, terms: Terms): Budget {
    const home = this.findHome(budget) ?? newBudget(budget, terms, this.partitions);
    this.#budgets.set(budget, home);
    this.#gone.delete(budgetKey(budget));
    this.#changed.add(home);
    return home;
  }

  /** The same, if this partition has heard of it. */
  findHome(budget: string): Budget | undefined {
    const key = budgetKey(budget);
    const known = this.#budgets.get(budget);
    const bytes = known || this.#gone.has(key) ? undefined : this.#reader.counter(key);
    return known ?? (bytes && readBudget(bytes));
  }

  /** Notes the end of a budget's period: some time after it, nobody needs the budget any more. */
  endsAt(kept: Lease | Budget, until: Instant | undefined): void {
    if (kept.until === until) return;
    const key = 'granted' in kept ? leaseKey(kept.budget) : budgetKey(kept.budget);
    const [before, after] = [letGoAt(kept.until), letGoAt(until)];
    if (before !== undefined) this.#schedule.unschedule(key, before);
    if (after !== undefined) this.#schedule.schedule(key, after);
    kept.until = until;
  }

  /** Time is up for what is kept under a key. What somebody still waits for is looked at later. */
  letGo(key: string, at: Instant): void {
    const budget = key.slice(KEY_START);
    const lease = key === leaseKey(budget) ? this.find(budget) : undefined;
    const home = key === budgetKey(budget) ? this.findHome(budget) : undefined;
    const due = letGoAt((lease ?? home)?.until);
    if (due !== undefined) this.#schedule.unschedule(key, due);
    if (lease && (lease.next > lease.first || this.recalls.has(budget))) {
      // Its period counts on from now, so that the next look is as far away.
      lease.until = at;
      this.#changed.add(lease);
      this.#schedule.schedule(key, must(letGoAt(at), 'an end that is set'));
      return;
    }
    if (lease) {
      this.#leases.delete(budget);
      this.#touched.delete(lease);
    }
    if (home) this.#budgets.delete(budget);
    this.#gone.add(key);
  }

  /** Budgets of this partition that changed, for those who watch them. */
  changedBudgets(): Budget[] {
    return [...this.#budgets.values()].filter((budget) => this.#changed.has(budget));
  }

  /** Names of budgets of this partition that were let go. */
  endedBudgets(): string[] {
    const homes = [...this.#gone].filter((key) => key.startsWith(budgetKey('')));
    return homes.map((key) => key.slice(KEY_START));
  }

  /** What has to be written. */
  changes(): CounterChange[] {
    const changes: CounterChange[] = [];
    for (const lease of this.#leases.values()) {
      if (this.#changed.has(lease)) changes.push([leaseKey(lease.budget), bytesOfLease(lease)]);
    }
    for (const key of this.#gone) changes.push([key, undefined]);
    for (const budget of this.changedBudgets()) {
      changes.push([budgetKey(budget.budget), bytesOfBudget(budget)]);
    }
    return changes;
  }

  /** Marks a lease as changed by who has it in hand. */
  changed(lease: Lease): void {
    this.#changed.add(must(this.find(lease.budget), 'a lease that is not of this book'));
  }
}

function inOrder(deltas: readonly UsageDelta[]): readonly UsageDelta[] {
  const shared = deltas.filter(({ scope }) => scope === 'programme');
  return shared.length < 2 ? shared : shared.sort((a, b) => (a.key < b.key ? -1 : 1));
}

const KEY_START = 'l|'.length;
const leaseKey = (budget: string): string => `l|${budget}`;
const budgetKey = (budget: string): string => `b|${budget}`;

const scratch = new ByteWriter(1024);

function bytesOfLease(lease: Lease): Uint8Array {
  scratch.reset();
  writeLease(scratch, lease);
  return scratch.copy();
}

function bytesOfBudget(budget: Budget): Uint8Array {
  scratch.reset();
  writeBudget(scratch, budget);
  return scratch.copy();
}
