import { type Instant, instant } from '../../money/units.ts';
import { localTime, minuteOfWeek } from '../../time/local.ts';
import { resolvePeriod } from '../../time/period.ts';
import { recursAt } from '../../time/recurrence.ts';
import { compileHours, openInWeek, spansOf, WEEK_MINUTES } from '../../time/weekly.ts';
import { offsetAt } from '../../time/zone.ts';
import type { PromotionBody } from '../normal.ts';

/** When several promotions run at once. */

/** Some instant, where the rules leave it open. */
const SOME_DAY = Date.UTC(2026, 5, 15, 12);
const DAY = 86_400_000;
const MINUTE = 60_000;
/** Occurrences of a recurring promotion that are looked at. */
const OCCURRENCES_MAX = 60;
/** Instants offered to whoever looks for one. */
const MOMENTS_MAX = 2;

export type Times = Pick<PromotionBody, 'period' | 'hours' | 'repeat'>;

export interface Moments {
  /** True when it is proved that they never run at once. */
  readonly never: boolean;
  readonly found: readonly Instant[];
}

/** Instants, not before `from`, at which all of them run in a zone. */
export function momentsOf(bodies: readonly Times[], zone: string, from = -Infinity): Moments {
  const periods = bodies.map(({ period }) => resolvePeriod(period, zone));
  const start = Math.max(from, ...periods.map((one) => one.start));
  const end = Math.min(...periods.map((one) => one.end));
  if (start >= end || !shareHours(bodies)) return { never: true, found: [] };
  const base = baseIn(start, end);
  const open = bodies.map(({ hours }) => compileHours(hours));
  const runs = (at: number) =>
    at >= start &&
    at < end &&
    open.every((isOpen) => isOpen(localTime(instant(at), zone))) &&
    bodies.every(({ repeat }) => repeat === undefined || recursAt(repeat, instant(at), zone));
  const found: Instant[] = [];
  for (const at of candidates(bodies, base, zone)) {
    if (found.length < MOMENTS_MAX && runs(at)) found.push(instant(at));
  }
  return { never: false, found };
}

function baseIn(start: number, end: number): number {
  if (start <= SOME_DAY && SOME_DAY < end) return SOME_DAY;
  return Number.isFinite(start) ? start : end - 8 * DAY;
}

/** Weekly hours change their mind only where one of them begins. */
function shareHours(bodies: readonly Times[]): boolean {
  const limited = bodies.filter(({ hours }) => hours.length > 0);
  const open = limited.map(({ hours }) => openInWeek(hours));
  if (open.length < 2) return true;
  return startsOf(limited).some((minute) => open.every((isOpen) => isOpen(minute)));
}

function startsOf(bodies: readonly Times[]): readonly number[] {
  const spans = bodies.flatMap(({ hours }) => hours.flatMap(spansOf));
  return [...new Set(spans.map(({ start }) => start))];
}

function* candidates(bodies: readonly Times[], base: number, zone: string): Generator<number> {
  yield base;
  const minute = Math.floor(base / MINUTE) * MINUTE;
  const week = minuteOfWeek(minute + offsetAt(zone, minute));
  const waits = startsOf(bodies).map((start) => (start - week + WEEK_MINUTES) % WEEK_MINUTES);
  for (const wait of waits) yield minute + wait * MINUTE;
  for (const { repeat } of bodies) {
    if (repeat === undefined) continue;
    const first = resolvePeriod({ start: repeat.start, end: undefined }, zone).start;
    const skipped = Math.max(0, Math.ceil((base - first) / repeat.every));
    for (let turn = 0; turn < OCCURRENCES_MAX; turn += 1) {
      const at = first + (skipped + turn) * repeat.every;
      yield at;
      for (const wait of waits) yield at + ((wait * MINUTE) % repeat.every);
    }
  }
}
