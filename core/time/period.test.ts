import { describe, expect, test } from 'vitest';
import { must } from '../assert.ts';
import { parseInstant } from './instant.ts';
import { parseMoment } from './moment.ts';
import { contains, periodByZone, resolvePeriod } from './period.ts';

const at = (text: string) => must(parseInstant(text), 'an instant');
const period = (start?: string, end?: string) => ({
  start: start === undefined ? undefined : parseMoment(start),
  end: end === undefined ? undefined : parseMoment(end),
});
const runs = (of: ReturnType<typeof period>, zone: string, when: string) =>
  contains(resolvePeriod(of, zone), at(when));

describe('a period includes its start and excludes its end', () => {
  const january = period('2026-01-01', '2026-02-01');
  test.each([
    ['2025-12-31T23:59:59.999Z', false],
    ['2026-01-01T00:00:00Z', true],
    ['2026-01-31T23:59:59.999Z', true],
    ['2026-02-01T00:00:00Z', false],
  ])('%s: %s', (when, expected) => {
    expect(runs(january, 'UTC', when)).toBe(expected);
  });

  test('so that January and February never overlap and leave no gap', () => {
    const february = period('2026-02-01', '2026-03-01');
    for (const when of ['2026-01-31T22:59:59.999Z', '2026-01-31T23:00:00Z']) {
      const both = [january, february].filter((one) => runs(one, 'Europe/Berlin', when));
      expect(both).toHaveLength(1);
    }
  });
});

describe('dates are local to the place', () => {
  test('midnight comes to Almaty before it comes to Berlin', () => {
    const started = period('2026-01-01');
    expect(runs(started, 'Asia/Almaty', '2025-12-31T20:00:00Z')).toBe(true);
    expect(runs(started, 'Europe/Berlin', '2025-12-31T20:00:00Z')).toBe(false);
  });

  test('an instant with its offset is the same everywhere', () => {
    const started = period('2026-01-01T00:00:00+05:00');
    const of = periodByZone(started);
    expect(of('Asia/Almaty')).toEqual(of('Europe/Berlin'));
  });

  test('each zone is resolved once and keeps its answer', () => {
    const of = periodByZone(period('2026-01-01'));
    expect(of('Asia/Almaty')).toBe(of('Asia/Almaty'));
    expect(of('Asia/Almaty')).not.toEqual(of('Europe/Berlin'));
  });
});

test('an end in a doubled hour is its second occurrence: the period is not cut short', () => {
  const until = period(undefined, '2026-10-25T02:30');
  expect(runs(until, 'Europe/Berlin', '2026-10-25T01:29:59Z')).toBe(true);
  expect(runs(until, 'Europe/Berlin', '2026-10-25T01:30:00Z')).toBe(false);
});

test('a period without start and end is always', () => {
  expect(runs(period(), 'UTC', '1970-01-01T00:00:00Z')).toBe(true);
});
