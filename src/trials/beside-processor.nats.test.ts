import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { TrialPool } from './trial-pool.ts';

const LINES = [{ id: '1', sku: 'BALL', category: ['toys'], quantity: 1, price: 10_000 }];
const SALE = { store: 's-1', currency: 'EUR', lines: LINES };

let scratch: ScratchProcessor;
let pool: TrialPool;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  pool = new TrialPool(scratch.storePath, { niceIncrement: 0 });
});

afterAll(async () => {
  await pool.close();
  await scratch.stop();
});

function buy(id: string) {
  return scratch.client.submit([{ id, kind: 'checkout', member: 'm-1', ...SALE }]);
}

test('trials read the ledger of a running processor and leave it alone', async () => {
  await scratch.client.submit([{ id: 'e', kind: 'enrol', member: 'm-1' }]);
  await buy('c-1');
  const request = { member: 'm-1', order: SALE };
  const now = Date.now();
  const tested = await pool.test({ request, ruleSet: { named: 'applied' }, now });
  const points = [{ type: 'main', before: 90, accrued: 90, after: 180 }];
  expect(tested).toMatchObject({ kind: 'tested', result: { points } });

  const range = { from: '2020-01-01', to: '2100-01-01' };
  const asked = { ...range, candidate: { named: 'applied' } };
  const [answer] = await Promise.all([pool.whatIf(asked).answer, buy('c-2'), buy('c-3')]);
  expect(answer).toMatchObject({ kind: 'done', report: { transactions: { changed: 0 } } });

  // What was tried has not happened: the next one begins where the last one ended.
  const [last] = await buy('c-4');
  expect(last).toMatchObject({ status: 'accepted', points: [{ before: 270, after: 360 }] });
});

test('a version that is nowhere is named as such', async () => {
  const asked = { from: '2020-01-01', to: '2100-01-01', candidate: { named: '99' } };
  const answer = await pool.whatIf(asked).answer;
  expect(answer).toMatchObject({ kind: 'refused', reason: 'unknown-rule-set' });
});
