import { unpack } from 'msgpackr';
import { expect, test } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { enrolments, type Format, type Message, Traffic } from './traffic.ts';

const PARTITIONS = 16;

function opened(message: Message, format: Format): object[] {
  const content: unknown =
    format === 'json' ? JSON.parse(message.bytes.toString()) : unpack(message.bytes);
  // The messages are our own: an object, or a list of them.
  return (Array.isArray(content) ? content : [content]) as object[];
}

function traffic(format: Format): Traffic {
  const sizes = { members: 500, lines: 5, checkouts: 600 };
  return new Traffic({ seed: 1, format, partitions: PARTITIONS, ...sizes }, 'run');
}

test.each(['json', 'msgpack'] as const)(
  'envelopes of %s are checkouts of one partition',
  (format) => {
    const ids = new Set<string>();
    let sent = 0;
    for (const message of traffic(format).envelopes(8)) {
      for (const transaction of opened(message, format)) {
        const decoded = decodeTransaction(transaction);
        expect(decoded).toMatchObject({ ok: true, transaction: { kind: 'checkout' } });
        if (decoded.ok) ids.add(decoded.transaction.id);
        const key = partitionKey(transaction) ?? '';
        expect(partitionOf(key, PARTITIONS)).toBe(message.partition);
        sent += 1;
      }
      // More than once through all drafts.
      if (sent > 1_500) break;
    }
    expect(ids.size).toBe(sent);
  },
);

test('single checkouts and envelopes never share an id', () => {
  const both = traffic('json');
  const singles = [...both.singles().take(50)].flatMap((message) => opened(message, 'json'));
  const listed = [...both.envelopes(8).take(5)].flatMap((message) => opened(message, 'json'));
  const ids = [...singles, ...listed].map((transaction) => 'id' in transaction && transaction.id);
  expect(new Set(ids).size).toBe(90);
});

test('every member is enrolled once', () => {
  const messages = [...enrolments({ format: 'json', partitions: PARTITIONS, members: 500 })];
  const members = messages
    .flatMap((message) => opened(message, 'json'))
    .map((transaction) => 'member' in transaction && transaction.member);
  expect(new Set(members).size).toBe(500);
  expect(members).toHaveLength(500);
});
