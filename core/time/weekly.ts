import type { LocalTime } from './local.ts';

/**
 * Weekly hours in local time. `to <= from` runs past midnight and belongs to the day it
 * starts on. Minutes since local midnight, 0 to 1440.
 */
export interface WeeklyHours {
  /** ISO weekdays, 1 = Monday … 7 = Sunday; ascending, never empty. */
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
}

const DAY_MINUTES = 1_440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Compiles weekly hours to one question. No hours at all means always. */
export function compileHours(hours: readonly WeeklyHours[]): (local: LocalTime) => boolean {
  const isOpen = openInWeek(hours);
  return ({ weekday, minute }) => isOpen((weekday - 1) * DAY_MINUTES + minute);
}

/** The same question for the minute of the week, 0 being Monday's midnight. */
export function openInWeek(hours: readonly WeeklyHours[]): (minute: number) => boolean {
  if (hours.length === 0) return () => true;
  const spans = hours.flatMap(spansOf);
  return (minute) => spans.some((span) => minute >= span.start && minute < span.end);
}

/** Spans of minutes of the week; Sunday night's tail comes back at Monday's start. */
export function spansOf(
  hours: WeeklyHours,
): readonly { readonly start: number; readonly end: number }[] {
  const overnight = hours.to <= hours.from ? DAY_MINUTES : 0;
  return hours.days.flatMap((day) => {
    const start = (day - 1) * DAY_MINUTES + hours.from;
    const end = (day - 1) * DAY_MINUTES + hours.to + overnight;
    if (end <= WEEK_MINUTES) return [{ start, end }];
    return [
      { start, end: WEEK_MINUTES },
      { start: 0, end: end - WEEK_MINUTES },
    ];
  });
}
