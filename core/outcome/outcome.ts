import type { Decision } from '../arbitration/decision.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';

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
  readonly after: Points;
}

/** How much of one line a return takes back, with the frozen shares that go with it. */
export interface ReturnedShare {
  readonly line: string;
  /** In thousandths. */
  readonly quantity: number;
  readonly gross: MinorUnits;
  readonly discount: MinorUnits;
  readonly paidWithPoints: MinorUnits;
}

export interface ReversalTotals {
  readonly checkout: string;
  readonly lines: readonly ReturnedShare[];
  readonly delivery: MinorUnits;
  readonly deliveryDiscount: MinorUnits;
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
}

/** When things happened, for every record. */
export interface Times {
  readonly occurredAt: Instant;
  readonly acceptedAt: Instant;
}
