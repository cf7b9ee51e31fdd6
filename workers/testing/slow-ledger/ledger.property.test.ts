import { expect, test } from 'vitest';
import { MemoryStore } from '../../store/memory-store.ts';
import { campaign } from './campaign.ts';

/** `SEED=17` runs that campaign alone; `LEDGER_CAMPAIGNS=5000` so many, from the clock's seed on. */
const { SEED, LEDGER_CAMPAIGNS } = process.env;
const count = SEED === undefined ? Number(LEDGER_CAMPAIGNS ?? 60) : 1;
const first = SEED === undefined ? (LEDGER_CAMPAIGNS ? Date.now() % 1e9 : 1) : Number(SEED);
const BATCHES = 40;

const STORES = {
  open: (partition: number, partitions: number) => new MemoryStore(partition, partitions),
  // Memory would be gone; what it held at the last write is what a disk would have kept.
  reopen: async (store: unknown) => store as MemoryStore, // Made above.
};

test(`the engine keeps the slow ledger's books (seeds ${first} to ${first + count - 1})`, async () => {
  let crashes = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    crashes += (await campaign(seed, STORES, BATCHES)).compared.crashes;
  }
  // Otherwise the campaigns would prove less than they say.
  expect(crashes).toBeGreaterThan(0);
});
