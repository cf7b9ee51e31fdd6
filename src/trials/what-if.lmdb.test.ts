import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { WhatIfReport } from '../../ops/what-if/report.ts';
import { TrafficGenerator } from '../generate/traffic.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { parseRuleDocument } from '../rules/read-document.ts';
import { SAMPLES } from '../samples/sample-files.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchLedger } from '../testing/scratch-ledger.ts';
import { TrialPool } from './trial-pool.ts';
import { prepareWhatIf, type WhatIfAsked } from './what-if.ts';

const ledgers: ScratchLedger[] = [];

afterEach(async () => {
  for (const ledger of ledgers.splice(0)) {
    await ledger.close();
    ledger.remove();
  }
});

function newLedger(partitions: number): ScratchLedger {
  const ledger = new ScratchLedger(partitions);
  ledgers.push(ledger);
  return ledger;
}

/** The test programme with some promotions changed. */
function withPromotions(changes: Readonly<Record<string, object>>) {
  const children = TEST_RULE_SET.arbitration.children.map((child) => ({
    ...child,
    ...changes[child.promotion],
  }));
  return { ...TEST_RULE_SET, arbitration: { mode: 'sequential', children } };
}

const TWENTY = { benefits: { list: [{ discount: { percent: 20 } }] } };
const MEMBERS = ['m-1', 'm-2', 'm-3', 'm-4', 'm-5'];

/** Purchases, some paid with points, and a few that come back. */
function* traffic(purchases: number): Generator<object> {
  for (const member of MEMBERS) yield { id: `enrol/${member}`, kind: 'enrol', member };
  for (let number = 0; number < purchases; number += 1) {
    const member = MEMBERS[number % MEMBERS.length];
    const price = 1_000 + 370 * (number % 7);
    const category = number % 3 === 0 ? ['food'] : ['toys'];
    const line = { id: '1', sku: `S${number % 4}`, category, quantity: 1 + (number % 2), price };
    const pay = number % 4 === 3 ? { pay: { points: 'main', amount: 5 } } : {};
    const at = { store: 's-1', currency: 'EUR' };
    yield { id: `c/${number}`, kind: 'checkout', member, ...at, ...pay, lines: [line] };
    if (number % 5 !== 4) continue;
    yield { id: `r/${number}`, kind: 'return', member, checkout: `c/${number}` };
  }
}

async function report(ledger: ScratchLedger, asked: WhatIfAsked): Promise<WhatIfReport> {
  const open = OpenLedger.open(ledger.path);
  try {
    const prepared = prepareWhatIf(asked, open);
    if (prepared.kind !== 'ready') throw new Error(JSON.stringify(prepared));
    for (;;) {
      const step = prepared.run.next();
      if (step.done) return step.value;
    }
  } finally {
    await open.close();
  }
}

function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

const FROM = '2026-01-01';
const TO = '2027-01-01';

test('the version that decided changes nothing, on a ledger of many partitions', async () => {
  const ledger = newLedger(4);
  const read = parseRuleDocument(readFileSync(SAMPLES.coalition.path, 'utf8'));
  if (!read.ok) throw new Error(read.message);
  const document = read.document.value;
  ledger.activate(document);
  const generator = new TrafficGenerator({ seed: 7, members: 40, returns: 0.1, cancels: 0.02 });
  let middle = 0;
  for (let number = 0; number < 240; number += 1) {
    ledger.send(generator.next(ledger.now).transaction as object);
    if (number % 50 === 49) ledger.tick();
    if (number === 120) middle = ledger.now;
  }
  const before = ledger.stateHash();
  for (const from of [FROM, instantOf(middle)]) {
    const candidate = { version: 1, document };
    const same = await report(ledger, { from, to: TO, candidate });
    expect(same.transactions.compared).toBeGreaterThan(80);
    expect(same.transactions).toMatchObject({ changed: 0, newlyAccepted: 0, newlyRejected: 0 });
    expect(same.members.affected).toBe(0);
    for (const { currency: _, ...figures } of same.money) {
      for (const { change } of Object.values(figures)) expect(change).toBe(0);
    }
    for (const { used } of same.budgets) expect(used.change).toBe(0);
  }
  expect(ledger.stateHash()).toBe(before);
});

test('the candidate’s figures are those of a ledger that grew under it', async () => {
  const candidate = withPromotions({ 'toys-10': TWENTY });
  const [real, other] = [newLedger(3), newLedger(1)];
  real.activate(TEST_RULE_SET);
  other.activate(candidate);
  const [sums, others] = [
    { payable: 0, accrued: 0 },
    { payable: 0, accrued: 0 },
  ];
  for (const transaction of traffic(40)) {
    for (const [ledger, sum] of [
      [real, sums],
      [other, others],
    ] as const) {
      const outcome = ledger.send(transaction);
      const totals = outcome?.['totals'] as { payable: number } | undefined;
      sum.payable += totals?.payable ?? 0;
      const points = (outcome?.['points'] ?? []) as { type: string; accrued: number }[];
      for (const row of points) sum.accrued += row.type === 'main' ? row.accrued : 0;
    }
  }
  const asked = { from: FROM, to: TO, candidate: { version: 0, document: candidate } };
  const { money, points, transactions, members, largest } = await report(real, asked);
  expect(transactions.drifted).toBe(0);
  const [euro] = money;
  expect(euro).toMatchObject({ currency: 'EUR' });
  expect([euro?.payable.before, euro?.payable.after]).toEqual([sums.payable, others.payable]);
  const main = points.find(({ type }) => type === 'main');
  expect([main?.accrued.before, main?.accrued.after]).toEqual([sums.accrued, others.accrued]);
  // What one of the five buys comes back, so that nothing of it is left to differ.
  expect(members.affected).toBe(4);
  expect(largest[0]?.promotions.map(({ promotion }) => promotion)).toEqual(['toys-10', 'earn']);
  expect(largest[0]?.explanation?.eligibility.map(({ promotion }) => promotion)).toContain('earn');
});

test('budgets are spent as they would have been under the candidate', async () => {
  const ledger = newLedger(2);
  ledger.activate(TEST_RULE_SET);
  for (const transaction of traffic(30)) ledger.send(transaction);
  const limits = { budget: { discount: 1_500 } };
  const document = withPromotions({ 'toys-10': { ...TWENTY, limits } });
  const asked = { from: FROM, to: TO, candidate: { version: 0, document } };
  const { budgets, exhausted, promotions, partners, liability } = await report(ledger, asked);
  expect(budgets).toHaveLength(1);
  expect(budgets[0]?.of).toBe('discount');
  expect(budgets[0]?.limit).toEqual({ before: null, after: 1_500 });
  expect(budgets[0]?.used.after).toBeLessThanOrEqual(1_500);
  const [{ discount }] = promotions.filter(({ promotion }) => promotion === 'toys-10') as [
    (typeof promotions)[number],
  ];
  expect(discount[0]?.after).toBe(budgets[0]?.used.after);
  expect(exhausted).toEqual([
    { promotion: 'toys-10', before: null, after: expect.stringContaining('2026-01-15') },
  ]);
  // The one partner issues all points, so its cost and what members own differ alike.
  expect(partners.map(({ partner }) => partner)).toContain('');
  expect(liability.change).not.toBe(0);
});

test('a filter counts what it is for, and everything else still happens', async () => {
  const ledger = newLedger(2);
  ledger.activate(TEST_RULE_SET);
  for (const transaction of traffic(12)) ledger.send(transaction);
  const document = withPromotions({ 'toys-10': TWENTY });
  const asked = { from: FROM, to: TO, candidate: { version: 0, document } };
  const all = await report(ledger, asked);
  const there = await report(ledger, { ...asked, region: 'north' });
  const elsewhere = await report(ledger, { ...asked, region: 'south' });
  const partner = await report(ledger, { ...asked, partner: 'shop' });
  expect(there.money).toEqual(all.money);
  expect(partner.money).toEqual(all.money);
  expect(elsewhere.transactions).toMatchObject({ compared: 0, changed: 0 });
  expect(elsewhere.transactions.played).toBe(all.transactions.played);
});

test('a what-if runs in a thread of its own, tells how far it is and can be cancelled', async () => {
  const ledger = newLedger(2);
  ledger.activate(TEST_RULE_SET);
  for (const transaction of traffic(12)) ledger.send(transaction);
  const pool = new TrialPool(ledger.path, { niceIncrement: 0 });
  try {
    const asked = { from: FROM, to: TO, candidate: { named: 'applied' } };
    const running = pool.whatIf(asked);
    expect(await running.answer).toMatchObject({
      kind: 'done',
      report: { transactions: { changed: 0 }, candidate: { version: 1 } },
    });
    const cancelled = pool.whatIf(asked);
    cancelled.control.cancel();
    expect(await cancelled.answer).toEqual({ kind: 'cancelled' });
    const order = { store: 's-1', lines: [{ sku: 'A', quantity: 1, price: 100 }] };
    const request = { member: 'm-1', order };
    const tested = await pool.test({ request, ruleSet: { named: '1' }, now: ledger.now });
    expect(tested).toMatchObject({ kind: 'tested', result: { status: 'accepted' } });
  } finally {
    await pool.close();
  }
});

test('ranges that cannot be are refused', async () => {
  const ledger = newLedger(1);
  ledger.activate(TEST_RULE_SET);
  const open = OpenLedger.open(ledger.path);
  const candidate = { version: 0, document: TEST_RULE_SET };
  const refused = (from: string, to: string) => prepareWhatIf({ from, to, candidate }, open);
  expect(refused('soon', TO)).toMatchObject({ kind: 'refused', path: '/from' });
  expect(refused(FROM, 'later')).toMatchObject({ kind: 'refused', path: '/to' });
  expect(refused(TO, FROM)).toMatchObject({ kind: 'refused', path: '/to' });
  const broken = prepareWhatIf(
    { from: FROM, to: TO, candidate: { version: 0, document: 7 } },
    open,
  );
  expect(broken.kind).toBe('does-not-compile');
  await open.close();
});
