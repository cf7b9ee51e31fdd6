import type { Instant } from '../money/units.ts';
import type { LimitPeriod, NormalPromotion, NormalRuleSet } from '../rules/normal.ts';
import type { LocalTime } from '../time/local.ts';
import type { Language } from './language.ts';

/** One window of a limit that starts again every so often: this day, this week, this year. */
export interface LimitWindow {
  /** Part of the counter's key; `''` for a limit that never starts again. */
  readonly name: string;
  /** The first instant of the next window; `undefined` when there is none. */
  readonly until: Instant | undefined;
}

/** The counters of limits, as one checkout sees them. */
export interface Counters {
  /** The window of a limit's period that the checkout falls into. */
  readonly windowOf: (per: LimitPeriod) => LimitWindow;
  /** The key of a promotion's counter. Windows make one of each day, week, month or year. */
  readonly keyOf: (promotion: NormalPromotion, per: LimitPeriod) => string;
}

/** The key of a promotion's counter in a window. */
export function counterKey({ id }: NormalPromotion, { name }: LimitWindow): string {
  return name === '' ? id : `${id}|${name}`;
}

type Midnight = (date: string) => Instant;

/** The window of an instant. */
export function limitWindowAt(
  per: LimitPeriod,
  { at, rules }: { readonly at: Instant; readonly rules: Calendar },
  { localTime, resolve }: Language,
): LimitWindow {
  const { zone } = rules.programme;
  const midnight: Midnight = (date) =>
    resolve({ kind: 'local', date, time: '00:00' }, zone, 'start');
  const { weekStart } = rules.settings;
  return limitWindow(per, localTime(at, zone), { midnight, weekStart });
}

/** What of the rules says where windows begin: those of the programme's own zone. */
type Calendar = Pick<NormalRuleSet, 'programme' | 'settings'>;

interface Weeks {
  readonly midnight: Midnight;
  /** ISO weekday on which they start; Monday where it is not given. */
  readonly weekStart?: number | undefined;
}

/** The window that a local time falls into. */
export function limitWindow(
  per: LimitPeriod,
  now: LocalTime,
  { midnight, weekStart = 1 }: Weeks,
): LimitWindow {
  switch (per) {
    case 'ever':
      return { name: '', until: undefined };
    case 'day':
      return { name: `d${now.date}`, until: midnight(dateOf(now.year, now.month, now.day + 1)) };
    case 'week': {
      const first = now.day - ((now.weekday - weekStart + 7) % 7);
      const name = `w${dateOf(now.year, now.month, first)}`;
      return { name, until: midnight(dateOf(now.year, now.month, first + 7)) };
    }
    case 'month': {
      const name = `m${now.date.slice(0, 7)}`;
      return { name, until: midnight(dateOf(now.year, now.month + 1, 1)) };
    }
    case 'year':
      return { name: `y${now.year}`, until: midnight(dateOf(now.year + 1, 1, 1)) };
  }
}

/** A calendar date; days and months beyond their end run on into the next. */
function dateOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
