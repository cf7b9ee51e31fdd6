import { type Instant, instant } from '../money/units.ts';
import { addDays, addMonths, DAY_MS } from './date.ts';
import { instantOf, localDate } from './local.ts';
import { offsetAt } from './zone.ts';

/** A length of time by the calendar: months first (clamped to the month's end), then days. */
export interface CalendarDuration {
  readonly months: number;
  readonly days: number;
  readonly milliseconds: number;
}

/** No part of a duration may be larger: a hundred years in days. */
export const DURATION_PART_MAX = 36_525;

const DURATION =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Reads an ISO 8601 duration such as `P1M`, `P14D` or `PT5M`. Whole numbers only. */
export function parseDuration(text: string): CalendarDuration | undefined {
  const match = DURATION.exec(text);
  if (match === null || text.endsWith('T') || text === 'P') return undefined;
  const parts = match.slice(1).map((part) => Number(part ?? '0'));
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const dated = [years, months, weeks, days].some((part) => part > DURATION_PART_MAX);
  if (dated || [hours, minutes, seconds].some((part) => part > DURATION_PART_MAX * 86_400)) {
    return undefined;
  }
  return {
    months: years * 12 + months,
    days: weeks * 7 + days,
    milliseconds: hours * 3_600_000 + minutes * 60_000 + seconds * 1_000,
  };
}

/** The instant a duration later: months and days by the wall clock, the rest by the stopwatch. */
export function addDuration(at: Instant, duration: CalendarDuration, zone: string): Instant {
  if (duration.months === 0 && duration.days === 0) return instant(at + duration.milliseconds);
  const local = at + offsetAt(zone, at);
  const clock = local - Math.floor(local / DAY_MS) * DAY_MS;
  const date = addDays(addMonths(localDate(at, zone), duration.months), duration.days);
  return instant(instantOf(date, clock, { zone, as: 'start' }) + duration.milliseconds);
}

/** Exact length of a duration without months; `undefined` for one with months. */
export function fixedMilliseconds(duration: CalendarDuration): number | undefined {
  return duration.months === 0 ? duration.days * DAY_MS + duration.milliseconds : undefined;
}
