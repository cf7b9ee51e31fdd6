import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '../../core/transaction/key.ts';
import { connectNats, type NatsStatus } from '../nats/connection.ts';
import { EchoProcessor } from '../testing/echo-processor.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';
import { type ClientOptions, TransactionClient } from './transaction-client.ts';

const PARTITIONS = 4;

let server: ScratchNats;
let connection: NatsConnection;
let processor: EchoProcessor;
const statuses: NatsStatus[] = [];
const clients: TransactionClient[] = [];

beforeAll(async () => {
  server = await ScratchNats.start();
  connection = await connectNats({
    servers: [server.url],
    name: 'test',
    onStatus: (status) => statuses.push(status),
  });
  processor = await EchoProcessor.start(connection, PARTITIONS);
});

afterAll(async () => {
  for (const client of clients) await client.close();
  await connection.close();
  await server.stop();
});

function open(options: Partial<ClientOptions> = {}): TransactionClient {
  const client = new TransactionClient(connection, { partitions: PARTITIONS, ...options });
  clients.push(client);
  return client;
}

let next = 0;
function checkout(change: object = {}) {
  next += 1;
  const lines = [{ sku: 'TOY-9', quantity: 1, price: 100 }];
  return { id: `c-${next}`, kind: 'checkout', member: `m-${next % 50}`, lines, ...change };
}

describe('submitting transactions', () => {
  it.each(['json', 'msgpack'] as const)('answers in the order asked, as %s', async (format) => {
    const transactions = Array.from({ length: 700 }, () => checkout());
    const outcomes = await open().submit(transactions, { format });
    expect(outcomes.map((outcome) => outcome.id)).toEqual(transactions.map(({ id }) => id));
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(['accepted']));
  });

  it('sends each to the partition of its member, in order', async () => {
    const transactions = Array.from({ length: 60 }, () => checkout());
    await open().submit(transactions);
    for (const [partition, seen] of processor.seen.entries()) {
      const mine = transactions.filter((t) => partitionOf(t.member, PARTITIONS) === partition);
      expect(seen.slice(-mine.length)).toEqual(mine.map(({ id }) => id));
    }
  });

  it('gathers what arrives in one turn into one envelope a partition', async () => {
    const client = open();
    const before = processor.envelopes.length;
    await Promise.all(Array.from({ length: 100 }, () => client.submit([checkout()])));
    expect(processor.envelopes.slice(before)).toHaveLength(PARTITIONS);
  });

  it('never makes an envelope larger than agreed', async () => {
    const before = processor.envelopes.length;
    const client = open({ envelope: 8 });
    await client.submit(Array.from({ length: 100 }, () => checkout({ member: 'm-1' })));
    const sizes = processor.envelopes.slice(before);
    expect(Math.max(...sizes)).toBe(8);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(100);
  });

  it('says what was recorded before', async () => {
    const client = open();
    const again = checkout();
    await client.submit([again]);
    expect(await client.submit([again])).toMatchObject([{ id: again.id, status: 'exists' }]);
  });

  it('hands on rejections, also of what is no transaction at all', async () => {
    const good = checkout();
    const outcomes = await open().submit([null, 7, good, { kind: 'activate-code', id: 'h' }]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: 'not-an-object' },
      { status: 'rejected', reason: 'not-an-object' },
      { status: 'accepted', id: good.id },
      { status: 'rejected', reason: 'unsupported-kind' },
    ]);
  });

  it('sends again what was not answered, under the same ids', async () => {
    processor.swallow = 1;
    const repeated: string[] = [];
    const client = open({ onRepeat: (subject) => repeated.push(subject) });
    const lost = checkout();
    expect(await client.submit([lost])).toMatchObject([{ id: lost.id, status: 'exists' }]);
    expect(repeated).toHaveLength(1);
  });

  it('says so when no answer comes in time', async () => {
    processor.swallow = 1;
    const client = open({ answerTimeoutMs: 300 });
    await expect(client.submit([checkout()])).rejects.toMatchObject({ code: 'answer-timeout' });
    processor.swallow = 0;
    expect(client.unsettled).toBe(0);
  });

  it('waits for a stream that is not there yet, and says why when it never comes', async () => {
    const client = open({ partitions: 1_000, answerTimeoutMs: 600 });
    await expect(client.submit([checkout({ member: 'elsewhere' })])).rejects.toMatchObject({
      code: 'answer-timeout',
      facts: { stored: false, refusal: 'no stream takes this subject' },
    });
  });

  it('refuses more than may wait, and takes more again later', async () => {
    const client = open({ maxWaiting: 3 });
    const first = client.submit([checkout(), checkout(), checkout()]);
    expect(client.isFull).toBe(true);
    await expect(client.submit([checkout()])).rejects.toMatchObject({ code: 'overloaded' });
    await first;
    expect(client.isFull).toBe(false);
    expect(await client.submit([checkout()])).toMatchObject([{ status: 'accepted' }]);
  });

  it('refuses more bytes than may wait', async () => {
    const client = open({ maxWaitingBytes: 100 });
    const first = client.submit([checkout()]);
    await expect(client.submit([checkout()])).rejects.toMatchObject({ code: 'overloaded' });
    await first;
    expect(client.isFull).toBe(false);
  });

  it('lets nobody wait longer behind others than alone', async () => {
    processor.swallow = 3;
    const client = open({ depth: 1, envelope: 1, answerTimeoutMs: 400 });
    const member = 'm-1';
    const all = [1, 2, 3].map(() => client.submit([checkout({ member })]));
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    processor.swallow = 0;
  });

  it('refuses what is too large for NATS at all', async () => {
    const huge = checkout({ channel: 'x'.repeat(2_000_000) });
    await expect(open().submit([huge])).rejects.toMatchObject({ code: 'message-too-large' });
  });

  it('tells those who wait when it is closed', async () => {
    // Repetitions too: on a busy machine the closing may come after the first of them.
    processor.swallow = Number.MAX_SAFE_INTEGER;
    const client = open();
    const waiting = client.submit([checkout()]);
    const told = expect(waiting).rejects.toMatchObject({ code: 'client-closed' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.close();
    await told;
    processor.swallow = 0;
  });
});

describe('asking', () => {
  it('answers quotes in order', async () => {
    const asked = Array.from({ length: 20 }, () => checkout({ kind: 'quote' }));
    const outcomes = await open().quote(asked);
    expect(outcomes.map((outcome) => outcome.id)).toEqual(asked.map(({ id }) => id));
  });

  it('shows a member, or that there is none', async () => {
    const client = open();
    expect(await client.member('m-1')).toMatchObject({ id: 'm-1', points: [{ available: 7 }] });
    expect(await client.member('nobody')).toBeUndefined();
  });

  it.each([
    ['busy', 'overloaded', 'after-backoff'],
    ['broken', 'processor-failed', 'operator'],
  ])('says when the processor is %s', async (member, code, retry) => {
    await expect(open().member(member)).rejects.toMatchObject({ code, retry });
  });

  it('says when nobody is there to answer', async () => {
    const client = open({ partitions: 1_000 });
    await expect(client.member('elsewhere')).rejects.toMatchObject({
      code: 'processor-unavailable',
    });
  });
});

describe('when the server is killed', () => {
  it('goes on after its restart without losing or doubling anything', async () => {
    const client = open();
    const transactions = Array.from({ length: 2_000 }, () => checkout());
    const sent = transactions.map((transaction) => client.submit([transaction]));
    await sent[0];
    await server.kill();
    const late = checkout();
    const during = client.submit([late]);
    await server.restart();
    const outcomes = (await Promise.all([...sent, during])).flat();
    expect(outcomes.map(({ id }) => id)).toEqual([...transactions, late].map(({ id }) => id));
    expect(outcomes.every(({ status }) => status !== 'rejected')).toBe(true);
    const kinds = statuses.map((status) => status.kind);
    expect(kinds).toEqual(expect.arrayContaining(['connected', 'disconnected', 'reconnected']));
  });
});

describe('connecting', () => {
  it('gives up the first connection after its patience, naming the address', async () => {
    const attempt = connectNats({
      servers: ['nats://user:secret@127.0.0.1:1'],
      name: 'test',
      patience: 1,
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'nats-unreachable',
      message: 'no NATS server answers at nats://127.0.0.1:1',
    });
  });

  it('names the credentials file it cannot read', async () => {
    const attempt = connectNats({
      servers: [server.url],
      name: 'test',
      login: { credentials: '/nowhere/arbiter.creds' },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'nats-credentials-unreadable' });
  });
});
