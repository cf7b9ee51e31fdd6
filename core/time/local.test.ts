import { describe, expect, test } from 'vitest';
import { must } from '../assert.ts';
import { parseInstant } from './instant.ts';
import { localTime } from './local.ts';
import { parseMoment, resolveMoment } from './moment.ts';
import { isZone } from './zone.ts';

const at = (text: string) => must(parseInstant(text), `${text} is an instant`);

function resolved(text: string, zone: string, as: 'start' | 'end'): string {
  const moment = must(parseMoment(text), `${text} is a moment`);
  return new Date(resolveMoment(moment, zone, as)).toISOString();
}

describe('local dates become instants in the zone of the place', () => {
  test.each([
    ['2026-01-01', 'Asia/Almaty', '2025-12-31T19:00:00.000Z'],
    ['2026-01-01', 'Europe/Berlin', '2025-12-31T23:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-01-01T12:30:15', 'America/New_York', '2026-01-01T17:30:15.000Z'],
    ['2026-01-01T00:00:00+05:00', 'Europe/Berlin', '2025-12-31T19:00:00.000Z'],
    ['2024-03-01', 'Asia/Kolkata', '2024-02-29T18:30:00.000Z'],
    ['2024-02-29', 'Pacific/Apia', '2024-02-28T11:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(resolved(text, zone, 'start')).toBe(expected);
    expect(resolved(text, zone, 'end')).toBe(expected);
  });
});

describe('daylight saving', () => {
  test('a time that the clocks skip moves forward by the gap', () => {
    expect(resolved('2026-03-29T02:30', 'Europe/Berlin', 'start')).toBe('2026-03-29T01:30:00.000Z');
    expect(resolved('2026-03-29T02:30', 'Europe/Berlin', 'end')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('a skipped midnight is the first instant of the day', () => {
    expect(resolved('2018-11-04', 'America/Sao_Paulo', 'start')).toBe('2018-11-04T03:00:00.000Z');
  });

  test('a doubled time is the first occurrence for a start, the second for an end', () => {
    expect(resolved('2026-10-25T02:30', 'Europe/Berlin', 'start')).toBe('2026-10-25T00:30:00.000Z');
    expect(resolved('2026-10-25T02:30', 'Europe/Berlin', 'end')).toBe('2026-10-25T01:30:00.000Z');
  });
});

describe('the clock on the wall', () => {
  test('shows date, weekday and minute of the place', () => {
    expect(localTime(at('2026-11-21T20:04:11Z'), 'Asia/Almaty')).toEqual({
      date: '2026-11-22',
      year: 2026,
      month: 11,
      day: 22,
      weekday: 7,
      minute: 64,
    });
  });

  test('follows the change of the clocks within one day', () => {
    expect(localTime(at('2026-03-29T00:59:59Z'), 'Europe/Berlin').minute).toBe(119);
    expect(localTime(at('2026-03-29T01:00:00Z'), 'Europe/Berlin').minute).toBe(180);
  });

  test('works before 1970 and on quarter-hour offsets', () => {
    expect(localTime(at('1969-12-31T23:59:59.500Z'), 'Asia/Kathmandu').date).toBe('1970-01-01');
    expect(localTime(at('2026-01-01T00:00:00Z'), 'Asia/Kathmandu').minute).toBe(345);
  });
});

test('zones are IANA names', () => {
  expect(['Asia/Almaty', 'UTC', 'Europe/Berlin'].every(isZone)).toBe(true);
  expect(['Mars/Olympus', '', '+05:00', '__proto__', 'constructor'].some(isZone)).toBe(false);
});
