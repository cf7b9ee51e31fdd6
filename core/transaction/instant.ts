import { type Instant, instant } from '../money/units.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const FIRST_YEAR = 1970;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const DAYS_TO_EPOCH = 719_468;
/** No place on earth is further from Greenwich than this. */
const MAX_OFFSET_MINUTES = 14 * 60;
const MAX_FRACTION_DIGITS = 9;

const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const PLUS = 0x2b;
const ZERO = 0x30;
const CAPITAL_T = 0x54;
const CAPITAL_Z = 0x5a;

/** An ISO 8601 instant with offset (`2026-11-21T18:04:11+05:00`), or undefined if it is none. */
export function parseInstant(text: string): Instant | undefined {
  const day = parseDay(text, 10);
  if (day === undefined || text.charCodeAt(10) !== CAPITAL_T) return undefined;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (text.charCodeAt(13) !== COLON || hour < 0 || hour > 23) return undefined;
  if (minute < 0 || minute > 59) return undefined;

  const time = parseSeconds(text);
  if (time < 0) return undefined;
  const offset = parseOffset(text, time % 32);
  if (offset === undefined) return undefined;

  const milliseconds = (time - (time % 32)) / 32;
  const minutes = hour * 60 + minute - offset;
  const value = day * MS_PER_DAY + minutes * MS_PER_MINUTE + milliseconds;
  return value < 0 ? undefined : instant(value);
}

/** True for a calendar date `YYYY-MM-DD` from 1000 on that exists. */
export function isCalendarDate(text: string): boolean {
  return text.length === 10 && daysSinceEpoch(text) !== undefined;
}

function parseDay(text: string, minLength: number): number | undefined {
  const day = text.length > minLength ? daysSinceEpoch(text) : undefined;
  return day === undefined || fourDigits(text) < FIRST_YEAR ? undefined : day;
}

function daysSinceEpoch(text: string): number | undefined {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  const year = fourDigits(text);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year < 1000 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;

  // Counting years from March puts the leap day last, so that one formula fits all months.
  const y = month > 2 ? year : year - 1;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + dayOfYear - DAYS_TO_EPOCH;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Seconds and fraction after `HH:MM`, as `milliseconds × 32 + index of the offset`; −1 if wrong.
 * Two results in one number keep this hot function free of allocation; the index is below 32.
 */
function parseSeconds(text: string): number {
  if (text.charCodeAt(16) !== COLON) return 16;
  const second = twoDigits(text, 17);
  if (second < 0 || second > 59) return -1;
  if (text.charCodeAt(19) !== DOT) return second * 1_000 * 32 + 19;

  let index = 20;
  let milliseconds = 0;
  let weight = 100;
  for (; index - 20 <= MAX_FRACTION_DIGITS; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    milliseconds += digit * weight;
    weight = Math.floor(weight / 10);
  }
  const digits = index - 20;
  if (digits === 0 || digits > MAX_FRACTION_DIGITS) return -1;
  return (second * 1_000 + milliseconds) * 32 + index;
}

/** Minutes east of Greenwich; the offset has to end the text. */
function parseOffset(text: string, index: number): number | undefined {
  const sign = text.charCodeAt(index);
  if (sign === CAPITAL_Z) return text.length === index + 1 ? 0 : undefined;
  if (sign !== PLUS && sign !== DASH) return undefined;
  if (text.length !== index + 6 || text.charCodeAt(index + 3) !== COLON) return undefined;
  const hours = twoDigits(text, index + 1);
  const minutes = twoDigits(text, index + 4);
  if (hours < 0 || minutes < 0 || minutes > 59) return undefined;
  const offset = hours * 60 + minutes;
  if (offset > MAX_OFFSET_MINUTES) return undefined;
  return sign === PLUS ? offset : -offset;
}

function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - ZERO;
  const ones = text.charCodeAt(index + 1) - ZERO;
  // NaN (past the end) fails every comparison, so it takes the refusal too.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function fourDigits(text: string): number {
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  return century < 0 || year < 0 ? -1 : century * 100 + year;
}
