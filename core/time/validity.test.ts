import { expect, test } from 'vitest';
import { must } from '../assert.ts';
import { parseInstant } from './instant.ts';
import { expiresAt, type RoundUp, type Validity } from './validity.ts';

const span = (months: number, days: number, roundUp: RoundUp = 'none'): Validity => ({
  kind: 'span',
  months,
  days,
  roundUp,
});

function expiry(validity: Validity, earned: string, zone = 'UTC'): string | undefined {
  const at = expiresAt(validity, must(parseInstant(earned), 'an instant'), zone);
  return at === undefined ? undefined : new Date(at).toISOString();
}

test.each([
  ['31 January + 1 month: through 28 February', span(1, 0), '2026-01-31T10:00:00Z', '2026-03-01'],
  ['31 January + 1 month in a leap year', span(1, 0), '2024-01-31T10:00:00Z', '2024-03-01'],
  ['25 January + 1 month: through 25 February', span(1, 0), '2026-01-25T23:59:59Z', '2026-02-26'],
  ['no months: through the day earned', span(0, 0), '2026-01-25T00:00:00Z', '2026-01-26'],
  ['14 days', span(0, 14), '2026-01-25T12:00:00Z', '2026-02-09'],
  ['12 months', span(12, 0), '2024-02-29T12:00:00Z', '2025-03-01'],
  ['1 month, to the end of the month', span(1, 0, 'month'), '2026-07-19T12:00:00Z', '2026-09-01'],
  [
    '1 month, to the end of the quarter',
    span(1, 0, 'quarter'),
    '2026-07-19T12:00:00Z',
    '2026-10-01',
  ],
  ['1 month, to the half-year', span(1, 0, 'half-year'), '2026-05-31T12:00:00Z', '2026-07-01'],
  ['1 month, to the end of the year', span(1, 0, 'year'), '2026-07-19T12:00:00Z', '2027-01-01'],
  [
    'through a date',
    { kind: 'through', date: '2026-12-31' } as const,
    '2026-07-19T12:00:00Z',
    '2027-01-01',
  ],
])('%s', (_name, validity, earned, expected) => {
  expect(expiry(validity, earned)).toBe(`${expected}T00:00:00.000Z`);
});

test('expiry is a local midnight', () => {
  const earned = '2026-01-31T20:00:00Z'; // 1 February in Almaty
  expect(expiry(span(1, 0), earned, 'Asia/Almaty')).toBe('2026-03-01T19:00:00.000Z');
});

test('points without a validity never expire', () => {
  expect(expiresAt(undefined, must(parseInstant('2026-01-01T00:00:00Z'), ''), 'UTC')).toBe(
    undefined,
  );
});
