import { expect, test } from 'vitest';
import { ledgerRecord } from '../testing/ledger-records.ts';
import { openBlock, recordAt, recordsOf, writeBlock } from './block.ts';

const records = Array.from({ length: 40 }, (_, index) => ledgerRecord({ seed: 9 }, 3, index + 1));
const sealed = writeBlock({ partition: 3, epoch: 2, previousHash: new Uint8Array(32) }, records);
const stored = new Uint8Array([...sealed.bytes, ...new Uint8Array(32)]);
const { offsets } = sealed;

test('a ledger block gives back its records', () => {
  expect([...recordsOf(openBlock(stored))]).toEqual(records);
});

test('a record is read alone, with the names it shares with the others', () => {
  for (const [position, record] of records.entries()) {
    expect(recordAt(openBlock(stored), offsets[position] ?? 0)).toEqual(record);
  }
});

test('the same records make the same bytes, whatever was written before', () => {
  const header = { partition: 3, epoch: 2, previousHash: new Uint8Array(32) };
  writeBlock(header, records.slice(7, 9));
  expect(writeBlock(header, records).bytes).toEqual(stored.subarray(0, -32));
});
