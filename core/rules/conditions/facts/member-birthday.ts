import { type CalendarDate, dayNumber } from '../../../time/date.ts';
import type { LocalTime } from '../../../time/local.ts';
import { birthdayIn, birthdayOf } from '../birthday.ts';
import { fact } from '../definition.ts';

/** The value is the distance in days, so that `within: P3D` is "at most 3 days away". */
export const memberBirthday = fact({
  name: 'member.birthday',
  type: 'birthday',
  summary: 'the yearly day; `within: P3D` holds from three days before to three days after',
  cost: 2,
  read: (facts) => {
    const born = birthdayOf(facts);
    return born === undefined ? undefined : daysToBirthday(born, facts.local);
  },
});

/** Days to the nearest birthday, before or after. */
export function daysToBirthday(born: CalendarDate, local: LocalTime): number {
  const today = dayNumber(local);
  const away = (year: number) => Math.abs(dayNumber(birthdayIn(year, born)) - today);
  return Math.min(away(local.year - 1), away(local.year), away(local.year + 1));
}
