import type { Instant } from '../money/units.ts';
import type { Template } from '../rules/benefit.ts';
import type { Condition, LineScope } from '../rules/condition.ts';
import type { Facts, PlaceFacts, Verdict } from '../rules/facts.ts';
import type { CalendarDuration } from '../time/duration.ts';
import type { LocalTime } from '../time/local.ts';
import type { Moment } from '../time/moment.ts';
import type { Checkout } from '../transaction/transaction.ts';

/** What a chain of line scopes leaves of a checkout. */
export interface Selection {
  /** Thousandths selected of each line, in the order of the lines; 0 = not selected. */
  readonly units: readonly number[];
  /** Lines outside of `[from, to)` are not selected; absent where nobody noted it. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Complete bundles found; 1 when no scope asks for bundles and any line is selected. */
  readonly bundles: number;
}

/**
 * The rule language as arbitration speaks it. Both engines decide by it, so that they can differ
 * in how they search and add up, and not in what a condition means.
 */
export interface Language {
  readonly holds: (condition: Condition, facts: Facts) => Verdict;
  readonly select: (scopes: readonly LineScope[], facts: Facts) => Selection;
  readonly placeOf: (checkout: Checkout) => PlaceFacts;
  readonly localTime: (at: Instant, zone: string) => LocalTime;
  readonly resolve: (moment: Moment, zone: string, as: 'start' | 'end') => Instant;
  readonly addDuration: (at: Instant, duration: CalendarDuration, zone: string) => Instant;
  readonly render: (template: Template, facts: Facts) => string;
}
