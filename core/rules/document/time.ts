import { type CalendarDuration, parseDuration } from '../../time/duration.ts';
import { parseClock } from '../../time/instant.ts';
import { type Moment, parseMoment } from '../../time/moment.ts';
import { isZone } from '../../time/zone.ts';
import { quoted } from '../diagnostic.ts';
import { type Cursor, type JsonSchema, report, type Shape } from '../shape/shape.ts';

/** A text that a parser understands. */
function parsed<T>(
  parse: (text: string) => T | undefined,
  says: { readonly what: string; readonly example: string; readonly schema?: JsonSchema },
): Shape<T> {
  return {
    decode: (value: unknown, at: Cursor) => {
      const found = typeof value === 'string' ? parse(value) : undefined;
      if (found !== undefined) return found;
      return report(at, {
        code: 'wrong-time',
        message: `${quoted(value)} is not ${says.what}`,
        hint: `write ${says.what}, such as \`${says.example}\``,
      });
    },
    schema: () => ({ type: 'string', ...says.schema }),
  };
}

/** A local date, a local date and time, or an instant with its offset. */
export const moment: Shape<Moment> = parsed(parseMoment, {
  what: 'a date or an instant that exists',
  example: '2026-01-31',
  schema: { pattern: '^\\d{4}-\\d{2}-\\d{2}' },
});

/** An ISO 8601 duration of whole numbers. */
export const duration: Shape<CalendarDuration> = parsed(parseDuration, {
  what: 'a duration',
  example: 'P14D',
  schema: { pattern: '^P' },
});

/** A time of day in minutes since midnight. */
export const minuteOfDay: Shape<number> = parsed(
  (text) => {
    const milliseconds = parseClock(text);
    return milliseconds === undefined ? undefined : Math.floor(milliseconds / 60_000);
  },
  {
    what: 'a time of day',
    example: '18:00',
    schema: { pattern: '^\\d{2}:\\d{2}$' },
  },
);

/** The days of a week as people write them, in the order of ISO 8601. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const zone: Shape<string> = parsed((text) => (isZone(text) ? text : undefined), {
  what: 'an IANA time zone',
  example: 'Asia/Almaty',
});
