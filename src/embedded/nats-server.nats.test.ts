import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import fc from 'fast-check';
import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partitionOf } from '../../core/transaction/key.ts';
import { type EmbeddedNats, startEmbeddedNats } from './nats-server.ts';
import { isAlive } from './processes.ts';
import { runningServer } from './server-record.ts';

const PARTITIONS = 16;

let directory: string;
let nats: EmbeddedNats;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'arbiter-nats-'));
  nats = await start();
});

afterAll(async () => {
  await nats.stop();
  await rm(directory, { recursive: true, force: true });
});

function start(port = 0): Promise<EmbeddedNats> {
  return startEmbeddedNats({ dataDirectory: directory, partitions: PARTITIONS, port });
}

async function withConnection<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** What may stand in a subject: no blanks, dots or wildcards. */
const subjectKey = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
  .filter((key) => !/[\s.*>\p{Cc}\p{Z}\ufeff]/u.test(key));

test('the server puts every key on the partition that our own function names', async () => {
  const keys = [...new Set(fc.sample(subjectKey, 2_000)), 'm-1001', 'ключ', '会員-7', '🎁'];
  await withConnection(async (connection) => {
    const arrivals = new Map<string, string>();
    const subscription = connection.subscribe('tx.*', {
      callback: (_error, message) => {
        arrivals.set(message.string(), message.subject);
      },
    });
    for (const key of keys) connection.publish(`checkout.${key}`, key);
    await expect.poll(() => arrivals.size).toBe(keys.length);
    subscription.unsubscribe();

    const expected = keys.map((key) => [key, `tx.${partitionOf(key, PARTITIONS)}`]);
    expect([...arrivals].toSorted()).toEqual(expected.toSorted());
  });
});

test('a message far larger than an envelope arrives, to be refused on record', async () => {
  await withConnection(async (connection) => {
    const arrived = new Promise<number>((resolve) => {
      connection.subscribe('tx.large', { callback: (_e, message) => resolve(message.data.length) });
    });
    connection.publish('tx.large', new Uint8Array(10_000_000));
    expect(await arrived).toBe(10_000_000);
  });
});

test('acknowledged messages survive a killed server on the same port', async () => {
  await withConnection(async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'TX-0', subjects: ['tx.0'] });
    const stream = jetstream(connection);
    for (let one = 0; one < 200; one += 1) await stream.publish('tx.0', `${one}`);
  });

  const port = Number(new URL(nats.url).port);
  process.kill(nats.pid, 'SIGKILL');
  expect(await nats.exited).toEqual({ code: null, signal: 'SIGKILL' });
  nats = await start(port);
  expect(Number(new URL(nats.url).port)).toBe(port);

  await withConnection(async (connection) => {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info('TX-0');
    expect(state.messages).toBe(200);
    await manager.consumers.add('TX-0', { durable_name: 'all', ack_policy: AckPolicy.Explicit });
    const consumer = await jetstream(connection).consumers.get('TX-0', 'all');
    const read: string[] = [];
    for await (const message of await consumer.fetch({ max_messages: 200 })) {
      read.push(message.string());
      message.ack();
    }
    expect(read).toEqual(Array.from({ length: 200 }, (_, one) => `${one}`));
  });
});

const MODULE = JSON.stringify(new URL('./nats-server.ts', import.meta.url).href);

/** A process of its own that starts a server, prints its id, and stays. */
async function otherStarter(folder: string): Promise<{ pid: number; kill(): Promise<unknown> }> {
  const program = `
    import { startEmbeddedNats } from ${MODULE};
    const started = await startEmbeddedNats({
      dataDirectory: ${JSON.stringify(folder)}, partitions: ${PARTITIONS},
    });
    console.log(started.pid);
    setInterval(() => {}, 1_000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(starter.stdout, 'data');
  const exited = once(starter, 'exit');
  return {
    pid: Number(String(line)),
    kill: () => {
      starter.kill('SIGKILL');
      return exited;
    },
  };
}

test('a server ends with its killed starter, and the next start has the folder', async () => {
  const folder = join(directory, 'of-a-killed-starter');
  const other = await otherStarter(folder);
  const second = startEmbeddedNats({ dataDirectory: folder, partitions: PARTITIONS });
  await expect(second).rejects.toMatchObject({ code: 'embedded-nats-in-use', retry: 'operator' });
  expect(runningServer(folder)).toMatchObject({ pid: other.pid });

  await other.kill();
  await expect.poll(() => isAlive(other.pid), { timeout: 30_000 }).toBe(false);
  const next = await startEmbeddedNats({ dataDirectory: folder, partitions: PARTITIONS });
  await next.stop();
  expect(runningServer(folder)).toBeUndefined();
});

test('an orphan that nothing watches any more is stopped before the next server', async () => {
  const folder = join(directory, 'of-an-orphan');
  const other = await otherStarter(folder);
  process.kill(other.pid, 'SIGSTOP');
  await other.kill();
  // Stopped, it cannot follow its watchdog's SIGTERM: it is still there when the next one starts.
  const next = startEmbeddedNats({ dataDirectory: folder, partitions: PARTITIONS });
  await expect.poll(() => runningServer(folder)?.pid).toBe(other.pid);
  process.kill(other.pid, 'SIGCONT');
  const started = await next;
  expect(isAlive(other.pid)).toBe(false);
  await started.stop();
});

test('a second server on a folder in use is refused, by the same process too', async () => {
  await expect(start()).rejects.toMatchObject({ code: 'embedded-nats-in-use' });
});

test('a server that cannot start says why', async () => {
  const port = Number(new URL(nats.url).port);
  const folder = join(directory, 'port-taken');
  await expect(
    startEmbeddedNats({ dataDirectory: folder, partitions: PARTITIONS, port }),
  ).rejects.toMatchObject({
    code: 'embedded-nats-start',
    message: expect.stringContaining('address already in use'),
  });
});
