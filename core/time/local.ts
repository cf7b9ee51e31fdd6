import { type Instant, instant } from '../money/units.ts';
import { type CalendarDate, DAY_MS, dateOfDay, dayNumber, formatDate, weekdayOf } from './date.ts';
import { offsetAt } from './zone.ts';

/** An instant on the wall of a place. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** ISO weekday, 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
  /** Minutes since local midnight, by the wall clock. */
  readonly minute: number;
}

/** What calendar and clock on the wall show at an instant. */
export function localTime(at: Instant, zone: string): LocalTime {
  const local = at + offsetAt(zone, at);
  const dayNumberSinceEpoch = Math.floor(local / DAY_MS);
  const date = dateOfDay(dayNumberSinceEpoch);
  return {
    date: formatDate(date),
    ...date,
    weekday: weekdayOf(dayNumberSinceEpoch),
    minute: Math.floor((local - dayNumberSinceEpoch * DAY_MS) / 60_000),
  };
}

/** Minutes since Monday's midnight, given milliseconds since 1970 by the wall clock. */
export function minuteOfWeek(local: number): number {
  const day = Math.floor(local / DAY_MS);
  return (weekdayOf(day) - 1) * 1_440 + Math.floor((local - day * DAY_MS) / 60_000);
}

/** The local calendar date at an instant. */
export function localDate(at: Instant, zone: string): CalendarDate {
  return dateOfDay(Math.floor((at + offsetAt(zone, at)) / DAY_MS));
}

/**
 * The instant at which a wall clock shows `date` and `milliseconds` after midnight. A time that
 * the clocks skip moves forward by the length of the gap. A time that they show twice is the
 * first occurrence for a start and the second for an end, so that a period is never cut short.
 */
export function instantOf(
  date: CalendarDate,
  milliseconds: number,
  where: { readonly zone: string; readonly as: 'start' | 'end' },
): Instant {
  const wall = dayNumber(date) * DAY_MS + milliseconds;
  const before = offsetAt(where.zone, wall - DAY_MS);
  const after = offsetAt(where.zone, wall + DAY_MS);
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  const showsWall = (at: number) => at + offsetAt(where.zone, at) === wall;

  const order = where.as === 'start' ? [early, late] : [late, early];
  const found = order.find(showsWall);
  // In a gap neither shows it: the offset from before the change leads past the gap.
  return instant(found ?? wall - before);
}

/** The first instant of a local day. */
export function startOfDay(date: CalendarDate, zone: string): Instant {
  return instantOf(date, 0, { zone, as: 'start' });
}
