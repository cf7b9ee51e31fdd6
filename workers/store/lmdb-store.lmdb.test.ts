import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LmdbStore } from './lmdb-store.ts';
import { partitionStoreSuite } from './partition-store.suite.ts';
import { NO_CHANGES } from './partition-store.ts';

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

const CHANGE_EPOCH = `
  import { LmdbStore } from ${JSON.stringify(new URL('./lmdb-store.ts', import.meta.url).href)};
  const store = new LmdbStore({ path: process.argv[2], partition: 0, partitions: 1 });
  const meta = store.meta();
  const nothing = { block: undefined, index: [], members: [], reversals: [], counters: [] };
  const due = { registry: [], dueRemoved: [], dueAdded: [] };
  store.write({ ...nothing, ...due, meta: { ...meta, epoch: meta.epoch + 1 } });
  await store.close();
`;

/** Another process writes, while this one does not come to its event loop. */
function changeEpochAt(path: string): void {
  const program = join(path, 'change-epoch.ts');
  writeFileSync(program, CHANGE_EPOCH);
  execFileSync(process.execPath, [program, path]);
}

test('a task sees what others wrote since the last one in the same turn', async () => {
  const path = mkdtempSync(join(tmpdir(), 'arbiter-store-'));
  folders.push(path);
  const store = openAt(path);
  store.write({ ...NO_CHANGES, meta: { ...store.meta(), epoch: 1 } });
  expect(store.meta().epoch).toBe(1);
  changeEpochAt(path);
  // One turn of the event loop reads one snapshot.
  expect(store.meta().epoch).toBe(1);
  store.seeLatest();
  expect(store.meta().epoch).toBe(2);
  await store.close();
});

test('a batch that was decided on an older state is not written', async () => {
  const path = mkdtempSync(join(tmpdir(), 'arbiter-store-'));
  folders.push(path);
  const store = openAt(path);
  store.write({ ...NO_CHANGES, meta: { ...store.meta(), epoch: 1 } });
  const stale = store.meta();
  changeEpochAt(path);
  const write = (): void => store.write({ ...NO_CHANGES, meta: { ...stale, epoch: 9 } });
  expect(write).toThrow('decided on an older state');
  store.seeLatest();
  expect(store.meta().epoch).toBe(2);
  store.write({ ...NO_CHANGES, meta: { ...store.meta(), epoch: 3 } });
  expect(store.meta().epoch).toBe(3);
  await store.close();
});
