import type { Instant } from '../../money/units.ts';

/** 2106-02-07T06:28:15.999Z: the last instant whose minute ClickHouse's `DateTime` can hold. */
export const LAST_SHOWN_INSTANT = 4_294_967_295_999;

/** Instants before 1970 or after 2106 are shown at that edge; the ledger keeps what was claimed. */
export function shownInstant(at: Instant): number {
  if (at < 0) return 0;
  return at > LAST_SHOWN_INSTANT ? LAST_SHOWN_INSTANT : at;
}
