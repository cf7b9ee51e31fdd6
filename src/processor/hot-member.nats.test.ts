import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBlock, recordsOf } from '../../core/layout/block.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { partitionOf } from '../../core/transaction/key.ts';
import { partitionFolder } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { verifyPartition } from '../verify/verify-partition.ts';

/** One member whom everybody serves at once, from several connections. */
const TRANSACTIONS = 10_000;
const TILLS = 4;
const MEMBER = 'hot';

let scratch: ScratchProcessor;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
});

afterAll(async () => {
  await scratch.stop();
});

const lines = [{ sku: 'MILK', quantity: 1, price: 1_000 }];

/** Mostly purchases; every fifth pays with points, and as many holds stay open as may. */
function transaction(position: number): Readonly<Record<string, unknown>> {
  const about = { id: `t${position}`, member: MEMBER, store: 's-1', lines };
  if (position % 160 === 3) {
    return { ...about, kind: 'hold', pay: { points: 'main', amount: 5 }, holdFor: 'P7D' };
  }
  if (position % 5 === 1) return { ...about, kind: 'checkout', pay: { points: 'main', amount: 7 } };
  return { ...about, kind: 'checkout' };
}

test('10,000 concurrent transactions on one account commit all, in one order', async () => {
  const { connection, partitions } = scratch;
  const tills = Array.from(
    { length: TILLS },
    () => new TransactionClient(connection, { partitions }),
  );
  await scratch.client.submit([{ id: 'enrol', kind: 'enrol', member: MEMBER }]);
  const answers = await Promise.all(
    Array.from({ length: TRANSACTIONS }, (_, position) => {
      const till = tills[position % TILLS] ?? scratch.client;
      return till.submit([transaction(position)]);
    }),
  );
  for (const till of tills) await till.close();
  expect(answers.flat().filter(({ status }) => status !== 'accepted')).toEqual([]);
  await scratch.halt();

  const records = ledgerOf(partitionOf(MEMBER, partitions));
  expect(new Set(records.map(({ id }) => id)).size).toBe(TRANSACTIONS + 1);
  expect(chainBreaks(records)).toEqual([]);
});

function ledgerOf(partition: number): LedgerRecord[] {
  const path = join(scratch.storePath, partitionFolder(partition));
  const { partitions } = scratch;
  const store = new LmdbStore({ path, partition, partitions, readOnly: true });
  expect(verifyPartition(store).violations).toEqual([]);
  const records = [...store.blocks()].flatMap((bytes) => [...recordsOf(openBlock(bytes))]);
  void store.close();
  return records.filter(({ member }) => member === MEMBER);
}

/** Each transaction starts from the balance that the one before it left. */
function chainBreaks(records: readonly LedgerRecord[]): string[] {
  let balance = 0;
  const breaks: string[] = [];
  for (const { id, outcome } of records) {
    if (outcome.status === 'rejected') continue;
    for (const row of outcome.points) {
      if (row.before !== balance) breaks.push(`${id}: ${row.before} after ${balance}`);
      balance = row.after;
    }
  }
  return breaks;
}
