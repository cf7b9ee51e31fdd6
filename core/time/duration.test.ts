import { expect, test } from 'vitest';
import { must } from '../assert.ts';
import { addDuration, fixedMilliseconds, parseDuration } from './duration.ts';
import { parseInstant } from './instant.ts';

test.each([
  ['PT5M', { months: 0, days: 0, milliseconds: 300_000 }],
  ['P14D', { months: 0, days: 14, milliseconds: 0 }],
  ['P2W', { months: 0, days: 14, milliseconds: 0 }],
  ['P1Y2M3DT4H5M6S', { months: 14, days: 3, milliseconds: 14_706_000 }],
  ['P0D', { months: 0, days: 0, milliseconds: 0 }],
])('%s is a duration', (text, expected) => {
  expect(parseDuration(text)).toEqual(expected);
});

test.each(['', 'P', 'PT', 'P1DT', '5M', 'P-1D', 'P1.5D', 'p1d', 'P1D ', `P${'9'.repeat(30)}D`])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBe(undefined);
  },
);

test.each([
  ['P1M', '2026-01-31T12:00:00Z', '2026-02-28T12:00:00.000Z'],
  ['P1D', '2026-03-28T12:00:00Z', '2026-03-29T11:00:00.000Z'], // the clocks go forward
  ['PT24H', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00.000Z'],
])('%s after %s in Berlin is %s', (duration, from, expected) => {
  const start = must(parseInstant(from), 'an instant');
  const parsed = must(parseDuration(duration), 'a duration');
  expect(new Date(addDuration(start, parsed, 'Europe/Berlin')).toISOString()).toBe(expected);
});

test('only a duration without months has a fixed length', () => {
  expect(fixedMilliseconds(must(parseDuration('P1DT1H'), ''))).toBe(90_000_000);
  expect(fixedMilliseconds(must(parseDuration('P1M'), ''))).toBe(undefined);
});
