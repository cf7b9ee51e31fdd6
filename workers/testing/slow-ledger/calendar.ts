/**
 * The calendar of the slow ledger: local dates by asking the platform, midnights by trying.
 * It shares nothing with `core/time`, so that the two can be compared.
 */

/** A local calendar date as text, `2026-02-28`: dates compare as their texts do. */
export type Day = string;

export type SlowValidity =
  | {
      readonly days?: number;
      readonly weeks?: number;
      readonly months?: number;
      readonly years?: number;
      readonly roundUp?: 'month' | 'quarter' | 'half-year' | 'year';
    }
  | { readonly through: Day };

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The date that a calendar on the wall shows. */
export function dayIn(zone: string, at: number): Day {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
    clocks.set(zone, clock);
  }
  return clock.format(at);
}

const midnights = new Map<string, number>();

/** The first instant of a local day: the first one at which the wall shows it, or a later one. */
export function startOfDayIn(zone: string, day: Day): number {
  const key = `${zone} ${day}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  let before = Date.parse(day) - 20 * 3_600_000;
  let after = Date.parse(day) + 20 * 3_600_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(zone, middle) >= day) after = middle;
    else before = middle;
  }
  midnights.set(key, after);
  return after;
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** K13: the last day of the month where the month is too short. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = lastOfMonth(first.toISOString().slice(0, 10));
  const wanted = `${last.slice(0, 8)}${String(date).padStart(2, '0')}`;
  return wanted < last ? wanted : last;
}

export function lastOfMonth(day: Day): Day {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** When points stop being spendable: the midnight after their last day; `undefined` = never. */
export function expiryOf(
  validity: SlowValidity | undefined,
  from: number,
  zone: string,
): number | undefined {
  if (validity === undefined) return undefined;
  return startOfDayIn(zone, addDays(lastDayOf(validity, dayIn(zone, from)), 1));
}

function lastDayOf(validity: SlowValidity, from: Day): Day {
  if ('through' in validity) return validity.through;
  const { days = 0, weeks = 0, months = 0, years = 0, roundUp } = validity;
  const day = addDays(addMonths(from, months + 12 * years), days + 7 * weeks);
  if (roundUp === undefined) return day;
  const step = { month: 1, quarter: 3, 'half-year': 6, year: 12 }[roundUp];
  const month = Number(day.slice(5, 7));
  return lastOfMonth(addMonths(`${day.slice(0, 8)}01`, (step - (month % step)) % step));
}
