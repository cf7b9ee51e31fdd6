import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TransactionClient } from '../client/transaction-client.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { PARTITIONS, TestDeployment } from './testing/test-deployment.ts';

/** Starting and dying takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 300_000 });

const WORKERS = '8';
/** Uses of the promotion in all, and those who want one. */
const CAP = 120;
const BUYERS = 480;
/** Checkouts of one request; there are many requests at once. */
const TOGETHER = 12;
const DEATHS = 2;
/** Requests after the rush, for what is left because a machine was too slow to wait for. */
const ROUNDS_MAX = 60;
const ANSWER_MILLISECONDS = 120_000;

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
});

afterAll(async () => {
  await deployment.remove();
});

/** The test programme with a promotion that only the first ones get. */
function ruleSet(): object {
  const first = {
    promotion: 'first-come',
    type: 'product-discount',
    benefits: { list: [{ discount: { percent: 50 } }] },
    limits: { budget: { uses: CAP } },
  };
  return { ...TEST_RULE_SET, arbitration: { mode: 'sequential', children: [first] } };
}

const checkout = (buyer: number) => ({
  id: `hammer/${buyer}`,
  kind: 'checkout',
  store: 's-1',
  lines: [{ id: '1', sku: 'BEAR', quantity: 1, price: 1_000 }],
});

const luckyOf = (outcomes: readonly unknown[]): number =>
  outcomes.filter((outcome) => JSON.stringify(outcome).includes('"discount":500')).length;

test('hammered by eight workers that are killed, a budget is spent to the last use', async () => {
  await deployment.run({ ARBITER_WORKERS: WORKERS });
  const file = join(deployment.layout.path, 'rules.json');
  writeFileSync(file, JSON.stringify(ruleSet()));
  expect(await deployment.command(['rules', 'apply', file])).toMatchObject({ code: 0 });

  const connection = await deployment.connect();
  const client = new TransactionClient(connection, { partitions: PARTITIONS });
  const requests = Array.from({ length: BUYERS / TOGETHER }, (_, request) =>
    client.submit(
      Array.from({ length: TOGETHER }, (_, buyer) => checkout(request * TOGETHER + buyer)),
      { format: 'json', timeoutMs: ANSWER_MILLISECONDS },
    ),
  );
  for (let death = 0; death < DEATHS; death += 1) {
    // In the middle of it: somebody has an answer, others have not.
    await Promise.race(requests.slice(death * 10));
    await deployment.kill();
    await deployment.run({ ARBITER_WORKERS: WORKERS });
  }
  const outcomes = (await Promise.all(requests)).flat();
  expect(outcomes).toHaveLength(BUYERS);
  // Who waited too long while nobody answered went without; then others come and find the rest.
  for (let round = 0; round < ROUNDS_MAX && luckyOf(outcomes) < CAP; round += 1) {
    expect(luckyOf(outcomes)).toBeLessThan(CAP);
    const more = Array.from({ length: TOGETHER }, (_, buyer) => checkout(outcomes.length + buyer));
    const options = { format: 'json', timeoutMs: ANSWER_MILLISECONDS } as const;
    outcomes.push(...(await client.submit(more, options)));
  }
  expect(luckyOf(outcomes)).toBe(CAP);
  await client.close();
  await connection.close();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await deployment.violations()).toEqual([]);
});
