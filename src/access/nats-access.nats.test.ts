import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, createInbox, headers, type NatsConnection, nkeyAuthenticator, nkeys } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionOf } from '../../core/transaction/key.ts';
import { natsConfigure } from '../cli/nats-configure.ts';
import { rulesApply } from '../cli/rules-apply.ts';
import { connectNats } from '../nats/connection.ts';
import { tillInbox } from '../nats/senders.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';

/** What a real server and a real processor let the holders of our keys do. */

const out = mkdtempSync(join(tmpdir(), 'arbiter-nats-access-'));
const keyOf = (identity: string) => join(out, 'keys', `${identity}.nk`);
const configure = (...words: string[]) =>
  natsConfigure(['--out', out, '--listen-port', '-1', '--partitions', '4', ...words], () => {});

let scratch: ScratchProcessor;
let till: NatsConnection;
const refusals: string[] = [];

beforeAll(async () => {
  const stores = join(out, 'stores.txt');
  writeFileSync(stores, '# our shops\ns-1\ns-2\n');
  expect(await configure('--stores', stores)).toBe(0);
  scratch = await ScratchProcessor.start({
    configuration: join(out, 'nats-server.conf'),
    login: { nkey: keyOf('service-arbiter') },
  });
  await scratch.client.submit([{ id: 'enrol/ada', kind: 'enrol', member: 'ada' }]);
  till = await asTill('s-1');
  void listen(till);
});

afterAll(async () => {
  await till?.close();
  await scratch?.stop();
  rmSync(out, { recursive: true, force: true });
});

async function asTill(store: string): Promise<NatsConnection> {
  const seed = readFileSync(keyOf(`till-${store}`));
  const authenticator = nkeyAuthenticator(seed);
  const servers = scratch.nats.url;
  return connect({ servers, authenticator, inboxPrefix: tillInbox(store), reconnect: false });
}

async function listen(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'error') refusals.push(status.error.message);
  }
}

/** What the server said about our last words, once it has heard them all. */
async function refused(words: () => void): Promise<readonly string[]> {
  refusals.length = 0;
  words();
  await till.flush();
  // What came before the answer to the flush is told in later turns of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return [...refusals];
}

const checkout = (id: string, store: string) => ({
  id,
  kind: 'checkout',
  member: 'ada',
  store,
  lines: [{ sku: 'MILK', quantity: 1, price: 130 }],
});

/** Publishes as a till does and waits for the outcome; `undefined` when none comes. */
async function sent(body: object, reply = createInbox(tillInbox('s-1'))): Promise<unknown> {
  const about = headers();
  about.set('Arbiter-Reply', reply);
  const answers = till.subscribe(reply, { max: 1, timeout: 20_000 });
  till.publish('till.s-1.tx.ada', JSON.stringify(body), { headers: about });
  for await (const answer of answers) return answer.json();
  return undefined;
}

const refusal = (subject: string) => `Permissions Violation for Publish to "${subject}"`;
const streamInfo = async () => {
  const manager = await jetstreamManager(scratch.connection);
  return manager.streams.info(`TX-${partitionOf('ada', 4)}`);
};

describe('a till', () => {
  test('gets its own checkout decided, and the answer', async () => {
    expect(await sent(checkout('c-1', 's-1'))).toMatchObject({ id: 'c-1', status: 'accepted' });
  });

  test('gets a quote', async () => {
    const question = JSON.stringify({ ...checkout('q-1', 's-1'), kind: 'quote' });
    const answer = await till.request('till.s-1.quote.ada', question, { timeout: 20_000 });
    expect(answer.json()).toMatchObject({ id: 'q-1', status: 'accepted' });
  });

  test('cannot name another store in what it sends, nor spoil its ids', async () => {
    const outcome = await sent(checkout('c-2', 's-2'));
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'not-your-store', path: '/store' });
    expect(outcome).not.toMatchObject({ id: 'c-2' });
    const [later] = await scratch.client.submit([checkout('c-2', 's-2')]);
    expect(later).toMatchObject({ id: 'c-2', status: 'accepted' });
  });

  test.each([
    { kind: 'adjust', member: 'ada', type: 'main', amount: 1_000 },
    { kind: 'tick', at: '2026-01-01T00:00:00Z' },
    { kind: 'activation', version: 1, hash: 'x' },
    { kind: 'transfer', member: 'ada', to: 'eve', type: 'main', amount: 1 },
  ])('may not send `$kind`', async (transaction) => {
    const outcome = await sent({ id: `t-${transaction.kind}`, ...transaction });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'kind-not-for-tills' });
  });

  test('cancels its own sale and nobody else’s', async () => {
    await scratch.client.submit([checkout('foreign', 's-2')]);
    await sent(checkout('own', 's-1'));
    const cancel = (id: string) => ({
      id: `cancel/${id}`,
      kind: 'cancel',
      checkout: id,
      member: 'ada',
    });
    expect(await sent(cancel('foreign'))).toMatchObject({ reason: 'not-your-store' });
    expect(await sent(cancel('never-sold'))).toMatchObject({ reason: 'not-your-store' });
    expect(await sent(cancel('own'))).toMatchObject({ id: 'cancel/own', status: 'accepted' });
  });

  test('publishes for no other store and to nothing of the server', async () => {
    const { state } = await streamInfo();
    const forbidden = ['tx.1', 'dead.1', '$KV.rules.v1', '$SYS.REQ.SERVER.PING', 'checkout.ada'];
    const api = ['$JS.API.INFO', '$JS.API.STREAM.PURGE.TX-1', '$JS.API.STREAM.DELETE.TX-1'];
    const heard = await refused(() => {
      for (const subject of [...forbidden, ...api, 'till.s-2.tx.ada']) till.publish(subject, '{}');
    });
    for (const subject of [...forbidden.slice(0, 4), ...api]) {
      expect(heard).toContain(refusal(subject));
    }
    expect(heard).toHaveLength(9);
    expect((await streamInfo()).state.messages).toBe(state.messages);
  });

  test.each(['tx.>', '_INBOX.>', '_INBOX.till.s-2.>', '$JS.>', '>'])(
    'hears nothing of `%s`',
    async (subject) => {
      const said = await new Promise<string>((resolve) => {
        till.subscribe(subject, { callback: (error) => resolve(error?.message ?? 'a message') });
      });
      expect(said).toBe(`Permissions Violation for Subscription to "${subject}"`);
    },
  );

  test('is answered in its own inbox only: the processor is nobody’s arm', async () => {
    const partition = partitionOf('ada', 4);
    const about = headers();
    about.set('Arbiter-Reply', `$JS.API.STREAM.PURGE.TX-${partition}`);
    const body = JSON.stringify(checkout('c-3', 's-1'));
    till.publish('till.s-1.tx.ada', body, { headers: about });
    await till.flush();
    const before = (await streamInfo()).state.messages;
    // The same transaction again, now asked for properly, proves that the first was processed.
    expect(await sent(checkout('c-3', 's-1'))).toMatchObject({ id: 'c-3', status: 'exists' });
    expect((await streamInfo()).state.messages).toBe(before + 1);
  });
});

describe('strangers', () => {
  test('do not get in without a key, or with one that is not listed', async () => {
    const servers = scratch.nats.url;
    await expect(connect({ servers, reconnect: false })).rejects.toThrow('Authorization Violation');
    const authenticator = nkeyAuthenticator(nkeys.createUser().getSeed());
    await expect(connect({ servers, authenticator, reconnect: false })).rejects.toThrow(
      'Authorization Violation',
    );
  });
});

test('an operator changes rule sets and reaches no other stream', async () => {
  const file = join(out, 'rules.json');
  const partners = [...TEST_RULE_SET.partners, { id: 'baker', roles: ['issuer'] }];
  writeFileSync(file, JSON.stringify({ ...TEST_RULE_SET, partners }));
  const nkey = keyOf('operator-arbiter');
  const where = ['--nats', scratch.nats.url, '--nats-nkey', nkey, '--partitions', '4'];
  expect(await rulesApply([file, '--note', 'a test', ...where], () => {})).toBe(0);

  const servers = [scratch.nats.url];
  const operator = await connectNats({ servers, login: { nkey }, name: 'operator' });
  const purge = operator.request('$JS.API.STREAM.PURGE.TX-1', '', { timeout: 2_000 });
  await expect(purge).rejects.toThrow('Permissions Violation');
  await operator.close();
});

test('keys stay what they are when stores are added, and nobody else reads them', async () => {
  const before = readFileSync(keyOf('till-s-1'), 'utf8');
  const stores = join(out, 'stores.txt');
  writeFileSync(stores, 's-1\ns-2\ns-3\n');
  expect(await configure('--stores', stores)).toBe(0);
  expect(readFileSync(keyOf('till-s-1'), 'utf8')).toBe(before);
  expect(statSync(keyOf('till-s-3')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(out, 'nats-server.conf'), 'utf8')).not.toContain(before);
});
