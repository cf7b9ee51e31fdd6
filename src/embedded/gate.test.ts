import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

test('a gate lets some in, keeps some waiting in order, and turns the next away', async () => {
  const gate = new Gate({ openMax: 1, waitingMax: 2 });
  const entered: string[] = [];
  const visit = async (name: string) => {
    if (await gate.enter()) entered.push(name);
  };
  await visit('first');
  const waiting = [visit('second'), visit('third')];
  expect(await gate.enter()).toBe(false);

  gate.leave();
  gate.leave();
  await Promise.all(waiting);
  expect(entered).toEqual(['first', 'second', 'third']);
  expect(gate.open).toBe(1);
  gate.leave();
  expect(gate.open).toBe(0);
});
