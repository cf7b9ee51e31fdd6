import { must } from '../assert.ts';
import type { Instant } from '../money/units.ts';
import { DAY_MS, dayNumber, parseDate } from './date.ts';
import { parseClock } from './instant.ts';
import type { Moment } from './moment.ts';
import { offsetAt } from './zone.ts';

/**
 * Something that happens again and again from a start on: every seven days, for two hours. It is
 * counted by the clock on the wall of each place, so that a happy hour at six stays at six when
 * the clocks change.
 */
export interface Recurrence {
  readonly start: Moment;
  /** Milliseconds from one beginning to the next. */
  readonly every: number;
  /** Milliseconds that each occurrence lasts; no more than `every`. */
  readonly lasts: number;
}

/** Whether an instant lies in an occurrence. Each includes its beginning and excludes its end. */
export function recursAt({ start, every, lasts }: Recurrence, at: Instant, zone: string): boolean {
  const since = at + offsetAt(zone, at) - wallClockOf(start, zone);
  return since >= 0 && since % every < lasts;
}

/** What the clock on the wall shows at a moment, in milliseconds since 1970. */
function wallClockOf(moment: Moment, zone: string): number {
  if (moment.kind === 'instant') return moment.at + offsetAt(zone, moment.at);
  const date = must(parseDate(moment.date), 'a moment has a valid date');
  return dayNumber(date) * DAY_MS + must(parseClock(moment.time), 'a moment has a valid time');
}
