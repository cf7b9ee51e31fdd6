import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyChain } from '../../ops/audit/chain.ts';
import { ruleDesk } from '../../ops/rules/desk.ts';
import { EDITS_MAX } from '../../ops/rules/working-copy.ts';
import { AccessStore } from '../access/access-store.ts';
import { NatsProcessors } from '../rules/nats-processors.ts';
import { RuleRegistry } from '../rules/registry.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { RuleAuditor } from './rule-auditor.ts';

/** What becomes of rule sets is told, whoever did it and by whichever way. */

const folder = mkdtempSync(join(tmpdir(), 'arbiter-rule-auditor-'));
let scratch: ScratchProcessor;
let registry: RuleRegistry;
let store: AccessStore;
let auditor: RuleAuditor;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  const stream = jetstream(scratch.connection);
  registry = await RuleRegistry.open(scratch.connection, { stream, replicas: 1 });
  store = new AccessStore(folder);
  auditor = begun();
  await auditor.tellAll();
});

afterAll(async () => {
  await auditor?.stop();
  await store?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function begun(): RuleAuditor {
  const onError = (error: unknown) => expect(error).toBeUndefined();
  return new RuleAuditor({ store, books: registry.books, onError });
}

function desk() {
  const { connection } = scratch;
  const processors = new NatsProcessors({ connection, registry, partitions: 4 });
  return ruleDesk({ books: registry.books, processors, now: Date.now });
}

const rowsAfter = (sequence: number) =>
  [...store.rows(sequence + 1)].map(({ actor, action, object }) => [actor, action, object]);

test('a version, its activation and a schedule are told once, over restarts', async () => {
  const before = store.head().sequence;
  const latest = await registry.books.latest();
  const by = { author: { name: 'ann' }, note: 'more' };
  const document = { ...TEST_RULE_SET, program: { ...TEST_RULE_SET.program, title: 'Other' } };
  const published = await desk()({ command: 'publish', document, ...by });
  expect(published).toMatchObject({ ok: true });
  const version = published.ok ? (published.version?.version ?? 0) : 0;
  expect(version).toBe(latest + 1);
  expect(await desk()({ command: 'apply', version, ...by })).toMatchObject({ ok: true });
  const due = Date.now() + 3_600_000;
  const planned = await desk()({ command: 'schedule', version, due, ...by });
  const schedule = planned.ok ? (planned.schedule?.number ?? 0) : 0;
  await auditor.tellAll();
  const bob = { author: { name: 'bob' }, note: '' };
  await desk()({ command: 'unschedule', schedule, ...bob });
  await auditor.stop();
  auditor = begun();
  await auditor.tellAll();
  await auditor.tellAll();
  expect(rowsAfter(before)).toEqual([
    ['books:ann', 'rules.published', `version ${version}`],
    ['books:ann', 'rules.activated', `version ${version}`],
    ['books:ann', 'rules.scheduled', `schedule ${schedule}`],
    ['books:ann', 'rules.schedule-ended', `schedule ${schedule}`],
  ]);
  expect([...store.rows()].at(-1)?.detail).toMatchObject({ message: 'cancelled by bob' });
  expect(verifyChain(store.rows(), store.head())).toMatchObject({ ok: true });
});

test('an edit of the working copy is told, by whom and of what', async () => {
  const before = store.head().sequence;
  const clone = (id: string) =>
    desk()({ command: 'clone', node: 'promotion toys-10', id, author: { name: 'ann' }, note: 'x' });
  expect(await clone('toys-a')).toMatchObject({ ok: true });
  // What changed nothing is no edit.
  expect(await clone('toys-a')).toMatchObject({ ok: false });
  const bob = { author: { name: 'bob' }, note: '' };
  const switched = { command: 'switch', nodes: ['promotion earn'], state: 'inactive' } as const;
  expect(await desk()({ ...switched, ...bob })).toMatchObject({ ok: true });
  await auditor.tellAll();
  await auditor.stop();
  auditor = begun();
  expect(await desk()({ command: 'revert', ...bob })).toMatchObject({ ok: true });
  await auditor.tellAll();
  const rows = [...store.rows(before + 1)];
  expect(
    rows.map(({ actor, action, detail }) => [actor, action, detail['edit'], detail['nodes']]),
  ).toEqual([
    ['books:ann', 'rules.edited', 'clone', 'promotion toys-a'],
    ['books:bob', 'rules.edited', 'switch', 'promotion earn'],
    ['books:bob', 'rules.edited', 'revert', 'promotion earn, promotion toys-a'],
  ]);
  expect(rows[0]?.detail).toMatchObject({ changes: 1, note: 'x' });
});

test('edits that were too many to be remembered are counted', async () => {
  const before = store.head().sequence;
  const flip = (state: 'active' | 'inactive') =>
    desk()({
      command: 'switch',
      nodes: ['promotion earn'],
      state,
      author: { name: 'ann' },
      note: '',
    });
  await auditor.stop();
  for (let at = 0; at < EDITS_MAX + 3; at += 1) await flip(at % 2 === 0 ? 'inactive' : 'active');
  auditor = begun();
  await auditor.tellAll();
  const rows = [...store.rows(before + 1)];
  expect(rows).toHaveLength(EDITS_MAX);
  expect(rows[0]?.detail).toMatchObject({ untold: 3 });
  expect(rows.at(-1)?.detail).not.toHaveProperty('untold');
  await desk()({ command: 'revert', author: { name: 'ann' }, note: '' });
  await auditor.tellAll();
});

test('what the first start found is told as well', () => {
  expect(rowsAfter(0)[0]).toMatchObject([expect.any(String), 'rules.published', 'version 1']);
});
