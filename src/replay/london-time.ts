import { parseDate } from '../../core/time/date.ts';
import { instantOf } from '../../core/time/local.ts';
import { offsetAt } from '../../core/time/zone.ts';

const ZONE = 'Europe/London';
const MS_PER_MINUTE = 60_000;

const WRITTEN = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/;
/** The workbook's own way, month first, as many copies of the data set have it. */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;

/**
 * A local time of the shop as ISO 8601 with the offset London had then. A time that the clocks
 * skip in March moves forward; one they show twice in October is the first of the two.
 */
export function readLondonTime(text: string): string | undefined {
  // The rows of an invoice share their time: nineteen of twenty are the same text as the last.
  if (text !== last.text) last = { text, iso: readAnew(text) };
  return last.iso;
}

let last: { readonly text: string; readonly iso: string | undefined } = {
  text: '',
  iso: undefined,
};

function readAnew(text: string): string | undefined {
  const parts = written(text) ?? american(text);
  if (parts === undefined) return undefined;
  const date = parseDate(parts.date);
  const { hours, minutes, seconds } = parts;
  if (date === undefined || hours > 23 || minutes > 59 || seconds > 59) return undefined;

  const sinceMidnight = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return isoWithOffset(instantOf(date, sinceMidnight, { zone: ZONE, as: 'start' }));
}

interface Parts {
  readonly date: string;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

function written(text: string): Parts | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const [, date = '', hours, minutes, seconds = '0'] = match;
  return { date, hours: Number(hours), minutes: Number(minutes), seconds: Number(seconds) };
}

function american(text: string): Parts | undefined {
  const match = AMERICAN.exec(text);
  if (match === null) return undefined;
  const [, month = '', day = '', year, hours, minutes] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return { date, hours: Number(hours), minutes: Number(minutes), seconds: 0 };
}

function isoWithOffset(at: number): string {
  const offset = offsetAt(ZONE, at) / MS_PER_MINUTE;
  const wall = new Date(at + offset * MS_PER_MINUTE).toISOString().slice(0, 19);
  const hours = String(Math.floor(offset / 60)).padStart(2, '0');
  return `${wall}+${hours}:${String(offset % 60).padStart(2, '0')}`;
}
