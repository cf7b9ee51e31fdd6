import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { partitionFolder } from '../../store/folders.ts';
import { LmdbStore } from '../../store/lmdb-store.ts';
import { campaign } from './campaign.ts';

// A busy machine must not fail what only takes its time.
vi.setConfig({ testTimeout: 300_000 });

const { SEED } = process.env;
const CAMPAIGNS = SEED === undefined ? 6 : 1;
const FIRST = SEED === undefined ? 1_001 : Number(SEED);
const BATCHES = 30;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-slow-ledger-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Stores on the disk; a crash closes one and opens what it left behind. */
function storesIn(seed: number) {
  const open = (partition: number, partitions: number): LmdbStore =>
    new LmdbStore({
      path: join(folder, String(seed), partitionFolder(partition)),
      partition,
      partitions,
    });
  const reopen = async (store: { meta: LmdbStore['meta']; close: LmdbStore['close'] }) => {
    const { partition, partitions } = store.meta();
    await store.close();
    return open(partition, partitions);
  };
  return { open, reopen };
}

test(`a store on the disk keeps the slow ledger's books (seeds ${FIRST} and on)`, async () => {
  let crashes = 0;
  for (let seed = FIRST; seed < FIRST + CAMPAIGNS; seed += 1) {
    crashes += (await campaign(seed, storesIn(seed), BATCHES)).compared.crashes;
  }
  expect(crashes).toBeGreaterThan(0);
});
