import { type CalendarDate, dayNumber, daysInMonth, parseDate } from '../../time/date.ts';
import type { LocalTime } from '../../time/local.ts';
import { fact } from './definition.ts';

/** Whole years on the local day of the checkout. */
export const memberAge = fact({
  name: 'member.age',
  type: 'number',
  summary: 'whole years, on the local day of the checkout',
  cost: 2,
  read: (facts) => {
    const born = birthdayOf(facts.input.member?.birthday);
    return born === undefined ? undefined : ageOn(born, facts.local);
  },
});

/** The value is the distance in days, so that `within: P3D` is "at most 3 days away". */
export const memberBirthday = fact({
  name: 'member.birthday',
  type: 'birthday',
  summary: 'the yearly day; `within: P3D` holds from three days before to three days after',
  cost: 2,
  read: (facts) => {
    const born = birthdayOf(facts.input.member?.birthday);
    return born === undefined ? undefined : daysToBirthday(born, facts.local);
  },
});

function birthdayOf(text: string | undefined): CalendarDate | undefined {
  return text === undefined ? undefined : parseDate(text);
}

export function ageOn(born: CalendarDate, local: LocalTime): number {
  const birthday = birthdayIn(local.year, born);
  const had = local.month * 100 + local.day >= birthday.month * 100 + birthday.day;
  return local.year - born.year - (had ? 0 : 1);
}

/** Days to the nearest birthday, before or after. */
export function daysToBirthday(born: CalendarDate, local: LocalTime): number {
  const today = dayNumber(local);
  const away = (year: number) => Math.abs(dayNumber(birthdayIn(year, born)) - today);
  return Math.min(away(local.year - 1), away(local.year), away(local.year + 1));
}

/** Who is born on 29 February celebrates on the 28th when there is no 29th. */
function birthdayIn(year: number, born: CalendarDate): CalendarDate {
  const day = Math.min(born.day, daysInMonth(year, born.month));
  return { year, month: born.month, day };
}
