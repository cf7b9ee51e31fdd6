import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchLedger } from '../testing/scratch-ledger.ts';
import { testOrder } from './test-order.ts';

const PARTITIONS = 4;
const LINES = [{ id: '1', sku: 'BALL', category: ['toys'], quantity: 1, price: 10_000 }];
const ORDER = { store: 's-1', currency: 'EUR', lines: LINES };

const DRAFT = {
  ...TEST_RULE_SET,
  arbitration: {
    mode: 'sequential',
    children: TEST_RULE_SET.arbitration.children.map((child) =>
      child.promotion === 'earn' ? { ...child, state: 'draft' } : child,
    ),
  },
};

let ledger: ScratchLedger;
let open: OpenLedger;

beforeEach(() => {
  ledger = new ScratchLedger(PARTITIONS);
  ledger.activate(TEST_RULE_SET);
  for (const member of ['m-1', 'm-2', 'm-3', 'm-4', 'm-5']) {
    ledger.send({ id: `enrol/${member}`, kind: 'enrol', member });
    ledger.send({ id: `buy/${member}`, kind: 'checkout', member, ...ORDER });
  }
  open = OpenLedger.open(ledger.path);
});

afterEach(async () => {
  await open.close();
  await ledger.close();
  ledger.remove();
});

test('testing a member of the ledger leaves every byte of the store as it is', () => {
  const before = ledger.stateHash();
  for (const member of ['m-1', 'm-2', 'm-3', 'm-4', 'm-5', { points: { main: 7 } }]) {
    for (const named of ['applied', ledger.store(TEST_RULE_SET)]) {
      const order = { ...ORDER, pay: { points: 'main', amount: 5 } };
      const request = { member, order, at: '2026-01-15T18:00:00Z', explain: true };
      const ruleSet = open.ruleSet(named);
      const tested = testOrder({ request, ruleSet, ledger: open, now: ledger.now });
      const before = typeof member === 'string' ? 90 : 7;
      const points = [{ type: 'main', before, redeemed: 5, accrued: 85, after: before + 80 }];
      expect(tested).toMatchObject({ kind: 'tested', result: { status: 'accepted', points } });
    }
  }
  expect(ledger.stateHash()).toBe(before);
});

test('a test answers what the checkout is then given', () => {
  const request = { member: 'm-3', order: ORDER, at: new Date(ledger.now + 1_000).toISOString() };
  const ruleSet = open.ruleSet('applied');
  const tested = testOrder({ request, ruleSet, ledger: open, now: 0 });
  if (tested.kind !== 'tested') throw new Error(JSON.stringify(tested));
  const { id: _, ...foretold } = tested.result.outcome;
  const { id: __, ...given } =
    ledger.send({ id: 'c', kind: 'checkout', member: 'm-3', ...ORDER }) ?? {};
  expect(foretold).toEqual(given);
});

test('a version that was never applied, and a draft of it as if it were active', () => {
  const hash = ledger.store(DRAFT);
  const run = (asActive: readonly string[]) => {
    const request = { member: 'm-1', order: ORDER, asActive };
    return testOrder({ request, ruleSet: open.ruleSet(hash), ledger: open, now: ledger.now });
  };
  expect(run([])).toMatchObject({
    result: { notApplied: [{ promotion: 'earn', reason: 'draft' }] },
  });
  expect(run(['earn'])).toMatchObject({ result: { notApplied: [], ruleSet: { version: 2 } } });
  expect(run(['nobody'])).toMatchObject({ problem: { reason: 'unknown-promotion' } });
});

test('a rule set that does not compile says why', () => {
  const ruleSet = { version: 0, document: { program: 7 } };
  const tested = testOrder({ request: { order: ORDER }, ruleSet, ledger: open, now: ledger.now });
  expect(tested.kind).toBe('does-not-compile');
});

test('what is not there is named', () => {
  expect(() => open.ruleSet('99')).toThrow('no rule-set version `99`');
  expect(OpenLedger.find(`${ledger.path}/nowhere`)).toBeUndefined();
  expect(open.ruleSet('1').hash).toBe(open.ruleSet('applied').hash);
});
