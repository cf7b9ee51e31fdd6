import { expect, test } from 'vitest';
import { readPence } from './pence.ts';

test.each([
  ['2.55', 255, false],
  ['7', 700, false],
  ['0.1', 10, false],
  ['38970', 3_897_000, false],
  // 4.35 × 100 is 434.99999999999994 in binary fractions.
  ['4.35', 435, false],
  ['0.001', 0, true],
  ['0.005', 1, true],
  ['1.994', 199, true],
  ['1.995', 200, true],
  ['1.9950', 200, true],
  ['-11062.06', -1_106_206, false],
  ['-0.00', 0, false],
  ['2.500', 250, false],
])('%s pounds are %d pence (rounded: %s)', (text, pence, isRounded) => {
  expect(readPence(text)).toEqual({ pence, isRounded });
});

test.each(['', '.', '1.', '.5', '1,5', '£2', 'NaN', '1e2', '9'.repeat(10)])(
  '%j is no price',
  (text) => {
    expect(readPence(text)).toBe(undefined);
  },
);
