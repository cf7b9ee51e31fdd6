import type { Decision } from '../../core/arbitration/decision.ts';
import type { Explanation } from '../../core/arbitration/explain.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Instant } from '../../core/money/units.ts';
import { addEffects, addRecord, type Effects, noEffects, partsOf } from './effects.ts';
import { describeChange, type LargeChange, LargestChanges } from './largest-changes.ts';
import type { PointWorth } from './point-worth.ts';
import type { RecordedInput } from './recorded-input.ts';
import { sameRecords } from './same-records.ts';

/** Which inputs are counted; the others are played, because they spend of the same budgets. */
export interface Filter {
  /** A store, region or country. */
  readonly region: string | undefined;
  readonly partner: string | undefined;
}

/** One input on both lanes. */
export interface Pair {
  readonly input: RecordedInput;
  readonly before: readonly LedgerRecord[];
  readonly after: readonly LedgerRecord[];
  /** Of the candidate's decision, where one was made. */
  readonly explanation: Explanation | undefined;
}

/** Instants at which a budget first had nothing left for a promotion. */
export type Exhausted = Map<string, Instant>;

/** Adds up how two courses of events differ. */
export class Comparison {
  readonly before: Effects = noEffects();
  readonly change: Effects = noEffects();
  readonly exhausted = { before: new Map() as Exhausted, after: new Map() as Exhausted };
  compared = 0;
  changed = 0;
  newlyAccepted = 0;
  newlyRejected = 0;
  /** Inputs that came out otherwise when they were played again under their own versions. */
  drifted = 0;
  readonly #largest = new LargestChanges();
  readonly #filter: Filter;
  readonly #worth: PointWorth;

  constructor(filter: Filter, worth: PointWorth) {
    this.#filter = filter;
    this.#worth = worth;
  }

  add(pair: Pair): void {
    const { input, before, after } = pair;
    this.#noteExhausted(before, this.exhausted.before);
    this.#noteExhausted(after, this.exhausted.after);
    const { record } = input;
    if (!this.#counts(record)) return;
    this.compared += 1;
    if (!sameRecords([record], before.slice(0, 1))) this.drifted += 1;
    for (const each of before) addRecord(this.before, each);
    if (sameRecords(before, after)) return;
    this.changed += 1;
    const change = noEffects();
    for (const each of after) addRecord(change, each);
    const old = noEffects();
    for (const each of before) addRecord(old, each);
    addEffects(change, old, -1);
    addEffects(this.change, change);
    this.#describe(pair, change);
  }

  #counts({ store, region, country, partner }: LedgerRecord): boolean {
    const { region: place, partner: who } = this.#filter;
    const isThere = place === undefined || [store, region, country].includes(place);
    return isThere && (who === undefined || partner === who);
  }

  #noteExhausted(records: readonly LedgerRecord[], seen: Exhausted): void {
    for (const { outcome, acceptedAt } of records) {
      if (outcome.status === 'rejected') continue;
      for (const { promotion, reason } of outcome.decision?.notApplied ?? []) {
        if (reason === 'budget-exhausted' && !seen.has(promotion)) seen.set(promotion, acceptedAt);
      }
    }
  }

  #describe({ before: [before], after: [after], explanation }: Pair, change: Effects): void {
    if (!before || !after) return;
    const [was, is] = [before.outcome.status, after.outcome.status];
    if (was === 'rejected' && is === 'accepted') this.newlyAccepted += 1;
    if (was === 'accepted' && is === 'rejected') this.newlyRejected += 1;
    const worth = this.#worthOf(change);
    if (!this.#largest.admits(worth)) return;
    const { scaleOf } = this.#worth;
    this.#largest.add(describeChange({ before, after }, { worth, explanation, scaleOf }));
  }

  #worthOf(change: Effects): number {
    let worth = 0;
    for (const [name, amount] of change.money.entries()) {
      const [, figure] = partsOf(name);
      if (figure === 'discount' || figure === 'deliveryDiscount') worth += Math.abs(amount);
    }
    for (const [name, amount] of change.points.entries()) {
      const [type = '', figure] = partsOf(name);
      if (figure === 'accrued') worth += Math.abs(this.#worth.worthOf(type, amount));
    }
    return worth;
  }

  /** True when an explanation of this decision will be wanted. Asked before anything is booked. */
  wantsExplanation(before: LedgerRecord | undefined, decision: Decision): boolean {
    if (!before || !this.#counts(before)) return false;
    const { outcome } = before;
    const old = outcome.status === 'accepted' ? outcome.decision : undefined;
    const lowers = (of: Decision | undefined): number =>
      (of?.totals.discount ?? 0) + (of?.totals.deliveryDiscount ?? 0);
    const earns = (of: Decision | undefined): number =>
      (of?.accruals ?? []).reduce(
        (sum, { type, points }) => sum + this.#worth.worthOf(type, points),
        0,
      );
    const discount = Math.abs(lowers(decision) - lowers(old));
    return this.#largest.admits(discount + Math.abs(earns(decision) - earns(old)));
  }

  get largest(): readonly LargeChange[] {
    return this.#largest.all;
  }
}
