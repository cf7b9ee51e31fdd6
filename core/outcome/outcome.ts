import type { Decision } from '../arbitration/decision.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';
import type { Fields } from '../transaction/transaction.ts';

/**
 * The recorded answer to one transaction, as the ledger keeps it. `render.ts` turns it into the
 * JSON of `docs/rule-language.md`.
 */
export type Outcome = Accepted | Rejected;

export interface RuleSetRef {
  readonly version: number;
  readonly hash: string;
}

/** One row of the answer's `points`: what happened to one account of the member. */
export interface PointsRow {
  readonly type: string;
  readonly precision: number;
  readonly before: Points;
  readonly redeemed: Points;
  readonly accrued: Points;
  readonly pending: Points;
  readonly expired: Points;
  readonly adjusted: Points;
  /** Set aside by a hold; negative when they came back or were spent. */
  readonly held: Points;
  /** Turned into money on the member's phone account. */
  readonly toppedUp: Points;
  readonly after: Points;
}

/** Where a hold stands after the transaction that made, captured or released it. */
export interface HoldState {
  /** The id of the transaction that made it. */
  readonly id: string;
  readonly state: 'open' | 'captured' | 'released';
  readonly until: Instant;
}

/** Points that became a top-up of the member's phone account. */
export interface TopUp {
  readonly member: string;
  readonly type: string;
  readonly precision: number;
  readonly points: Points;
}

/** How much of one line a return takes back, with the frozen shares that go with it. */
export interface ReturnedShare {
  readonly line: string;
  /** In thousandths. */
  readonly quantity: number;
  readonly gross: MinorUnits;
  readonly discount: MinorUnits;
  readonly paidWithPoints: MinorUnits;
  /** What was bought on the line. */
  readonly goods: ReturnedGoods;
  /** The discount that goes back, by who gave it. */
  readonly awards: readonly ReturnedAward[];
}

export interface ReturnedGoods {
  readonly sku: string;
  /** The first of the line; `''` without one. */
  readonly category: string;
  readonly brand: string;
  readonly partner: string;
  readonly price: MinorUnits;
}

export interface ReturnedAward {
  readonly promotion: string;
  readonly benefit: string;
  readonly amount: MinorUnits;
}

/** What a partner had paid for a promotion and gets back. */
export interface ReturnedContribution {
  readonly promotion: string;
  readonly partner: string;
  readonly amount: MinorUnits;
}

export interface ReversalTotals {
  readonly checkout: string;
  readonly lines: readonly ReturnedShare[];
  readonly delivery: MinorUnits;
  readonly deliveryDiscount: MinorUnits;
  readonly contributions: readonly ReturnedContribution[];
}

/** A tier that this transaction moved. */
export interface TierChange {
  readonly member: string;
  readonly group: string;
  /** `''` below the lowest tier. */
  readonly before: string;
  readonly after: string;
  /** Until when the new tier is sure; `undefined` = no end. */
  readonly until: Instant | undefined;
}

export interface Accepted {
  readonly status: 'accepted';
  readonly id: string;
  readonly ruleSet: RuleSetRef;
  readonly late: boolean;
  /** Of a checkout or quote. */
  readonly decision: Decision | undefined;
  /** Of a return or cancel. */
  readonly reversal: ReversalTotals | undefined;
  readonly points: readonly PointsRow[];
  readonly tiers: readonly TierChange[];
  /** Set when the transaction waits for another one: until when. Its status is `parked`. */
  readonly parked: Instant | undefined;
  /** What else there is to say of a kind: where points went, which card, into which member. */
  readonly details: Fields;
  /** Of a hold, capture or release. */
  readonly hold?: HoldState | undefined;
  /** Top-ups to be sent to the operator, in order; their ids are made of the transaction's. */
  readonly topUps?: readonly TopUp[] | undefined;
  /** What issued points took from the blocks of prepaid partners. */
  readonly blocks?: readonly BlockChange[] | undefined;
}

/**
 * What a transaction took from the block of a prepaid partner, in thousandths of a minor unit.
 * `before` and `after` are as far as the partition knows: others spend of the same block.
 */
export interface BlockChange {
  readonly partner: string;
  readonly before: number;
  readonly deducted: number;
  readonly after: number;
}

/** The decision of a sale, which a hold is not yet: nothing of it may be counted as one. */
export function soldBy({ decision, hold }: Accepted): Decision | undefined {
  return hold?.state === 'open' ? undefined : decision;
}

export interface Rejected {
  readonly status: 'rejected';
  readonly id: string;
  readonly ruleSet: RuleSetRef | undefined;
  readonly reason: string;
  /** JSON pointer into the transaction, '' for the whole of it. */
  readonly path: string;
  /** One sentence for a person: what is wrong and what to do. */
  readonly message: string;
  /** The member to send it for instead: of a card, or of a member that was merged. */
  readonly sendFor?: string | undefined;
}

/** When things happened, for every record. */
export interface Times {
  readonly occurredAt: Instant;
  readonly acceptedAt: Instant;
}
