import { type CalendarDate, daysInMonth, parseDate } from '../../time/date.ts';
import type { Facts } from '../facts.ts';

/** The day on which the member was born; `undefined` when nobody told. */
export function birthdayOf({ input: { member } }: Facts): CalendarDate | undefined {
  return member?.birthday === undefined ? undefined : parseDate(member.birthday);
}

/** Who is born on 29 February celebrates on the 28th when there is no 29th. */
export function birthdayIn(year: number, born: CalendarDate): CalendarDate {
  const day = Math.min(born.day, daysInMonth(year, born.month));
  return { year, month: born.month, day };
}
