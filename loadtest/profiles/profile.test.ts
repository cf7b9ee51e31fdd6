import { unpack } from 'msgpackr';
import { expect, test } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { makeProfile, type ProfileEnvelope, type ProfileOptions } from './profile.ts';
import { readProfile, writeProfile } from './profile-file.ts';

const OPTIONS: ProfileOptions = {
  seed: 1,
  transactions: 3_000,
  envelope: 64,
  format: 'json',
  partitions: 16,
};

function opened({ bytes }: ProfileEnvelope, format: ProfileOptions['format']): unknown[] {
  const content: unknown =
    format === 'json' ? JSON.parse(Buffer.from(bytes).toString()) : unpack(bytes);
  return Array.isArray(content) ? content : [content];
}

test.each(['json', 'msgpack'] as const)('envelopes of %s hold what was asked for', (format) => {
  const envelopes = [...makeProfile({ ...OPTIONS, format })];
  expect(envelopes.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(3_000);
  expect(Math.max(...envelopes.map(({ transactions }) => transactions))).toBe(64);
  for (const envelope of envelopes) {
    const transactions = opened(envelope, format);
    expect(transactions).toHaveLength(envelope.transactions);
    for (const transaction of transactions) {
      expect(decodeTransaction(transaction)).toMatchObject({ ok: true });
      const key = partitionKey(transaction as object) ?? '';
      expect(partitionOf(key, 16)).toBe(envelope.partition);
    }
  }
});

test('both formats carry the same transactions', () => {
  const all = (format: ProfileOptions['format']) =>
    [...makeProfile({ ...OPTIONS, format })].flatMap((envelope) => opened(envelope, format));
  expect(all('msgpack')).toEqual(all('json'));
});

test('one transaction a message is an object, not a list of one', () => {
  const [first] = makeProfile({ ...OPTIONS, envelope: 1, lines: 20, isAnonymous: true });
  const content: unknown = JSON.parse(Buffer.from(first?.bytes ?? []).toString());
  expect(content).toMatchObject({ kind: 'checkout' });
  expect((content as { lines: unknown[] }).lines).toHaveLength(20);
  expect(content).not.toHaveProperty('occurredAt');
  expect(content).not.toHaveProperty('member');
});

test('on request the tills claim the times of a day, in local time', () => {
  const from = Date.UTC(2026, 10, 20, 19);
  const days = { from, perDay: 3_000 };
  const transactions = [...makeProfile({ ...OPTIONS, days, isAnonymous: true })].flatMap((each) =>
    opened(each, 'json'),
  );
  const hours = transactions.map((each) =>
    Number((each as { occurredAt: string }).occurredAt.slice(11, 13)),
  );
  const between = (low: number, high: number) =>
    hours.filter((hour) => hour >= low && hour < high).length;
  expect(between(17, 20)).toBeGreaterThan(10 * between(1, 4));
});

test('no envelope is larger than the log takes', () => {
  const large = { ...OPTIONS, envelope: 512, lines: 50, partitions: 1, transactions: 1_000 };
  const envelopes = [...makeProfile(large)];
  expect(envelopes.length).toBeGreaterThan(2);
  for (const { bytes } of envelopes) expect(bytes.length).toBeLessThanOrEqual(256 * 1_024);
});

test('a profile file gives back its envelopes, and a cut one is refused', () => {
  const envelopes = [...makeProfile({ ...OPTIONS, transactions: 200 })];
  const file = Buffer.concat([...writeProfile(envelopes)]);
  const read = [...readProfile(file)].map((each) => ({ ...each, bytes: Buffer.from(each.bytes) }));
  expect(read).toEqual(envelopes.map((each) => ({ ...each, bytes: Buffer.from(each.bytes) })));
  expect(() => [...readProfile(file.subarray(0, file.length - 1))]).toThrow('cut off');
  expect(() => [...readProfile(Buffer.from('something else'))]).toThrow('not a profile');
});
