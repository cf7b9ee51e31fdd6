import type { CalendarDate } from '../../../time/date.ts';
import type { LocalTime } from '../../../time/local.ts';
import { birthdayIn, birthdayOf } from '../birthday.ts';
import { fact } from '../definition.ts';

/** Whole years on the local day of the checkout. */
export const memberAge = fact({
  name: 'member.age',
  type: 'number',
  summary: 'whole years, on the local day of the checkout',
  cost: 2,
  read: (facts) => {
    const born = birthdayOf(facts);
    return born === undefined ? undefined : ageOn(born, facts.local);
  },
});

export function ageOn(born: CalendarDate, local: LocalTime): number {
  const birthday = birthdayIn(local.year, born);
  const had = local.month * 100 + local.day >= birthday.month * 100 + birthday.day;
  return local.year - born.year - (had ? 0 : 1);
}
