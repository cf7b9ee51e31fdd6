import { leftAfter } from '../arbitration/budget-left.ts';
import type { BudgetLeft, BudgetLimits, Usage, UsageView } from '../arbitration/decision.ts';
import { must } from '../assert.ts';
import type { MinorUnits, Points } from '../money/units.ts';
import { type Amounts, limitsOf } from './lease/amounts.ts';
import type { BudgetBook } from './lease/budget-book.ts';
import { type Lease, remainsOf, type Terms, whyNotWait } from './lease/lease.ts';
import type { Member } from './member.ts';

/**
 * The limit counters that one decision reads. Of a shared budget it is shown what may be left in
 * the whole programme, so that it comes out as it should; whether the partition's lease covers
 * that is looked at afterwards. Once a budget is known to be exhausted, or nobody answers, it is
 * shown what lies here.
 */
export class Counters implements UsageView {
  readonly #book: BudgetBook;
  readonly #member: Member | undefined;
  readonly #version: number;
  readonly #terms = new Map<string, Terms>();

  constructor(given: {
    readonly book: BudgetBook;
    readonly member: Member | undefined;
    /** Of the rule set that decides: it brings the limits. */
    readonly version: number;
  }) {
    this.#book = given.book;
    this.#member = given.member;
    this.#version = given.version;
  }

  readonly member = (key: string): Usage | undefined => this.#member?.usage.get(key);

  readonly budget = (key: string, limits: BudgetLimits): BudgetLeft => {
    const terms = this.#terms.get(key) ?? { limits: limitsOf(limits), version: this.#version };
    this.#terms.set(key, terms);
    const lease = this.#book.peek(key, terms);
    const isNewer = terms.version > lease.version;
    const why = isNewer ? undefined : whyNotWait(lease);
    if (why !== undefined) {
      if (why === 'budget-exhausted') this.#book.touch(lease);
      return leftIn(remainsOf(lease), why);
    }
    const isOlder = terms.version < lease.version;
    return leftAfter(namedLimits(isOlder ? lease.limits : terms.limits), usageOf(lease));
  };

  /** The terms under which the decision read a budget. */
  readonly termsOf = (key: string): Terms =>
    must(this.#terms.get(key), 'a decision spends of a budget that it did not read');
}

function usageOf({ used }: Lease): Usage {
  return leftIn(used, 'budget-exhausted');
}

// Amounts of a budget are in the units of the decisions that were added up.
function leftIn(amounts: Amounts, why: BudgetLeft['why']): BudgetLeft {
  const [uses, units, discount, points] = amounts;
  return { uses, units, discount: discount as MinorUnits, points: points as Points, why };
}

function namedLimits(limits: Terms['limits']): BudgetLimits {
  const [uses, units, discount, points] = limits;
  return { uses, units, discount, points };
}
