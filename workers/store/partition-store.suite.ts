import { expect, test } from 'vitest';
import { newPartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { DueMember } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import { type BatchWrites, NO_CHANGES, type PartitionStore } from './partition-store.ts';

const NOTHING: BatchWrites = { ...NO_CHANGES, meta: newPartitionMeta(0, 1) };

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const due = (member: string, at: number): DueMember => ({ member, dueAt: instant(at) });

/**
 * What every partition store must do. `reopen` closes the store and opens what it left behind;
 * a store without anything to leave behind says why.
 */
export function partitionStoreSuite(given: {
  readonly open: () => PartitionStore;
  readonly reopen:
    | ((store: PartitionStore) => Promise<PartitionStore>)
    | { readonly skipped: string };
}): void {
  test('a new partition stands at the start', async () => {
    const store = given.open();
    expect(store.meta()).toMatchObject({ ledgerSequence: 0, blockHash: '', activations: [] });
    expect(store.member('m')).toBeUndefined();
    expect(store.blockAt(1)).toBeUndefined();
    await store.close();
  });

  test('a write is visible as a whole when it returns', async () => {
    const store = given.open();
    store.write({
      ...NOTHING,
      meta: { ...NOTHING.meta, ledgerSequence: 2, blockHash: 'ab' },
      block: { firstSequence: 1, bytes: bytes(1, 2, 3) },
      index: [['it1', new Uint8Array([...new Uint8Array(16).fill(7), 1, 5])]],
      members: [['mémber', bytes(9)]],
      reversals: [['t1', bytes(8)]],
      counters: [['c', bytes(6)]],
    });

    expect(store.meta()).toMatchObject({ ledgerSequence: 2, blockHash: 'ab' });
    expect([...(store.member('mémber') ?? [])]).toEqual([9]);
    expect([...(store.reversal('t1') ?? [])]).toEqual([8]);
    expect([...(store.counter('c') ?? [])]).toEqual([6]);
    expect(store.index('it1')).toMatchObject({ block: 1, offset: 5 });
    expect([...(store.index('it1')?.digest ?? [])]).toEqual(Array(16).fill(7));
    await store.close();
  });

  test('an index entry stays what it is while others are read', async () => {
    const store = given.open();
    const entry = (digit: number) => new Uint8Array([...new Uint8Array(16).fill(digit), 1, 5]);
    const index = [
      ['ia', entry(1)],
      ['ib', entry(2)],
    ] as const;
    store.write({ ...NOTHING, index });
    const first = store.index('ia');
    store.index('ib');
    expect([...(first?.digest ?? [])]).toEqual(Array(16).fill(1));
    await store.close();
  });

  test('a later write replaces what an earlier one put', async () => {
    const store = given.open();
    store.write({ ...NOTHING, members: [['m', bytes(1)]] });
    store.write({ ...NOTHING, members: [['m', bytes(2, 2)]] });
    expect([...(store.member('m') ?? [])].slice(0, 2)).toEqual([2, 2]);
    await store.close();
  });

  test('a block is found by any sequence in it', async () => {
    const store = given.open();
    const block = (firstSequence: number, last: number) =>
      store.write({
        ...NOTHING,
        meta: { ...NOTHING.meta, ledgerSequence: last },
        block: { firstSequence, bytes: bytes(firstSequence) },
      });
    block(1, 3);
    block(4, 4);
    block(5, 300);
    const found = [1, 2, 3, 4, 5, 299, 300, 301].map((at) => store.blockAt(at)?.[0]);
    expect(found).toEqual([1, 1, 1, 4, 5, 5, 5, undefined]);
    await store.close();
  });

  test('due members come in the order of instant and name, up to an instant', async () => {
    const store = given.open();
    const dueAdded = [due('b', 2_000), due('a', 2_000), due('z', 999), due('c', 10_000)];
    store.write({ ...NOTHING, dueAdded });
    store.write({ ...NOTHING, dueRemoved: [due('b', 2_000)], dueAdded: [due('b', 3_000)] });

    expect(store.due(instant(3_000), 10)).toEqual([
      due('z', 999),
      due('a', 2_000),
      due('b', 3_000),
    ]);
    expect(store.due(instant(3_000), 1)).toEqual([due('z', 999)]);
    await store.close();
  });

  const { reopen } = given;
  if (typeof reopen !== 'function') return;

  test('everything written is there after a restart', async () => {
    const before = given.open();
    before.write({
      ...NOTHING,
      meta: { ...NOTHING.meta, ledgerSequence: 1 },
      block: { firstSequence: 1, bytes: new Uint8Array(100_000).fill(5) },
      members: [['m', bytes(1)]],
    });
    const after = await reopen(before);
    expect(after.meta().ledgerSequence).toBe(1);
    expect(after.block(1)?.length).toBe(100_000);
    expect([...(after.member('m') ?? [])]).toEqual([1]);
    await after.close();
  });
}
