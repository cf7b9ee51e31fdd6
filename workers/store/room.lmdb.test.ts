import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPartitionMeta } from '../../core/ledger/partition-meta.ts';
import { LmdbStore } from './lmdb-store.ts';
import { type BatchWrites, NO_CHANGES } from './partition-store.ts';
import { NoRoom } from './room.ts';

const MIB = 1 << 20;
const MAP_BYTES = 2 * MIB;

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'arbiter-room-'));
});

afterEach(() => {
  rmSync(path, { recursive: true, force: true });
});

function opened(room: { readonly mapBytes?: number; readonly freeBytes?: number } = {}): LmdbStore {
  return new LmdbStore({ path, partition: 0, partitions: 1, ...room });
}

/** The ledger's n-th block, of 64 KiB. */
function block(number: number): BatchWrites {
  return {
    ...NO_CHANGES,
    meta: { ...newPartitionMeta(0, 1), ledgerSequence: number },
    block: { firstSequence: number, bytes: new Uint8Array(MIB / 16).fill(number) },
    members: [[`m-${number}`, new Uint8Array(10)]],
  };
}

/** Writes blocks until one is refused; returns how many there are and why it ended. */
function fill(store: LmdbStore): { readonly blocks: number; readonly refusal: unknown } {
  for (let number = store.meta().ledgerSequence + 1; number < 1_000; number += 1) {
    try {
      store.write(block(number));
    } catch (refusal) {
      return { blocks: number - 1, refusal };
    }
  }
  return { blocks: 1_000, refusal: undefined };
}

test('a store that has reached its size refuses the write, whole, and goes on when enlarged', async () => {
  const store = opened({ mapBytes: MAP_BYTES });
  const { blocks, refusal } = fill(store);
  expect(refusal).toBeInstanceOf(NoRoom);
  expect(refusal).toMatchObject({ code: 'store-full', facts: { limit: MAP_BYTES } });
  expect(statSync(join(path, 'data.mdb')).size).toBeLessThanOrEqual(MAP_BYTES);
  expect(store.meta().ledgerSequence).toBe(blocks);
  expect(store.member(`m-${blocks + 1}`)).toBeUndefined();
  expect(fill(store).blocks).toBe(blocks);
  await store.close();

  const larger = opened({ mapBytes: 2 * MAP_BYTES });
  expect(larger.meta().ledgerSequence).toBe(blocks);
  expect(fill(larger).blocks).toBeGreaterThan(blocks + 20);
  expect([...larger.blocks()].length).toBe(larger.meta().ledgerSequence);
  await larger.close();
});

test('a disk with less than the floor left is not written to', async () => {
  const store = opened({ freeBytes: Number.MAX_SAFE_INTEGER });
  expect(fill(store)).toMatchObject({ blocks: 0, refusal: { code: 'disk-nearly-full' } });
  expect(store.meta().ledgerSequence).toBe(0);
  await store.close();
});
