import { expect, test } from 'vitest';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { bytesOfEntries, PackedEntries } from './packed-entries.ts';

test('packed entries give back each value under its key', () => {
  const entries = new PackedEntries(new ByteWriter(1));
  entries.add('a').unsigned(1);
  entries.add('nothing');
  const writer = entries.add('bc');
  writer.unsigned(2);
  writer.unsigned(3);

  expect([...entries].map(([key, value]) => [key, ...value])).toEqual([
    ['a', 1],
    ['nothing'],
    ['bc', 2, 3],
  ]);
  expect(entries.length).toBe(3);
  expect(bytesOfEntries(entries)).toBe(10 + 3);
  expect(bytesOfEntries([...entries])).toBe(10 + 3);
});
