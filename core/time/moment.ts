import { must } from '../assert.ts';
import type { Instant } from '../money/units.ts';
import { parseDate } from './date.ts';
import { parseClock, parseDateTime, parseInstant } from './instant.ts';
import { instantOf } from './local.ts';

/**
 * A point in time as written: an instant, or a local date and time (`HH:MM` or `HH:MM:SS`) that
 * becomes an instant in the zone of the checkout's place.
 */
export type Moment =
  | { readonly kind: 'instant'; readonly at: Instant }
  | { readonly kind: 'local'; readonly date: string; readonly time: string };

/** Reads a local date, a local date and time, or an instant with its offset. */
export function parseMoment(text: string): Moment | undefined {
  if (parseDate(text) !== undefined) return { kind: 'local', date: text, time: '00:00' };
  const at = parseInstant(text);
  if (at !== undefined) return { kind: 'instant', at };

  if (parseDateTime(text) === undefined) return undefined;
  return { kind: 'local', date: text.slice(0, 10), time: text.slice(11) };
}

/** The instant of a moment in a zone. `as` decides which of two equal clock times is meant. */
export function resolveMoment(moment: Moment, zone: string, as: 'start' | 'end'): Instant {
  if (moment.kind === 'instant') return moment.at;
  const date = must(parseDate(moment.date), 'a moment has a valid date');
  const milliseconds = must(parseClock(moment.time), 'a moment has a valid time');
  return instantOf(date, milliseconds, { zone, as });
}
