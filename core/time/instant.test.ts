import { expect, test } from 'vitest';
import { parseClock, parseInstant } from './instant.ts';
import { parseMoment } from './moment.ts';

test.each([
  ['2026-11-21T18:04:11+05:00', '2026-11-21T13:04:11.000Z'],
  ['2026-11-21T18:04:11.1239Z', '2026-11-21T18:04:11.123Z'],
  ['2026-11-21T24:00:00Z', '2026-11-22T00:00:00.000Z'],
  ['2026-11-21T18:04-0330', '2026-11-21T21:34:00.000Z'],
])('%s is an instant', (text, expected) => {
  expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(expected);
});

test.each([
  '2026-11-21T18:04:11', // no offset: nobody knows when
  '2026-02-29T00:00:00Z',
  '2026-11-21T25:00:00Z',
  '2026-11-21T24:00:01Z',
  '2026-11-21T18:60:00Z',
  '2026-11-21T18:04:11+19:00',
  '21.11.2026',
  '',
])('%j is none', (text) => {
  expect(parseInstant(text)).toBe(undefined);
});

test('a moment is a local date, a local time or an instant', () => {
  expect(parseMoment('2026-01-01')).toEqual({ kind: 'local', date: '2026-01-01', time: '00:00' });
  expect(parseMoment('2026-01-01T10:30')).toEqual({
    kind: 'local',
    date: '2026-01-01',
    time: '10:30',
  });
  expect(parseMoment('2026-01-01T10:30Z')?.kind).toBe('instant');
  expect(parseMoment('soon')).toBe(undefined);
});

test('clock times end at 24:00', () => {
  expect(parseClock('24:00')).toBe(86_400_000);
  expect(parseClock('24:01')).toBe(undefined);
  expect(parseClock('7:00')).toBe(undefined);
});
