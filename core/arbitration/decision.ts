import type { Instant, MinorUnits, Points } from '../money/units.ts';
import type { Checkout, Fields } from '../transaction/transaction.ts';

/**
 * The door between the arbitration engine and the rest: what the engine is told about a
 * checkout, and what it decides. Both are plain data. The engine reads nothing else, so a
 * decision can be re-derived from these inputs and the rule-set version alone.
 */

/** What the engine may know about a member, as of this transaction. */
export interface MemberFacts {
  readonly id: string;
  /** Local calendar date `YYYY-MM-DD`. */
  readonly birthday: string | undefined;
  readonly segments: ReadonlySet<string> | readonly string[];
  readonly partners: ReadonlySet<string>;
  readonly fields: Fields;
  /** Tier group → tier held now. */
  readonly tiers: ReadonlyMap<string, string>;
  /** Point type → what can be spent now, in steps of the type's precision. */
  readonly points: ReadonlyMap<string, Points>;
  /** Accepted checkouts before this one. */
  readonly checkouts: number;
  /** Accepted checkouts (or money, in minor units) of the `days` before `at`. */
  readonly history: (metric: 'purchases' | 'spend', days: number, at: Instant) => number;
}

/** How much of a limit is used up, over all earlier transactions that share the counter. */
export interface Usage {
  readonly uses: number;
  /** In thousandths, like quantities. */
  readonly units: number;
  readonly discount: MinorUnits;
  readonly points: Points;
}

/** Limits of a budget that all members share; `undefined` where there is none. */
export interface BudgetLimits {
  readonly uses: number | undefined;
  /** In thousandths. */
  readonly units: number | undefined;
  readonly discount: number | undefined;
  readonly points: number | undefined;
}

/** What a decision may still spend of a budget; meaningless where there is no limit. */
export interface BudgetLeft extends Usage {
  /** Why nothing is left, where nothing is. */
  readonly why: 'budget-exhausted' | 'budget-unavailable';
}

/**
 * Reads limit counters. Keys are made by the engine: `member` counters belong to the member of
 * the checkout, budgets to everybody; the key holds the promotion and its period.
 */
export interface UsageView {
  readonly member: (key: string) => Usage | undefined;
  readonly budget: (key: string, limits: BudgetLimits) => BudgetLeft;
}

/** Of a trigger: the event that is no purchase, and what its sender chose. */
export interface EventFacts {
  /** Conditions see them as `event.<name>`, the type of the event as `event.type`. */
  readonly fields: Fields;
  /** Points within the range of a promotion, as written; `undefined` means the fewest. */
  readonly points: number | undefined;
}

export interface ArbitrationInput {
  readonly checkout: Checkout;
  /** `undefined` for an anonymous checkout. */
  readonly member: MemberFacts | undefined;
  readonly usage: UsageView;
  /** Of a trigger, whose checkout has no lines. */
  readonly event?: EventFacts | undefined;
  /** Business time: conditions, periods and schedules look at it. */
  readonly at: Instant;
  /** When limits count it: as the log stored it (K17). Where it is not told, `at`. */
  readonly countedAt?: Instant | undefined;
}

/** One benefit's effect on one line. `requested − applied` was lost to caps, floors or limits. */
export interface LineAward {
  readonly promotion: string;
  readonly benefit: string;
  readonly requested: number;
  readonly applied: number;
}

export interface LineDecision {
  readonly id: string;
  readonly gross: MinorUnits;
  readonly discount: MinorUnits;
  readonly net: MinorUnits;
  /** The part of `net` that points paid. */
  readonly paidWithPoints: MinorUnits;
  readonly awards: readonly LineAward[];
}

/** When accrued points become spendable. */
export type Credit =
  | { readonly kind: 'at-checkout' }
  | { readonly kind: 'on-delivery' }
  | { readonly kind: 'at'; readonly at: Instant };

/**
 * Points one promotion grants. `shares` has one number per line and sums to `points`; a trigger
 * has no lines and thus no shares.
 */
export interface Accrual {
  readonly promotion: string;
  readonly benefit: string;
  readonly type: string;
  readonly requested: Points;
  readonly points: Points;
  readonly credit: Credit;
  readonly shares: readonly Points[];
  /** The partner that funds and issues the points; `undefined` for the programme itself. */
  readonly issuer: string | undefined;
}

/** Points that pay for a part of the checkout. Shares sum to `points` and `amount`. */
export interface Redemption {
  /** `undefined` when the member asked for it by `pay`. */
  readonly promotion: string | undefined;
  readonly type: string;
  readonly points: Points;
  readonly amount: MinorUnits;
  /** True when the amount lowers prices (a discount in points), false when it is a payment. */
  readonly asDiscount: boolean;
  readonly pointShares: readonly Points[];
  readonly amountShares: readonly MinorUnits[];
}

/** What a partner pays for, in money. Contributions of one promotion sum to its cost. */
export interface Contribution {
  readonly promotion: string;
  readonly partner: string;
  readonly amount: MinorUnits;
}

export interface GrantedText {
  readonly promotion: string;
  readonly text: string;
}

/** A code to be drawn from a pool after the decision. */
export interface CodeGrant {
  readonly promotion: string;
  readonly pool: string;
  readonly message: string;
}

export interface NotApplied {
  readonly promotion: string;
  readonly reason: string;
}

/** What this decision consumes of a limit's counter; the ledger adds it up. */
export interface UsageDelta {
  readonly scope: 'member' | 'programme';
  readonly key: string;
  readonly uses: number;
  readonly units: number;
  readonly discount: MinorUnits;
  readonly points: Points;
  /** After this instant nothing reads the counter any more. `undefined`: kept for ever. */
  readonly until: Instant | undefined;
}

export interface Totals {
  readonly gross: MinorUnits;
  readonly discount: MinorUnits;
  readonly delivery: MinorUnits;
  readonly deliveryDiscount: MinorUnits;
  readonly paidWithPoints: MinorUnits;
  readonly payable: MinorUnits;
}

export interface Decision {
  readonly totals: Totals;
  /** In the order of the checkout's lines. */
  readonly lines: readonly LineDecision[];
  /** Awards on the delivery price. */
  readonly deliveryAwards: readonly LineAward[];
  readonly accruals: readonly Accrual[];
  readonly redemptions: readonly Redemption[];
  readonly contributions: readonly Contribution[];
  readonly texts: readonly GrantedText[];
  readonly codes: readonly CodeGrant[];
  /** Every promotion that was a candidate and did nothing, with its reason. */
  readonly notApplied: readonly NotApplied[];
  readonly usage: readonly UsageDelta[];
}

/** An expected "no" of the engine: the checkout itself cannot be decided under this rule set. */
export interface Refusal {
  readonly reason: string;
  /** JSON pointer into the transaction. */
  readonly path: string;
}

export type DecisionResult =
  | { readonly ok: true; readonly decision: Decision }
  | { readonly ok: false; readonly refusal: Refusal };
