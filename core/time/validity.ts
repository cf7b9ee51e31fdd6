import { must } from '../assert.ts';
import type { Instant } from '../money/units.ts';
import { addDays, addMonths, type CalendarDate, daysInMonth, parseDate } from './date.ts';
import { localDate, startOfDay } from './local.ts';

/** How long points live. Expiry is the local midnight after the last day they can be spent. */
export type Validity =
  | {
      readonly kind: 'span';
      readonly months: number;
      readonly days: number;
      readonly roundUp: RoundUp;
    }
  | { readonly kind: 'through'; readonly date: string };

export type RoundUp = 'none' | 'month' | 'quarter' | 'half-year' | 'year';

const MONTHS_OF = { month: 1, quarter: 3, 'half-year': 6, year: 12 } as const;

/** When points earned at `earnedAt` stop being spendable; `undefined` = never. */
export function expiresAt(
  validity: Validity | undefined,
  earnedAt: Instant,
  zone: string,
): Instant | undefined {
  if (validity === undefined) return undefined;
  return startOfDay(addDays(lastDay(validity, earnedAt, zone), 1), zone);
}

function lastDay(validity: Validity, earnedAt: Instant, zone: string): CalendarDate {
  if (validity.kind === 'through') {
    return must(parseDate(validity.date), 'a validity has a valid date');
  }
  const date = addDays(addMonths(localDate(earnedAt, zone), validity.months), validity.days);
  return roundUpTo(date, validity.roundUp);
}

/** The last day of the calendar month, quarter, half-year or year that holds the date. */
export function roundUpTo(date: CalendarDate, roundUp: RoundUp): CalendarDate {
  if (roundUp === 'none') return date;
  const length = MONTHS_OF[roundUp];
  const month = Math.ceil(date.month / length) * length;
  return { year: date.year, month, day: daysInMonth(date.year, month) };
}
