import { describe, expect, test } from 'vitest';
import type { LedgerRecord } from '../ledger/record.ts';
import { NOON, TestLedger } from '../testing/ledger.ts';
import { plainTree } from '../testing/plain-tree.ts';
import { balance } from './lots.ts';

const DAY = 86_400_000;

function checkout(id: string, more: object = {}) {
  const lines = [{ sku: 'A', quantity: 1, price: 10_000 }];
  return { id, kind: 'checkout', member: 'm', store: 's-1', lines, ...more };
}

function enrolled(tree = plainTree()): TestLedger {
  const ledger = new TestLedger(tree);
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  return ledger;
}

function outcome(record: LedgerRecord) {
  return record.outcome.status === 'rejected'
    ? { rejected: record.outcome.reason, path: record.outcome.path }
    : { points: record.outcome.points.map((row) => [row.before, row.after]) };
}

describe('checkouts', () => {
  test('a checkout accrues on what was paid, in balanced entries', () => {
    const ledger = enrolled();
    const record = ledger.when(checkout('t1'));

    expect(outcome(record)).toEqual({ points: [[0, 90]] });
    expect(ledger.entrySum('member:m')).toBe(90);
    expect(ledger.entrySum('issued:shop')).toBe(-90);
  });

  test('points paid leave the oldest lot and are accepted by the partner', () => {
    const ledger = enrolled();
    ledger.when(checkout('t1'));
    const record = ledger.when(checkout('t2', { pay: { points: 'main', amount: 50 } }));

    expect(outcome(record)).toEqual({ points: [[90, 80]] });
    expect(ledger.entrySum('accepted:shop')).toBe(50);
  });

  test('a quote leaves no trace', () => {
    const ledger = enrolled();
    ledger.when(checkout('t1'));
    const before = JSON.stringify(ledger.state.member('m')?.accounts.get('main'));
    ledger.when({ ...checkout('q'), kind: 'quote', pay: { points: 'main', amount: 50 } });

    expect(JSON.stringify(ledger.state.member('m')?.accounts.get('main'))).toBe(before);
    expect(ledger.state.member('m')?.checkouts).toBe(1);
  });

  // The first broken guard is the one reported; the order is part of the contract.
  test.each([
    [{ currency: 'USD', store: 'x' }, 'wrong-currency', '/currency'],
    [{ store: 'x', partner: 'y' }, 'unknown-store', '/store'],
    [{ partner: 'y', member: 'nobody' }, 'unknown-partner', '/partner'],
    [
      { member: 'nobody', occurredAt: '2026-01-15T13:00:00Z' },
      'occurred-in-the-future',
      '/occurredAt',
    ],
    [{ member: 'nobody' }, 'unknown-member', '/member'],
  ])('%j is rejected', (more, reason, path) => {
    expect(outcome(enrolled().when(checkout('t1', more)))).toEqual({ rejected: reason, path });
  });

  test('nothing is decided before a rule set is active', () => {
    const ledger = enrolled();
    ledger.state.activations.length = 0;
    expect(outcome(ledger.when(checkout('t1')))).toMatchObject({ rejected: 'no-active-rule-set' });
  });
});

describe('time', () => {
  test('expired points cannot be spent even before a tick has booked their expiry', () => {
    const ledger = enrolled(plainTree({ validityMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    ledger.now += DAY;
    const record = ledger.when(checkout('t2', { pay: { points: 'main', amount: 90 } }));

    expect(record.outcome).toMatchObject({
      decision: { redemptions: [] },
      points: [{ before: 90, expired: 90, accrued: 90, after: 90 }],
    });
    expect(ledger.entrySum('breakage')).toBe(90);
  });

  test('a tick books expiry once', () => {
    const ledger = enrolled(plainTree({ validityMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    ledger.now += DAY;
    const at = new Date(ledger.now).toISOString();
    expect(ledger.when({ id: 'k1', kind: 'tick', at }).transfers).toHaveLength(1);
    expect(ledger.when({ id: 'k2', kind: 'tick', at }).transfers).toHaveLength(0);
    expect(ledger.entrySum('member:m')).toBe(0);
  });

  test('a tick never books ahead of the log', () => {
    const ledger = enrolled(plainTree({ validityMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    const at = new Date(NOON + 5 * DAY).toISOString();
    expect(ledger.when({ id: 'k1', kind: 'tick', at }).transfers).toHaveLength(0);
  });

  test('promised points wait, mature, and expire counted from then', () => {
    const ledger = enrolled(
      plainTree({ creditAfterMilliseconds: DAY, validityMilliseconds: 2 * DAY }),
    );
    ledger.when(checkout('t1'));
    expect(ledger.entrySum('member:m')).toBe(0);
    expect(ledger.entrySum('pending:m')).toBe(90);

    ledger.now += DAY;
    ledger.when({ id: 'k1', kind: 'tick', at: new Date(ledger.now).toISOString() });
    expect(ledger.entrySum('member:m')).toBe(90);

    ledger.now += 2 * DAY;
    ledger.when({ id: 'k2', kind: 'tick', at: new Date(ledger.now).toISOString() });
    expect(ledger.entrySum('member:m')).toBe(0);
    expect(ledger.entrySum('breakage')).toBe(90);
  });

  test('matured points can be taken by hand before a tick has booked them', () => {
    const ledger = enrolled(plainTree({ creditAfterMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    const take = (id: string, amount: number) =>
      ledger.when({ id, kind: 'adjust', member: 'm', type: 'main', amount, comment: 'wrong' });
    expect(outcome(take('a1', -90))).toMatchObject({ rejected: 'insufficient-points' });
    ledger.now += DAY;
    expect(outcome(take('a2', -91))).toMatchObject({ rejected: 'insufficient-points' });
    expect(ledger.entrySum('member:m')).toBe(0);
    expect(outcome(take('a3', -90))).toEqual({ points: [[0, 0]] });
    expect(ledger.entrySum('pending:m')).toBe(0);
  });

  test('points that mature together are as old as if ticks had been prompt', () => {
    const ledger = enrolled(plainTree({ creditAfterMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    ledger.when(checkout('t2', { occurredAt: '2026-01-14T12:00:00Z' }));
    ledger.now += 5 * DAY;
    ledger.when({ id: 'k1', kind: 'tick', at: new Date(ledger.now).toISOString() });
    const account = ledger.state.member('m')?.accounts.get('main');
    expect(account?.lots).toMatchObject([{ points: 180, earnedAt: NOON }]);
  });

  test('a late receipt is decided by the version that was active when it was bought', () => {
    const ledger = enrolled(plainTree({ hash: 'old', percentOff: 50 }));
    ledger.now += DAY;
    ledger.activate(2, plainTree({ hash: 'new', percentOff: 0 }));
    const late = ledger.when(checkout('t1', { occurredAt: '2026-01-15T12:00:00Z' }));
    const prompt = ledger.when(checkout('t2', { occurredAt: '2026-01-16T12:00:00Z' }));

    expect(late.outcome).toMatchObject({ late: true, ruleSet: { version: 1, hash: 'old' } });
    expect(late.outcome).toMatchObject({ decision: { totals: { discount: 5_000 } } });
    expect(prompt.outcome).toMatchObject({ late: false, ruleSet: { version: 2, hash: 'new' } });
  });
});

describe('returns', () => {
  function threeBought(): TestLedger {
    const ledger = enrolled();
    ledger.when(checkout('t0', { lines: [{ sku: 'Z', quantity: 1, price: 100_000 }] }));
    ledger.when(
      checkout('t1', {
        lines: [
          { id: 'a', sku: 'A', quantity: 3, price: 3_333 },
          { id: 'b', sku: 'B', quantity: '1.500', price: 777 },
        ],
        delivery: 499,
        pay: { points: 'main', amount: 25 },
      }),
    );
    return ledger;
  }

  test('returning everything in any steps mirrors the sale exactly', () => {
    const steps: unknown[][] = [
      [undefined],
      [[{ id: 'b', quantity: '0.5' }], [{ id: 'a', quantity: 1 }], undefined],
      [
        [{ id: 'a', quantity: 1 }],
        [{ id: 'a', quantity: 1 }],
        [{ id: 'a', quantity: 1 }],
        [{ id: 'b', quantity: '1.5' }],
      ],
    ];
    for (const plan of steps) {
      const ledger = threeBought();
      const sale = ledger.records.at(-1);
      const back = plan.map((lines, index) =>
        ledger.when({
          id: `r${index}`,
          kind: 'return',
          checkout: 't1',
          ...(lines ? { lines } : {}),
        }),
      );
      const total = { gross: 0, discount: 0, paid: 0, delivery: 0 };
      for (const record of back) {
        if (record.outcome.status === 'rejected') throw new Error(record.outcome.reason);
        total.delivery += record.outcome.reversal?.delivery ?? 0;
        for (const line of record.outcome.reversal?.lines ?? []) {
          total.gross += line.gross;
          total.discount += line.discount;
          total.paid += line.paidWithPoints;
        }
      }
      const totals =
        sale?.outcome.status === 'accepted' ? sale.outcome.decision?.totals : undefined;
      expect(total).toEqual({
        gross: totals?.gross,
        discount: totals?.discount,
        paid: totals?.paidWithPoints,
        delivery: 499,
      });
      // Only what the first checkout earned is left, in the member's account and in the entries.
      expect(ledger.entrySum('member:m')).toBe(900);
      const account = ledger.state.member('m')?.accounts.get('main');
      expect(account && balance(account)).toBe(900);
    }
  });

  test.each([
    [{ checkout: 'nope' }, 'unknown-checkout'],
    [{ checkout: 't1', member: 'other' }, 'foreign-checkout'],
    [{ checkout: 't1', lines: [{ id: 'z', quantity: 1 }] }, 'unknown-line'],
    [{ checkout: 't1', lines: [{ id: 'a', quantity: 4 }] }, 'return-exceeds-checkout'],
  ])('%j is rejected', (more, reason) => {
    const ledger = threeBought();
    const record = ledger.when({ id: 'r', kind: 'return', ...more });
    expect(outcome(record)).toMatchObject({ rejected: reason });
    expect(record.transfers).toEqual([]);
  });

  test('what is back already cannot come back again', () => {
    const ledger = threeBought();
    ledger.when({ id: 'c', kind: 'cancel', checkout: 't1' });
    const again = ledger.when({ id: 'r', kind: 'return', checkout: 't1' });
    expect(outcome(again)).toMatchObject({ rejected: 'nothing-left-to-return' });
  });

  test('points spent meanwhile become debt that the next accrual repays', () => {
    const ledger = enrolled();
    ledger.when(checkout('t1'));
    ledger.when(
      checkout('t2', {
        lines: [{ sku: 'A', quantity: 1, price: 9_000 }],
        pay: { points: 'main', amount: 90 },
      }),
    );
    // 90 earned, 90 spent (nothing accrues on what points paid for).
    ledger.when({ id: 'r', kind: 'return', checkout: 't1' });
    const account = ledger.state.member('m')?.accounts.get('main');
    expect(account && balance(account)).toBe(ledger.entrySum('member:m'));
    expect(ledger.entrySum('member:m')).toBeLessThan(0);
    ledger.when(checkout('t3', { lines: [{ sku: 'A', quantity: 1, price: 100_000 }] }));
    const after = ledger.state.member('m')?.accounts.get('main');
    expect(after?.debt).toBe(0);
    expect(after && balance(after)).toBe(ledger.entrySum('member:m'));
  });

  test('points that come back to a lot that is over repay no debt', () => {
    const ledger = enrolled(plainTree({ validityMilliseconds: DAY }));
    ledger.when(checkout('t1'));
    const pay = { points: 'main', amount: 90 };
    ledger.when({ ...checkout('h', { pay }), kind: 'hold', holdFor: 'P2D' });
    ledger.when({ id: 'r', kind: 'return', checkout: 't1' });
    expect(ledger.entrySum('member:m')).toBe(-90);
    ledger.now += DAY;
    ledger.when({ id: 'x', kind: 'release', member: 'm', hold: 'h' });
    expect(ledger.state.member('m')?.accounts.get('main')).toMatchObject({ debt: 90, lots: [] });
    expect(ledger.entrySum('breakage')).toBe(90);
  });

  test('a point type without refund keeps its points', () => {
    const ledger = enrolled(plainTree({ refund: false }));
    ledger.when(checkout('t1'));
    ledger.when({ id: 'r', kind: 'return', checkout: 't1' });
    expect(ledger.entrySum('member:m')).toBe(90);
  });
});

describe('enrolment and adjustments', () => {
  test('enrolling gives the initial balance once', () => {
    const ledger = enrolled(plainTree({ initialBalance: 200 }));
    expect(ledger.entrySum('member:m')).toBe(200);
    const again = ledger.when({ id: 'e2', kind: 'enrol', member: 'm' });
    expect(outcome(again)).toEqual({ rejected: 'member-exists', path: '/member' });
    expect(ledger.entrySum('member:m')).toBe(200);
  });

  test.each([
    [{ type: 'gold', amount: 1 }, 'unknown-point-type'],
    [{ type: 'main', amount: 0.5 }, 'too-many-decimals'],
    [{ type: 'main', amount: 1, member: 'nobody' }, 'unknown-member'],
    [{ type: 'main', amount: -1 }, 'insufficient-points'],
  ])('the adjustment %j is rejected', (more, reason) => {
    const record = enrolled().when({
      id: 'a',
      kind: 'adjust',
      member: 'm',
      comment: 'goodwill',
      ...more,
    });
    expect(outcome(record)).toMatchObject({ rejected: reason });
  });

  test('an adjustment moves points both ways', () => {
    const ledger = enrolled();
    const adjust = (id: string, amount: number) =>
      ledger.when({ id, kind: 'adjust', member: 'm', type: 'main', amount, comment: 'goodwill' });
    expect(outcome(adjust('a1', 70))).toEqual({ points: [[0, 70]] });
    expect(outcome(adjust('a2', -30))).toEqual({ points: [[70, 40]] });
    expect(ledger.entrySum('adjustment')).toBe(-40);
  });
});
