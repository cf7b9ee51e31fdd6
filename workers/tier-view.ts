import type { TierState } from '../core/ledger/tier-state.ts';
import { formatInstant } from '../core/time/instant.ts';

/** A member's place in one tier group, as the outside sees it. */
export function tierView(group: string, state: TierState, scale: number) {
  const { tier, since, entered, earned, periodEnd, falling, history } = state;
  return {
    group,
    tier: tier || null,
    since: formatInstant(since),
    entered: formatInstant(entered),
    earned: earned / scale,
    periodEnd: periodEnd === undefined ? null : formatInstant(periodEnd),
    falling: falling ? { tier: falling.tier || null, at: formatInstant(falling.at) } : null,
    history: history.map((span) => ({
      tier: span.tier || null,
      from: formatInstant(span.from),
      until: formatInstant(span.until),
    })),
  };
}
