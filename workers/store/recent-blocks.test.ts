import { expect, test } from 'vitest';
import { writeBlock } from '../../core/layout/block.ts';
import { ledgerRecord } from '../../core/testing/ledger-records.ts';
import { sha256 } from '../batch/apply-batch.ts';
import { RecentBlocks, recentMemory, type Stretch } from './recent-blocks.ts';

const PARTITION = 3;

function sealed(first: number, last: number): Uint8Array {
  const records = Array.from({ length: last - first + 1 }, (_, index) =>
    ledgerRecord({ seed: 9 }, PARTITION, first + index),
  );
  const header = { partition: PARTITION, epoch: 1, previousHash: new Uint8Array(32) };
  const { bytes } = writeBlock(header, records);
  return new Uint8Array(Buffer.concat([bytes, sha256(bytes)]));
}

const stretch = (first: number, last: number): Stretch => ({ partition: PARTITION, first, last });

test('gives back the block that holds a sequence, in another thread too', () => {
  const memory = recentMemory(1 << 20);
  const writer = new RecentBlocks(memory);
  const reader = new RecentBlocks(memory);
  writer.put(stretch(1, 4), sealed(1, 4));
  writer.put(stretch(5, 5), sealed(5, 5));
  expect(reader.blockAt(PARTITION, 3)).toEqual(sealed(1, 4));
  expect(reader.blockAt(PARTITION, 5)).toEqual(sealed(5, 5));
  expect(reader.blockAt(PARTITION, 6)).toBeUndefined();
  expect(reader.blockAt(PARTITION + 1, 3)).toBeUndefined();
});

test('forgets the oldest when there is no more room, and keeps what lies across the end', () => {
  const blocks = Array.from({ length: 20 }, (_, number) => sealed(number + 1, number + 1));
  const size = Math.max(...blocks.map((block) => block.length));
  const recent = new RecentBlocks(recentMemory(Math.floor(size * 3.5)));
  for (const [index, block] of blocks.entries()) {
    recent.put(stretch(index + 1, index + 1), block);
    expect(recent.blockAt(PARTITION, index + 1)).toEqual(block);
    expect(recent.blockAt(PARTITION, index)).toEqual(blocks[index - 1]);
  }
  expect(recent.blockAt(PARTITION, 1)).toBeUndefined();
});

test('a block that is being overwritten is not given out', () => {
  const memory = recentMemory(1 << 20);
  const recent = new RecentBlocks(memory);
  recent.put(stretch(1, 4), sealed(1, 4));
  new Uint8Array(memory.bytes)[100] = 0xff;
  expect(recent.blockAt(PARTITION, 1)).toBeUndefined();
});

test('a block larger than all the room is left to the store', () => {
  const recent = new RecentBlocks(recentMemory(64));
  recent.put(stretch(1, 4), sealed(1, 4));
  expect(recent.blockAt(PARTITION, 1)).toBeUndefined();
});
