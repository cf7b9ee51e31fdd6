import { expect, test } from 'vitest';
import { hourWeights, timeline } from './timeline.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 10, 20, 19);

test('a day has as many checkouts as asked for, and most of them after work', () => {
  const byHour = new Array<number>(24).fill(0);
  let count = 0;
  for (const at of timeline({ seed: 3, from: MIDNIGHT, perDay: 20_000 })) {
    if (at >= MIDNIGHT + DAY_MS) break;
    count += 1;
    const hour = Math.floor((at - MIDNIGHT) / 3_600_000);
    byHour[hour] = (byHour[hour] ?? 0) + 1;
  }
  expect(count / 20_000).toBeCloseTo(1, 1);
  expect(byHour.indexOf(Math.max(...byHour))).toBe(18);
  expect(byHour[3]).toBeLessThan(count / 100);
});

test('the hours of a day add up to a day', () => {
  expect(hourWeights().reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
});
