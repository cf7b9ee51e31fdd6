import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, headers } from 'nats';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CONSUMER, ensureStreams, streamOf, subjectOf } from '../nats/streams.ts';
import { Load, seedOf } from './testing/load.ts';
import { PARTITIONS, TestDeployment } from './testing/test-deployment.ts';

vi.setConfig({ testTimeout: 240_000 });

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await deployment.remove();
});

test('a consumer that is deleted under load is made anew and doubles nothing', async () => {
  const load = await Load.start(deployment, seedOf('deleted consumer'));
  const manager = await jetstreamManager(load.connection);
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    await load.progress(10);
    await manager.consumers.delete(streamOf(partition), CONSUMER);
    await deployment.logged(
      'consumer lost, making it anew',
      (line) => line['partition'] === partition,
    );
  }
  await load.progress(100);
  await load.finish();
  expect(await load.differences()).toEqual([]);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});

test('streams that are made anew under load are read from their start', async () => {
  const load = await Load.start(deployment, seedOf('new streams'));
  const manager = await jetstreamManager(load.connection);
  await load.progress(30);
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    await manager.streams.delete(streamOf(partition));
  }
  await ensureStreams(manager, { partitions: PARTITIONS, replicas: 1 });
  await deployment.logged('stream started over: it was made anew or lost messages');
  await load.progress(100);
  await load.finish();
  expect(await load.differences()).toEqual([]);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});

/** Messages of each stream that are sent a second time. */
const REPEATED_MAX = 50;

async function firstMessages(manager: JetStreamManager): Promise<[string, Uint8Array][]> {
  const messages: [string, Uint8Array][] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const { state } = await manager.streams.info(streamOf(partition));
    const last = Math.min(state.last_seq, state.first_seq + REPEATED_MAX - 1);
    for (let seq = state.first_seq; seq <= last; seq += 1) {
      const message = await manager.streams.getMessage(streamOf(partition), { seq });
      if (message) messages.push([subjectOf(partition), message.data]);
    }
  }
  return messages;
}

test('whole messages that come again are answered and give no new ledger entries', async () => {
  const before = await deployment.verify();
  expect(before).toMatchObject({ code: 0 });
  const connection = await deployment.connect();
  const messages = await firstMessages(await jetstreamManager(connection));
  const inbox = createInbox();
  const answers = connection.subscribe(inbox, { max: messages.length });
  const about = headers();
  about.set('Arbiter-Reply', inbox);
  for (const [subject, data] of messages) connection.publish(subject, data, { headers: about });
  let answered = 0;
  for await (const _ of answers) answered += 1;
  expect(answered).toBe(messages.length);
  await connection.close();

  const transactions = /transactions .*/.exec(before.output)?.[0];
  const after = await deployment.verify();
  expect(after).toMatchObject({ code: 0 });
  expect(after.output).toContain(transactions);
});
