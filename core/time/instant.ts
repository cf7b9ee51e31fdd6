import { type Instant, instant } from '../money/units.ts';
import { type CalendarDate, DAY_MS, dayNumber, parseDate } from './date.ts';

const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/;
const OFFSET = /^(?:Z|z|([+-])(\d{2}):?(\d{2}))$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt ]([0-9:.,]+)(Z|z|[+-]\d{2}:?\d{2})?$/;

/** A local date and time as written, with its offset when it had one. */
export interface WrittenTime {
  readonly date: CalendarDate;
  /** Since local midnight; finer digits than milliseconds are dropped. */
  readonly milliseconds: number;
  /** Milliseconds ahead of UTC; `undefined` when none was written. */
  readonly offset: number | undefined;
}

/** Reads an ISO 8601 date and time; `undefined` when it is none or does not exist. */
export function parseDateTime(text: string): WrittenTime | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const date = parseDate(match[1] ?? '');
  const milliseconds = parseClock(match[2] ?? '');
  if (date === undefined || milliseconds === undefined) return undefined;
  if (match[3] === undefined) return { date, milliseconds, offset: undefined };

  const offset = parseOffset(match[3]);
  return offset === undefined ? undefined : { date, milliseconds, offset };
}

/** Reads an ISO 8601 instant. Without an offset it would be anybody's guess: `undefined`. */
export function parseInstant(text: string): Instant | undefined {
  const written = parseDateTime(text);
  if (written?.offset === undefined) return undefined;
  return instant(dayNumber(written.date) * DAY_MS + written.milliseconds - written.offset);
}

/** Reads `HH:MM` with optional seconds; `24:00` is the end of the day. In milliseconds. */
export function parseClock(text: string): number | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [match[1], match[2], match[3] ?? '0'].map(Number);
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (hours > 24 || minutes > 59 || seconds > 59) return undefined;

  const fraction = Number((match[4] ?? '').padEnd(3, '0').slice(0, 3));
  const total = hours * 3_600_000 + minutes * 60_000 + seconds * 1_000 + fraction;
  return total > DAY_MS ? undefined : total;
}

function parseOffset(text: string): number | undefined {
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  if (match[1] === undefined) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 18 || minutes > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Writes an instant in UTC with milliseconds, as `2026-11-21T13:04:11.000Z`. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
