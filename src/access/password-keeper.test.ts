import { expect, test } from 'vitest';
import { PasswordKeeper } from './password-keeper.ts';

test('only so many wait for a hash, whether their user exists or not', async () => {
  const keeper = new PasswordKeeper();
  const asked: Promise<boolean>[] = [];
  while (!keeper.isFull) asked.push(keeper.matches('seven quiet otters', undefined));
  // Two are worked on, and the rest waits: whoever comes now is told to come again.
  expect(asked).toHaveLength(34);
  expect(new Set(await Promise.all(asked))).toEqual(new Set([false]));
  expect(keeper.isFull).toBe(false);
});
