import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectNats } from '../nats/connection.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';
import { RULE_SET_BYTES_MAX, RuleRegistry } from './registry.ts';

let nats: ScratchNats;
let connection: NatsConnection;
let registry: RuleRegistry;

beforeAll(async () => {
  nats = await ScratchNats.start();
  connection = await connectNats({ servers: [nats.url], name: 'registry-test' });
  registry = await RuleRegistry.open(connection, { stream: jetstream(connection), replicas: 1 });
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});

const draft = (hash: string, document: unknown = {}) => ({ hash, author: 'a', note: '', document });

test('a version keeps its number when the same content is published again', async () => {
  expect(await registry.publish(draft('sha256:one'))).toMatchObject({ version: 1 });
  expect(await registry.publish(draft('sha256:two'))).toMatchObject({ version: 2 });
  expect(await registry.publish(draft('sha256:one'))).toMatchObject({ version: 1 });
  expect(await registry.latest()).toBe(2);
});

test('a version beyond the limit is refused and leaves nothing behind', async () => {
  const latest = await registry.latest();
  const document = { title: 'x'.repeat(RULE_SET_BYTES_MAX) };
  await expect(registry.publish(draft('sha256:large', document))).rejects.toMatchObject({
    code: 'rule-set-too-large',
  });
  expect(await registry.latest()).toBe(latest);
  expect(await registry.fetch('sha256:large')).toBe(false);
});
