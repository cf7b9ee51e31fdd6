import type { TierLadder } from '../arbitration/tree.ts';
import { type Instant, instant } from '../money/units.ts';
import { addDays, addMonths, type CalendarDate } from '../time/date.ts';
import { localDate, startOfDay } from '../time/local.ts';
import type { NormalRuleSet, TierGroup } from './normal.ts';

/** Tier groups as the ledger needs them: ladders, and the instants at which they are looked at. */
export function tierLaddersOf(rules: NormalRuleSet): readonly TierLadder[] {
  return rules.tierGroups.map((group) => ladderOf(group, rules.programme.zone));
}

function ladderOf(group: TierGroup, zone: string): TierLadder {
  const { id, model, points, upgrade, clawback, tiers, reset, period, graceDays } = group;
  const end = (date: CalendarDate): Instant =>
    startOfDay(group.extendToMonthEnd ? monthEnd(date) : date, zone);
  const resetMonths = typeof reset === 'object' ? reset.months : undefined;
  const hasPeriods = period !== undefined && (model === 'cyclic' || reset === 'at-period-end');
  return {
    id,
    model,
    points,
    upgrade: model === 'cyclic' ? upgrade : 'immediate',
    clawback,
    tiers,
    resetsAtPeriodEnd: reset === 'at-period-end',
    periodEnd: (entered, after) => {
      if (!hasPeriods) return undefined;
      if (period.align === 'calendar') return end(calendarEnd(after, period.months, zone));
      return nextOf({ entered, months: period.months, after, zone }, end);
    },
    resetAt: (entered, after) => {
      if (resetMonths === undefined) return undefined;
      const everyMonths = { entered, months: resetMonths, after, zone };
      return nextOf(everyMonths, (date) => startOfDay(date, zone));
    },
    graceEnd: (periodEnd) =>
      graceDays === 0 ? undefined : end(addDays(localDate(periodEnd, zone), graceDays)),
  };
}

/** The first day of the next month, or the day itself when a month begins with it. */
function monthEnd(date: CalendarDate): CalendarDate {
  return date.day === 1 ? date : addMonths({ ...date, day: 1 }, 1);
}

/** The first day after the calendar period of so many months that holds the instant. */
function calendarEnd(at: Instant, months: number, zone: string): CalendarDate {
  const { year, month } = localDate(at, zone);
  const next = (Math.floor((year * 12 + month - 1) / months) + 1) * months;
  return { year: Math.floor(next / 12), month: (next % 12) + 1, day: 1 };
}

/** Months since year 0, of the first month at or after which an end can lie. */
const monthsOf = ({ year, month }: CalendarDate): number => year * 12 + month - 1;

/** The first instant after `after` of those that come every so many months from an entry on. */
function nextOf(
  every: {
    readonly entered: Instant;
    readonly months: number;
    readonly after: Instant;
    readonly zone: string;
  },
  end: (date: CalendarDate) => Instant,
): Instant {
  const entry = localDate(every.entered, every.zone);
  const passed = monthsOf(localDate(every.after, every.zone)) - monthsOf(entry);
  // Two steps back: an end may be moved to the end of its month, and days differ in length.
  let count = Math.max(1, Math.floor(passed / every.months) - 1);
  for (;;) {
    const next = end(addMonths(entry, count * every.months));
    if (next > every.after) return instant(next);
    count += 1;
  }
}
