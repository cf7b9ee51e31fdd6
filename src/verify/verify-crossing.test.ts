import { expect, test } from 'vitest';
import { type Crossing, crossingProblems } from './verify-crossing.ts';

function crossing(partition: number, more: Partial<Crossing> = {}): Crossing {
  return {
    partition,
    relays: 0,
    transit: new Map(),
    leases: new Map(),
    budgets: new Map(),
    ...more,
  };
}

test('points that left one partition and arrived in another leave nothing in transit', () => {
  const pair = [
    crossing(0, { transit: new Map([['main', 50]]) }),
    crossing(1, { transit: new Map([['main', -50]]) }),
  ];
  expect(crossingProblems(pair)).toEqual([]);
});

test('points may be in transit while a relay has no answer, and only then', () => {
  const transit = new Map([['main', 50]]);
  expect(crossingProblems([crossing(0, { transit, relays: 1 })])).toEqual([]);
  expect(crossingProblems([crossing(0, { transit })])).toEqual([
    '50 main left members and are not on their way',
  ]);
});

test('points that arrive twice are found', () => {
  const twice = [
    crossing(0, { transit: new Map([['main', 50]]), relays: 1 }),
    crossing(1, { transit: new Map([['main', -100]]) }),
  ];
  expect(crossingProblems(twice)).toEqual(['50 main arrived at members and left nobody']);
});

test('a partition that holds more of a budget than its home granted is found', () => {
  const out = [[5, 0, 900, 0], undefined] as const;
  const home = crossing(0, { budgets: new Map([['spring', out]]) });
  const lease = (partition: number, discount: number): Crossing =>
    crossing(partition, { leases: new Map([['spring', [5, 0, discount, 0]]]) });
  expect(crossingProblems([home, lease(0, 900), lease(1, 99)])).toEqual([]);
  expect(crossingProblems([home, lease(0, 901)])).toEqual([
    'partition 0 holds more of the budget spring than was granted',
  ]);
});
