import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCalendarDate, parseInstant } from './instant.ts';

describe('an instant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-21T18:04:11+05:00', Date.UTC(2026, 10, 21, 13, 4, 11)],
    ['2026-11-21T18:04-03:30', Date.UTC(2026, 10, 21, 21, 34)],
    ['2024-02-29T23:59:59.999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2024-02-29T23:59:59.9999999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2000-02-29T00:00:00.5Z', Date.UTC(2000, 1, 29, 0, 0, 0, 500)],
    ['9999-12-31T23:59:59.999+00:00', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ])('%s is read', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    '',
    '2026',
    '2026-11-21',
    '2026-11-21T18:04:11',
    '2026-11-21 18:04:11Z',
    '2026-11-21t18:04:11z',
    '2026-11-21T18Z',
    '2026-11-21T18:4:11Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T18:60:00Z',
    '2026-11-21T18:04:60Z',
    '2026-11-21T18:04:11.Z',
    '2026-11-21T18:04:11.1234567890Z',
    '2026-11-21T18:04:11,5Z',
    '2026-11-21T18:04:11+0500',
    '2026-11-21T18:04:11+05',
    '2026-11-21T18:04:11+05:60',
    '2026-11-21T18:04:11+14:01',
    '2026-11-21T18:04:11Z ',
    ' 2026-11-21T18:04:11Z',
    '2026-11-21T18:04:11+05:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+01:00',
    '+02026-11-21T18:04:11Z',
    '２026-11-21T18:04:11Z',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('agrees with the platform on every instant it writes', () => {
    const max = Date.UTC(9999, 11, 31);
    fc.assert(
      fc.property(fc.integer({ min: 0, max }), (time) => {
        expect(parseInstant(new Date(time).toISOString())).toBe(time);
      }),
    );
  });
});

describe('a calendar date', () => {
  it.each(['1990-02-28', '2000-02-29', '1899-12-31'])('%s exists', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each(['1900-02-29', '1990-2-28', '1990-02-28T', '0000-01-01', '19900228', ''])(
    '%j does not',
    (text) => {
      expect(isCalendarDate(text)).toBe(false);
    },
  );
});
