import { expect, test } from 'vitest';
import { median, percentile, slope } from './statistics.ts';

test('the median is the middle value, or the mean of two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a percentile is a value that occurred', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(values, 0.5)).toBe(51);
  expect(percentile(values, 0.99)).toBe(100);
});

test('the slope of a straight line is its growth, and of one point none', () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
  ).toBe(2);
  expect(slope([[3, 4]])).toBe(0);
});
