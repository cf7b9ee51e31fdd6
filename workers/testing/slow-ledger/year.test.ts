import { expect, test, vi } from 'vitest';
import { MemoryStore } from '../../store/memory-store.ts';
import { yearOf } from './year.ts';

// A busy machine must not fail what only takes its time.
vi.setConfig({ testTimeout: 300_000 });

const SEED = Number(process.env['SEED'] ?? 2028);

const STORES = {
  open: (partition: number, partitions: number) => new MemoryStore(partition, partitions),
  reopen: async (): Promise<never> => {
    throw new Error('nothing crashes in this year');
  },
};

test(`a year of the programme keeps the slow ledger's books, twice (SEED=${SEED})`, async () => {
  const first = await yearOf(SEED, STORES);
  const again = await yearOf(SEED, STORES);
  expect(again.state).toBe(first.state);
  expect(again.chains).toEqual(first.chains);
  // Otherwise the year would prove less than it says.
  for (const movement of ['expiry', 'maturity', 'redemption', 'accrual-reversal']) {
    expect(first.movements.get(movement), movement).toBeGreaterThan(50);
  }
});
