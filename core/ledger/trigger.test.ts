import { describe, expect, test } from 'vitest';
import { compiledTree } from '../testing/compiled-tree.ts';
import { TestLedger } from '../testing/ledger.ts';

function programme(shortBalance = 'partial'): TestLedger {
  const children = [
    {
      promotion: 'review',
      type: 'trigger',
      when: { 'event.type': 'review', 'event.stars': { atLeast: 4 } },
      limits: { perMember: { uses: 2, per: 'day' } },
      benefits: [{ points: { range: { from: 5, to: 20 } } }],
    },
    {
      promotion: 'complaint',
      type: 'trigger',
      deducts: true,
      when: { 'event.type': 'complaint' },
      benefits: [{ points: { fixed: 30 } }],
    },
    {
      promotion: 'purchase',
      type: 'points-accrual',
      benefits: [{ points: { fixed: 1 }, target: 'order' }],
    },
  ];
  const ledger = new TestLedger(
    compiledTree({
      program: { settings: { shortBalance } },
      pointTypes: [{ id: 'main' }],
      arbitration: { mode: 'sequential', children },
    }),
  );
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  return ledger;
}

function happens(ledger: TestLedger, event: string, more: object = {}) {
  const id = `t${ledger.records.length}`;
  return ledger.when({ id, kind: 'trigger', member: 'm', event, ...more });
}

const GOOD = { fields: { stars: 5 } };

describe('an event', () => {
  test('gives the points that its sender chose, or the fewest, and nothing for purchases', () => {
    const ledger = programme();
    happens(ledger, 'review', { ...GOOD, value: 12 });
    expect(ledger.entrySum('member:m')).toBe(12);
    happens(ledger, 'review', GOOD);
    expect(ledger.entrySum('member:m')).toBe(17);
    expect(ledger.state.member('m')?.checkouts).toBe(0);
  });

  test('gives no more often than its limit says', () => {
    const ledger = programme();
    for (let count = 0; count < 3; count += 1) happens(ledger, 'review', GOOD);
    expect(ledger.entrySum('member:m')).toBe(10);
  });

  test('is rejected when its points are outside of the range', () => {
    const record = happens(programme(), 'review', { ...GOOD, value: 21 });
    expect(record.outcome).toMatchObject({ reason: 'points-out-of-range', path: '/value' });
  });

  test('that nothing waits for is accepted and changes nothing', () => {
    const record = happens(programme(), 'holiday');
    expect(record.outcome).toMatchObject({ status: 'accepted' });
    expect(record.transfers).toEqual([]);
  });

  test.each([
    ['partial', -20, { status: 'accepted' }],
    ['skip', 0, { status: 'accepted' }],
    ['reject', 0, { reason: 'insufficient-points' }],
  ])('that takes points finds too few: %s', (setting, change, outcome) => {
    const ledger = programme(setting);
    happens(ledger, 'review', { ...GOOD, value: 20 });
    expect(happens(ledger, 'complaint').outcome).toMatchObject(outcome);
    expect(ledger.entrySum('member:m')).toBe(20 + change);
  });

  test('that takes points never runs on a purchase', () => {
    const ledger = programme();
    const lines = [{ sku: 'A', quantity: 1, price: 100 }];
    ledger.when({ id: 'c', kind: 'checkout', member: 'm', lines });
    expect(ledger.entrySum('member:m')).toBe(1);
  });

  test.each([
    [{ member: 'nobody' }, 'unknown-member'],
    [{ occurredAt: '2026-01-16T12:00:00Z' }, 'occurred-in-the-future'],
  ])('%j is rejected', (more, reason) => {
    expect(happens(programme(), 'review', more).outcome).toMatchObject({ reason });
  });
});

describe('a movement by hand', () => {
  const tree = () => compiledTree({ pointTypes: [{ id: 'main', adjustUpTo: 100 }] });
  const by = (more: object) => {
    const ledger = new TestLedger(tree());
    ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
    const about = { kind: 'adjust', member: 'm', type: 'main', reason: 'goodwill', comment: '' };
    return ledger.when({ id: 'a', ...about, ...more }).outcome;
  };

  test.each([
    [{ amount: 100 }, { status: 'accepted' }],
    [{ amount: 101 }, { reason: 'approval-required' }],
    [{ amount: 101, author: 'ann' }, { reason: 'approval-required' }],
    [{ amount: 101, author: 'ann', approvedBy: 'ann' }, { reason: 'approval-required' }],
    [{ amount: 101, author: 'ann', approvedBy: 'bob' }, { status: 'accepted' }],
  ])('%j needs as many persons as it is large', (more, outcome) => {
    expect(by(more)).toMatchObject(outcome);
  });
});
