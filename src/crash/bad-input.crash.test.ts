import { Packr } from 'msgpackr';
import { createInbox, headers, type NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { partitionOf } from '../../core/transaction/key.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { PARTITIONS, TestDeployment } from './testing/test-deployment.ts';

vi.setConfig({ testTimeout: 240_000 });

const MEMBER = 'ada';
const HOME = partitionOf(MEMBER, PARTITIONS);
const packr = new Packr({ useRecords: false });

let deployment: TestDeployment;
let connection: NatsConnection;
/** Dead letters by reason. */
const letters: { readonly reason: string; readonly path: string; readonly id: string }[] = [];

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
  connection = await deployment.connect();
  connection.subscribe('dead.*', {
    callback: (_, message) => {
      letters.push(message.json());
    },
  });
  const client = new TransactionClient(connection, { partitions: PARTITIONS });
  await client.submit([{ id: 'enrol', kind: 'enrol', member: MEMBER }]);
  await client.submit([checkout('used')]);
  await client.close();
});

afterAll(async () => {
  await connection.close();
  await deployment.remove();
});

function checkout(id: string, change: object = {}) {
  const lines = [{ sku: 'MILK', quantity: 1, price: 130 }];
  return { id, kind: 'checkout', member: MEMBER, store: 's-1', lines, ...change };
}

const line = (change: object) => ({ lines: [{ sku: 'MILK', quantity: 1, price: 130, ...change }] });

/** Sends bytes as they are and waits for the durable answer to them. */
async function answerTo(body: Uint8Array | string): Promise<unknown> {
  const inbox = createInbox();
  const answers = connection.subscribe(inbox, { max: 1 });
  const about = headers();
  about.set('Arbiter-Reply', inbox);
  connection.publish(`tx.${HOME}`, body, { headers: about });
  for await (const { data } of answers) {
    const first = data[0];
    return first === 0x7b || first === 0x5b
      ? JSON.parse(Buffer.from(data).toString())
      : packr.unpack(data);
  }
  return undefined;
}

async function countedRejections(reason: string): Promise<number> {
  const text = await (await fetch(`${deployment.httpUrl}/metrics`)).text();
  const lines = text.split('\n').filter((row) => row.startsWith('arbiter_transactions_total{'));
  return lines
    .filter((row) => row.includes('status="rejected"') && row.includes(`reason="${reason}"`))
    .reduce((sum, row) => sum + Number(row.slice(row.lastIndexOf(' '))), 0);
}

async function expectRejected(body: Uint8Array | string, reason: string, path: string) {
  const before = await countedRejections(reason);
  const known = letters.length;
  const answer = await answerTo(body);
  const rejection = (Array.isArray(answer) ? answer : [answer]).find(
    ({ status }) => status === 'rejected',
  );
  expect(rejection).toMatchObject({ status: 'rejected', reason, path });
  await deployment.waitFor('the dead letter', () =>
    letters.slice(known).find((letter) => letter.reason === reason && letter.path === path),
  );
  expect(await countedRejections(reason)).toBe(before + 1);
  return answer;
}

test.each([
  ['broken JSON', '{"id":'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe])],
  ['broken msgpack', Buffer.from([0xdf, 0xff, 0xff, 0xff])],
  ['nesting without end', '['.repeat(200_000)],
])('%s is recorded as unreadable', async (_, body) => {
  await expectRejected(body, 'unreadable-message', '');
});

test('a body of 10 MB is recorded as too large', async () => {
  await expectRejected(Buffer.alloc(10_000_000, 0x20), 'message-too-large', '');
});

let count = 0;

test.each([
  ['an unknown store', { store: 'nowhere' }, /unknown-store/, '/store'],
  ['a negative quantity', line({ quantity: -1 }), /./, '/lines/0/quantity'],
  ['a negative price', line({ price: -5 }), /./, '/lines/0/price'],
  ['a price beyond 2^53', line({ price: 2 ** 60 }), /./, '/lines/0/price'],
  ['a price that is no number', line({ price: Number.NaN }), /./, '/lines/0/price'],
  ['a list that should be text', { store: ['s-1'] }, /./, '/store'],
  ['a field nobody knows', { discount: 500 }, /./, '/discount'],
  ['no lines', { lines: [] }, /./, '/lines'],
])('%s is rejected with its place, and its neighbours commit', async (_, change, reason, path) => {
  count += 1;
  const [before, bad, after] = [`b-${count}`, `x-${count}`, `a-${count}`];
  const envelope = [checkout(before), checkout(bad, change), checkout(after)];
  const known = letters.length;
  const answer = await answerTo(packr.pack(envelope));
  expect(answer).toMatchObject([
    { id: before, status: 'accepted' },
    { id: bad, status: 'rejected', path, reason: expect.stringMatching(reason) },
    { id: after, status: 'accepted' },
  ]);
  await deployment.waitFor('the dead letter', () =>
    letters.slice(known).find((letter) => letter.id === bad && letter.path === path),
  );
});

test('`__proto__` is a field like any other that nobody knows', async () => {
  const body = JSON.stringify(checkout('proto')).replace('{', '{"__proto__":{"store":"s-1"},');
  expect(await answerTo(body)).toMatchObject({ id: 'proto', status: 'rejected' });
  expect(({} as Record<string, unknown>)['store']).toBeUndefined();
});

test('another transaction under a used id is refused', async () => {
  const other = JSON.stringify(checkout('used', { delivery: 100 }));
  await expectRejected(other, 'transaction-id-reused', '/id');
});

test('after all of it the ledger holds what it promises', async () => {
  expect(await deployment.verify()).toMatchObject({ code: 0 });
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});
