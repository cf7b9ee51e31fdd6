import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Draft } from '../../ops/rules/version.ts';
import { connectNats } from '../nats/connection.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';
import { RuleRegistry } from './registry.ts';
import { type KvRuleBooks, RULE_SET_BYTES_MAX } from './rule-books.ts';

let nats: ScratchNats;
let connection: NatsConnection;
let registry: RuleRegistry;
let books: KvRuleBooks;

beforeAll(async () => {
  nats = await ScratchNats.start();
  connection = await connectNats({ servers: [nats.url], name: 'registry-test' });
  registry = await RuleRegistry.open(connection, { stream: jetstream(connection), replicas: 1 });
  books = registry.books;
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});

const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
  hash: `sha256:means-${content}`,
  content: `sha256:${content}`,
  parent: undefined,
  author: 'a',
  authors: ['a'],
  at: '2026-01-01T00:00:00.000Z',
  note: '',
  document: { says: content },
  ...more,
});

test('a version keeps its number when the same content is published again', async () => {
  expect(await books.publish(draft('one'))).toMatchObject({ version: 1 });
  expect(await books.publish(draft('two', { parent: 1 }))).toMatchObject({ version: 2, parent: 1 });
  expect(await books.publish(draft('one', { author: 'b' }))).toMatchObject({
    version: 1,
    author: 'a',
  });
  expect(await books.latest()).toBe(2);
});

test('documents that mean the same are versions of their own, found by the first', async () => {
  const { hash } = draft('one');
  const version = await books.publish(draft('one-with-a-title', { hash }));
  expect(version).toMatchObject({ version: 3, hash });
  expect(await books.documentOf(version)).toEqual({ says: 'one-with-a-title' });
  expect(await books.versionOf(hash)).toMatchObject({ version: 1 });
});

test('a version beyond the limit is refused and leaves nothing behind', async () => {
  const latest = await books.latest();
  const document = { title: 'x'.repeat(RULE_SET_BYTES_MAX) };
  await expect(books.publish(draft('large', { document }))).rejects.toMatchObject({
    code: 'rule-set-too-large',
  });
  expect(await books.latest()).toBe(latest);
  expect(await registry.fetch('sha256:means-large')).toBe(false);
});

test('a working copy beyond the limit is not kept', async () => {
  const document = { title: 'x'.repeat(2 * RULE_SET_BYTES_MAX) };
  const large = books.keepWorkingCopy({ base: 1, document, touched: {} }, 0);
  await expect(large).rejects.toMatchObject({ code: 'rule-set-too-large' });
  expect(await books.workingCopy()).toBeUndefined();
});

test('of many who publish at once, each gets a number of its own', async () => {
  const before = await books.latest();
  const names = Array.from({ length: 8 }, (_, number) => `at-once-${number}`);
  const versions = await Promise.all(names.map((name) => books.publish(draft(name))));
  const numbers = versions.map(({ version }) => version).sort((a, b) => a - b);
  expect(numbers).toEqual(names.map((_, place) => before + 1 + place));
});

test('a number is given to one act only', async () => {
  const act = {
    number: 1,
    act: 'apply',
    version: 1,
    hash: draft('one').hash,
    before: undefined,
    author: 'a',
    note: '',
    at: '2026-01-01T00:00:00.000Z',
  } as const;
  expect(await Promise.all([books.begin(act), books.begin({ ...act, version: 2 })])).toContain(
    true,
  );
  expect(await books.begin({ ...act, version: 3 })).toBe(false);
  expect((await books.lastAct())?.version).not.toBe(3);
});

test('the working copy is replaced by who saw it last, and by nobody else', async () => {
  const copy = { base: 1, document: {}, touched: {} };
  expect(await books.keepWorkingCopy(copy, 0)).toBe(true);
  expect(await books.keepWorkingCopy(copy, 0)).toBe(false);
  const held = await books.workingCopy();
  expect(await books.keepWorkingCopy({ ...copy, base: 2 }, held?.revision ?? 0)).toBe(true);
  expect(await books.keepWorkingCopy({ ...copy, base: 3 }, held?.revision ?? 0)).toBe(false);
  expect((await books.workingCopy())?.value.base).toBe(2);
});
