import { expect, test } from 'vitest';
import { Lag } from './lag.ts';

test('the lag is the age of the oldest record that was not sent', () => {
  const lag = new Lag();
  lag.observe(10, 1_000);
  lag.observe(20, 3_000);

  expect(lag.seconds(0, 5_000)).toBe(4);
  expect(lag.seconds(10, 5_000)).toBe(2);
  expect(lag.seconds(20, 5_000)).toBe(0);
});

test('after catching up the lag starts anew', () => {
  const lag = new Lag();
  lag.observe(10, 1_000);
  lag.seconds(10, 2_000);
  lag.observe(11, 60_000);

  expect(lag.seconds(10, 61_000)).toBe(1);
});

test('an outage of any length needs no more memory and keeps its beginning', () => {
  const lag = new Lag();
  for (let second = 1; second <= 100_000; second += 1) lag.observe(second, second * 1_000);

  expect(lag.seconds(0, 200_000_000)).toBe(199_999);
});
