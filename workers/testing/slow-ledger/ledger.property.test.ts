import { expect, test, vi } from 'vitest';
import { MOVEMENTS } from '../../../core/ledger/transfer.ts';
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
let waits = 0;
const movements = new Set<string>();

test.each(blocks)("the engine keeps the slow ledger's books, seeds %i to %i", async (from, to) => {
  for (let seed = from; seed <= to; seed += 1) {
    const { compared } = await campaign(seed, STORES, BATCHES);
    crashes += compared.crashes;
    for (const ledger of compared.ledgers) {
      waits += ledger.waits;
      for (const movement of ledger.movements.keys()) movements.add(movement);
    }
  }
});

// Otherwise the campaigns would prove less than they say.
test.skipIf(SEED !== undefined)('the process died on the way, and checkouts waited', () => {
  expect(crashes).toBeGreaterThan(0);
  expect(waits).toBeGreaterThan(0);
});

test.skipIf(SEED !== undefined)('every movement was made that a campaign can make', () => {
  expect(MOVEMENTS.filter((movement) => !movements.has(movement))).toEqual([]);
});
