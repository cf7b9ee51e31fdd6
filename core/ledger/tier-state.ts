import type { Instant, Points } from '../money/units.ts';
import { earlier } from './lots.ts';

/** Past tiers kept in a member's record; the ledger has them all. */
export const TIER_HISTORY_MAX = 24;

/** A tier that a member held for a time. */
export interface TierSpan {
  readonly tier: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** A member's place in one tier group. */
export interface TierState {
  /** `''` below the lowest tier. */
  tier: string;
  /** The tier that the last period's end gave; `''` in the first period. */
  base: string;
  /** Since when the tier is held. */
  since: Instant;
  /** When the member came into the group; periods aligned to entry count from it. */
  readonly entered: Instant;
  /** Qualification points of the running period: what was earned, less what returns took back. */
  earned: Points;
  /** End of the running period; `undefined` where the group has none. */
  periodEnd: Instant | undefined;
  /** When the qualification points start again by their own interval. */
  resetAt: Instant | undefined;
  /** A lower tier that waits for the end of the grace time. */
  falling: { readonly tier: string; readonly at: Instant } | undefined;
  /** Oldest first. */
  history: TierSpan[];
}

/** The next instant at which time alone moves the tier; `undefined` = never. */
export function tierDue(state: TierState): Instant | undefined {
  return earlier(earlier(state.periodEnd, state.resetAt), state.falling?.at);
}

/** A tier as an import or a fixture brings it: held, with no points and no period yet. */
export function tierHeld(tier: string, since: Instant): TierState {
  return {
    tier,
    base: '',
    since,
    entered: since,
    earned: 0 as Points, // Zero of its unit.
    periodEnd: undefined,
    resetAt: undefined,
    falling: undefined,
    history: [],
  };
}
