import type { Decision } from '../arbitration/decision.ts';
import type { Instant } from '../money/units.ts';
import type {
  BlockChange,
  HoldState,
  PointsRow,
  ReversalTotals,
  RuleSetRef,
  TierChange,
  TopUp,
} from '../outcome/outcome.ts';
import type { Checkout, Fields } from '../transaction/transaction.ts';
import type { Refused } from './guards.ts';
import type { Transfer } from './transfer.ts';

/** Where a transaction belongs in reports; `''` where it belongs nowhere. */
export interface Whereabouts {
  readonly store: string;
  readonly region: string;
  readonly country: string;
  readonly partner: string;
  readonly channel: string;
  /** `''` for the programme's currency. */
  readonly currency: string;
}

export const NOWHERE: Whereabouts = {
  store: '',
  region: '',
  country: '',
  partner: '',
  channel: '',
  currency: '',
};

const NO_DETAILS: Fields = new Map();

/** What applying one transaction came to, before it is recorded. */
export type Verdict =
  | {
      readonly ok: true;
      readonly late: boolean;
      /** The version that decided, when it is not the active one (K17). */
      readonly ruleSet: RuleSetRef | undefined;
      readonly decision: Decision | undefined;
      readonly reversal: ReversalTotals | undefined;
      readonly points: readonly PointsRow[];
      readonly transfers: readonly Transfer[];
      readonly tiers: readonly TierChange[];
      readonly parked: Instant | undefined;
      readonly details: Fields;
      readonly hold: HoldState | undefined;
      readonly topUps: readonly TopUp[] | undefined;
      readonly blocks: readonly BlockChange[] | undefined;
      /** What a captured hold sold. */
      readonly sale: Checkout | undefined;
      readonly where: Whereabouts;
    }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly path: string;
      readonly message: string;
      readonly sendFor?: string;
      readonly where: Whereabouts;
    };

/** A checkout that cannot be decided yet: its partition's lease on a budget is short. */
export interface Waiting {
  readonly waitsFor: string;
}

export function rejected(
  reason: string,
  path: string,
  message: string,
  where: Whereabouts = NOWHERE,
): Verdict {
  return { ok: false, reason, path, message, where };
}

/** A verdict of a guard's expected "no". */
export function refusal(refused: Refused, where: Whereabouts = NOWHERE): Verdict {
  return { ...refused, where };
}

export function accepted(given: Partial<Omit<Extract<Verdict, { ok: true }>, 'ok'>> = {}): Verdict {
  return {
    ok: true,
    late: given.late ?? false,
    ruleSet: given.ruleSet,
    decision: given.decision,
    reversal: given.reversal,
    points: given.points ?? [],
    transfers: given.transfers ?? [],
    tiers: given.tiers ?? [],
    parked: given.parked,
    details: given.details ?? NO_DETAILS,
    hold: given.hold,
    topUps: given.topUps,
    blocks: given.blocks,
    sale: given.sale,
    where: given.where ?? NOWHERE,
  };
}
