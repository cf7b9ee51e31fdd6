import { expect, test, vi } from 'vitest';
import { MemoryStore } from '../../store/memory-store.ts';
import { campaign } from './campaign.ts';

// A busy machine must not fail what only takes its time.
vi.setConfig({ testTimeout: 300_000 });

/** `SEED=17` runs that campaign alone; `LEDGER_CAMPAIGNS=5000` so many, from the clock's seed on. */
const { SEED, LEDGER_CAMPAIGNS } = process.env;
const COUNT = SEED === undefined ? Number(LEDGER_CAMPAIGNS ?? 40) : 1;
const FIRST = SEED === undefined ? (LEDGER_CAMPAIGNS ? Date.now() % 1e9 : 1) : Number(SEED);
const BLOCK = 10;
const BATCHES = 40;

const STORES = {
  open: (partition: number, partitions: number) => new MemoryStore(partition, partitions),
  // Memory would be gone; what it held at the last write is what a disk would have kept.
  reopen: async (store: unknown) => store as MemoryStore, // Made above.
};

const blocks = Array.from({ length: Math.ceil(COUNT / BLOCK) }, (_, place) => {
  const first = FIRST + place * BLOCK;
  return [first, Math.min(first + BLOCK, FIRST + COUNT) - 1] as const;
});

let crashes = 0;

test.each(blocks)("the engine keeps the slow ledger's books, seeds %i to %i", async (from, to) => {
  for (let seed = from; seed <= to; seed += 1) {
    crashes += (await campaign(seed, STORES, BATCHES)).compared.crashes;
  }
});

test('the process died on the way', () => {
  // Otherwise the campaigns would prove less than they say.
  expect(crashes).toBeGreaterThan(0);
});
