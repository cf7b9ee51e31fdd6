import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { ledgerOf } from '../../workers/store/block-reading.ts';
import { partitionFolder } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import type { OutcomeJson } from '../client/outcome-json.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { connectNats } from '../nats/connection.ts';
import { publishDocument } from '../rules/publish-document.ts';
import { RuleRegistry } from '../rules/registry.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';
import { verifyPartition } from '../verify/verify-partition.ts';

/** Starting and dying takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 300_000 });

const PARTITIONS = 4;
const PROGRAM = fileURLToPath(new URL('./testing/owner.ts', import.meta.url));
const ANSWER_MILLISECONDS = 120_000;
/** Money in all, and what one checkout takes of it: the last one takes what is left. */
const CAP = 30_250;
const EACH = 500;
const BUYERS = 240;
const TOGETHER = 8;
/** Requests after the rush, for what is left because a machine was too slow to wait for. */
const ROUNDS_MAX = 60;

/** One process with its partitions and its store. */
class Owner {
  readonly store = mkdtempSync(join(tmpdir(), 'arbiter-owner-'));
  readonly owned: readonly number[];
  #child: ChildProcess | undefined;

  constructor(owned: readonly number[]) {
    this.owned = owned;
  }

  async run(natsUrl: string): Promise<void> {
    const words = [PROGRAM, natsUrl, this.store, PARTITIONS, ...this.owned].map(String);
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    const [word] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (String(word).trim() !== 'runs') throw new Error(`the owner of ${this.owned} ended`);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  /** Its records, once each partition of it was found to be in order. */
  async records(): Promise<LedgerRecord[]> {
    const records: LedgerRecord[] = [];
    for (const partition of this.owned) {
      const path = join(this.store, partitionFolder(partition));
      const store = new LmdbStore({ path, partition, partitions: PARTITIONS, readOnly: true });
      expect(verifyPartition(store, () => {}).violations).toEqual([]);
      records.push(...ledgerOf(store));
      await store.close();
    }
    return records;
  }
}

const owners = [new Owner([0, 2]), new Owner([1, 3])] as const;
let nats: ScratchNats;
let connection: NatsConnection;

beforeAll(async () => {
  nats = await ScratchNats.start();
  await Promise.all(owners.map((owner) => owner.run(nats.url)));
  connection = await connectNats({ servers: [nats.url], name: 'test' });
  const stream = jetstream(connection);
  const registry = await RuleRegistry.open(connection, { stream, replicas: 1 });
  const budget = {
    promotion: 'first-come',
    type: 'order-discount',
    benefits: { list: [{ discount: { amount: EACH } }] },
    limits: { budget: { discount: CAP } },
  };
  const document = { ...TEST_RULE_SET, arbitration: { mode: 'sequential', children: [budget] } };
  const about = { author: 'test', note: '', partitions: PARTITIONS };
  expect(await publishDocument(registry, { document, ...about })).toMatchObject({ ok: true });
});

afterAll(async () => {
  await Promise.all(owners.map((owner) => owner.end('SIGKILL')));
  await connection.close();
  await nats.stop();
  for (const { store } of owners) rmSync(store, { recursive: true, force: true });
});

const checkouts = (from: number): object[] =>
  Array.from({ length: TOGETHER }, (_, buyer) => ({
    id: `buyer/${from + buyer}`,
    kind: 'checkout',
    store: 's-1',
    lines: [{ id: '1', sku: 'BEAR', quantity: 1, price: 2 * EACH }],
  }));

function spentBy(outcomes: readonly OutcomeJson[]): number {
  const discount = (outcome: OutcomeJson): number => Number(Object(outcome['totals']).discount);
  return outcomes.reduce((sum, outcome) => sum + discount(outcome), 0);
}

test('two processes that are killed in turn spend one budget to the last unit', async () => {
  const client = new TransactionClient(connection, { partitions: PARTITIONS });
  const options = { format: 'json', timeoutMs: ANSWER_MILLISECONDS } as const;
  const requests = Array.from({ length: BUYERS / TOGETHER }, (_, request) =>
    client.submit(checkouts(request * TOGETHER), options),
  );
  for (const [death, owner] of owners.entries()) {
    // In the middle of it: somebody has an answer, others have not.
    await Promise.race(requests.slice(death * 10));
    await owner.end('SIGKILL');
    await owner.run(nats.url);
  }
  const outcomes = (await Promise.all(requests)).flat();
  // Who waited too long while nobody answered went without; then others come and find the rest.
  for (let round = 0; round < ROUNDS_MAX && spentBy(outcomes) < CAP; round += 1) {
    outcomes.push(...(await client.submit(checkouts(outcomes.length), options)));
  }
  expect(spentBy(outcomes)).toBe(CAP);
  await client.close();

  await Promise.all(owners.map((owner) => owner.end('SIGTERM')));
  const records = (await Promise.all(owners.map((owner) => owner.records()))).flat();
  const sales = records.filter(({ kind }) => kind === 'checkout');
  expect(sales).toHaveLength(outcomes.length);
  const discounts = sales.map(({ outcome }) =>
    outcome.status === 'accepted' ? (outcome.decision?.totals.discount ?? 0) : 0,
  );
  expect(discounts.reduce<number>((sum, discount) => sum + discount, 0)).toBe(CAP);
  // Both sold under the budget: neither had it alone.
  for (const owner of owners) {
    const own = (await owner.records()).filter(({ kind }) => kind === 'checkout');
    expect(own.some(({ outcome }) => JSON.stringify(outcome).includes('first-come'))).toBe(true);
  }
});
