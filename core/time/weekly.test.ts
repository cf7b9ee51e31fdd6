import { expect, test } from 'vitest';
import { must } from '../assert.ts';
import { parseInstant } from './instant.ts';
import { localTime } from './local.ts';
import { compileHours, type WeeklyHours } from './weekly.ts';

const open = (hours: WeeklyHours[], at: string) =>
  compileHours(hours)(localTime(must(parseInstant(at), 'an instant'), 'UTC'));

// 2026-11-16 is a Monday.
const MONDAY_NIGHT: WeeklyHours = { days: [1], from: 22 * 60, to: 2 * 60 };

test.each([
  ['2026-11-16T21:59:59Z', false],
  ['2026-11-16T22:00:00Z', true],
  ['2026-11-17T01:59:59Z', true],
  ['2026-11-17T02:00:00Z', false],
  ['2026-11-16T01:00:00Z', false], // the night from Sunday is not Monday's
])('Monday 22:00 to 02:00 belongs to Monday: %s is %s', (at, expected) => {
  expect(open([MONDAY_NIGHT], at)).toBe(expected);
});

test("Sunday's night reaches into Monday", () => {
  const sunday: WeeklyHours = { days: [7], from: 22 * 60, to: 2 * 60 };
  expect(open([sunday], '2026-11-16T01:00:00Z')).toBe(true);
  expect(open([sunday], '2026-11-16T02:00:00Z')).toBe(false);
});

test('the same time twice is a whole day, and no hours at all is always', () => {
  const allDay: WeeklyHours = { days: [1], from: 360, to: 360 };
  expect(open([allDay], '2026-11-16T05:59:00Z')).toBe(false);
  expect(open([allDay], '2026-11-17T05:59:00Z')).toBe(true);
  expect(open([], '2026-11-17T05:59:00Z')).toBe(true);
});
