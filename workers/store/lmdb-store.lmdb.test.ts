import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { LmdbStore } from './lmdb-store.ts';
import { partitionStoreSuite } from './partition-store.suite.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openAt(path: string): LmdbStore {
  return new LmdbStore({ path, partition: 0, partitions: 1, mapBytes: 2 ** 30 });
}

partitionStoreSuite({
  open: () => {
    const folder = mkdtempSync(join(tmpdir(), 'arbiter-store-'));
    folders.push(folder);
    return openAt(folder);
  },
  reopen: async (store) => {
    await store.close();
    return openAt(folders.at(-1) ?? '');
  },
});
