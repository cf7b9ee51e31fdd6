import { describe, expect, test } from 'vitest';
import { instant } from '../money/units.ts';
import { parseMoment } from './moment.ts';
import { recursAt } from './recurrence.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

function recurs(start: string, at: string, zone = 'Europe/Berlin'): boolean {
  const moment = parseMoment(start);
  if (moment === undefined) throw new Error(start);
  return recursAt({ start: moment, every: WEEK, lasts: 2 * HOUR }, instant(Date.parse(at)), zone);
}

describe('every seven days for two hours', () => {
  test.each([
    ['before the first one', '2026-03-06T16:59:59Z', false],
    ['from its beginning', '2026-03-06T17:00:00Z', true],
    ['up to its end', '2026-03-06T18:59:59Z', true],
    ['not at its end', '2026-03-06T19:00:00Z', false],
    ['a week later', '2026-03-13T18:00:00Z', true],
    ['a day later not', '2026-03-07T18:00:00Z', false],
  ])('%s', (_, at, expected) => {
    expect(recurs('2026-03-06T18:00', at)).toBe(expected);
  });

  test('six o’clock stays six o’clock when summer time begins', () => {
    // Berlin moves to UTC+2 on 29 March 2026.
    expect(recurs('2026-03-06T18:00', '2026-04-03T16:00:00Z')).toBe(true);
    expect(recurs('2026-03-06T18:00', '2026-04-03T18:00:00Z')).toBe(false);
  });

  test('each place looks at its own clock', () => {
    expect(recurs('2026-03-06T18:00', '2026-03-06T13:30:00Z', 'Asia/Almaty')).toBe(true);
    expect(recurs('2026-03-06T18:00', '2026-03-06T17:30:00Z', 'Asia/Almaty')).toBe(false);
  });

  test('a start given as an instant is counted from its local time', () => {
    expect(recurs('2026-03-06T18:00:00+01:00', '2026-04-03T16:30:00Z')).toBe(true);
  });
});
