import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('nobody gets more than the burst and what came in since', () => {
  const gaps = fc.array(fc.nat(2_000), { maxLength: 200 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 20 }),
      gaps,
      (perSecond, burst, waits) => {
        const limit = new RateLimit({ perSecond, burst });
        let now = 1_000_000;
        let taken = 0;
        for (const wait of waits) {
          now += wait;
          if (limit.take('k', now) === 0) taken += 1;
        }
        const most = burst + ((now - 1_000_000) / 1_000) * perSecond;
        expect(taken).toBeLessThanOrEqual(most + 1e-6);
      },
    ),
  );
});

test('after the time that was told, there is one', () => {
  const limit = new RateLimit({ perSecond: 3, burst: 2 });
  expect([limit.take('k', 0), limit.take('k', 0)]).toEqual([0, 0]);
  const wait = limit.take('k', 0);
  expect(wait).toBeGreaterThan(0);
  expect(limit.take('k', Math.ceil(wait))).toBe(0);
});

test('a million callers need no more memory than the limit', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 }, 1_000);
  for (let key = 0; key < 50_000; key += 1) limit.take(`k-${key}`, 0);
  expect(limit.keys).toBeLessThanOrEqual(1_000);
});

test('one caller does not use up what is another’s', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  expect(limit.take('loud', 0)).toBe(0);
  expect(limit.take('loud', 0)).toBeGreaterThan(0);
  expect(limit.take('quiet', 0)).toBe(0);
});
