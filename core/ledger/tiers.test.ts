import { describe, expect, test } from 'vitest';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { compiledTree } from '../testing/compiled-tree.ts';
import { TestLedger } from '../testing/ledger.ts';
import type { LedgerRecord } from './record.ts';

const TIERS = [
  { id: 'bronze', from: 0 },
  { id: 'silver', from: 100 },
  { id: 'gold', from: 500 },
];

/** One status point a unit of money; the club as the test wants it. */
function club(group: object, validity?: object): TestLedger {
  const ledger = new TestLedger(clubTree(group, validity));
  at(ledger, '2026-01-15T00:00:00+05:00');
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  return ledger;
}

function clubTree(group: object, validity?: object): ArbitrationTree {
  const status = { id: 'status', kind: 'qualification', ...(validity ? { validity } : {}) };
  return compiledTree({
    program: { timezone: 'Asia/Almaty' },
    pointTypes: [status],
    tierGroups: [{ id: 'club', points: 'status', tiers: TIERS, ...group }],
    arbitration: {
      mode: 'sequential',
      children: [
        {
          promotion: 'status',
          type: 'points-accrual',
          benefits: [{ points: { type: 'status', rate: 1 } }],
        },
        {
          promotion: 'for-silver',
          type: 'order-discount',
          when: { 'member.tier': { in: ['silver', 'gold'] } },
          benefits: [{ discount: { percent: 10 } }],
        },
      ],
    },
  });
}

function at(ledger: TestLedger, instant: string): void {
  ledger.now = Date.parse(instant);
}

function buy(ledger: TestLedger, units: number, id?: string): LedgerRecord {
  const lines = [{ id: '1', sku: 'A', quantity: 1, price: units * 100 }];
  const name = id ?? `c${ledger.records.length}`;
  return ledger.when({ id: name, kind: 'checkout', member: 'm', lines });
}

function tick(ledger: TestLedger, instant: string): LedgerRecord {
  at(ledger, instant);
  return ledger.when({ id: `k${instant}`, kind: 'tick', at: instant });
}

function tierOf(ledger: TestLedger): string | undefined {
  return ledger.state.member('m')?.tiers.get('club')?.tier;
}

function moves(record: LedgerRecord): string[] {
  if (record.outcome.status === 'rejected') return [];
  return record.outcome.tiers.map(({ before, after }) => `${before}>${after}`);
}

describe('a cumulative group', () => {
  test('gives the tier after the decision that reached it, and keeps it', () => {
    const ledger = club({ model: 'cumulative' });
    expect(tierOf(ledger)).toBe('bronze');
    const reaching = buy(ledger, 120, 'reaching');
    expect(reaching.outcome).toMatchObject({ decision: { totals: { discount: 0 } } });
    expect(moves(reaching)).toEqual(['bronze>silver']);
    expect(buy(ledger, 10).outcome).toMatchObject({ decision: { totals: { discount: 100 } } });
    expect(moves(ledger.when({ id: 'r', kind: 'return', checkout: 'reaching' }))).toEqual([]);
    expect(tierOf(ledger)).toBe('silver');
  });

  test('takes it back with the purchases where the rule set says so', () => {
    const ledger = club({ model: 'cumulative', clawback: true });
    buy(ledger, 120, 'reaching');
    expect(moves(ledger.when({ id: 'r', kind: 'return', checkout: 'reaching' }))).toEqual([
      'silver>bronze',
    ]);
    expect(ledger.state.member('m')?.tiers.get('club')?.history).toMatchObject([]);
  });
});

describe('a cyclic group', () => {
  const yearly = { model: 'cyclic', period: { months: 12 } };

  test('looks at the points of the year when it ends, and may fall several steps', () => {
    const ledger = club(yearly);
    expect(moves(buy(ledger, 600))).toEqual(['bronze>gold']);
    // Kept for the next year, for what the first one brought.
    expect(moves(tick(ledger, '2027-01-01T00:00:00+05:00'))).toEqual([]);
    expect(moves(tick(ledger, '2027-12-31T23:59:59+05:00'))).toEqual([]);
    const ended = tick(ledger, '2028-01-01T00:00:00+05:00');
    expect(moves(ended)).toEqual(['gold>bronze']);
    expect(ledger.state.member('m')?.tiers.get('club')?.history.at(-1)).toMatchObject({
      tier: 'gold',
      until: Date.parse('2028-01-01T00:00:00+05:00'),
    });
  });

  test('is looked at at the right instant, however late the tick comes', () => {
    const prompt = club(yearly);
    const late = club(yearly);
    for (const ledger of [prompt, late]) buy(ledger, 600);
    for (const year of [2027, 2028]) tick(prompt, `${year}-01-01T00:00:00+05:00`);
    for (const ledger of [prompt, late]) at(ledger, '2028-03-01T12:00:00+05:00');
    for (const ledger of [prompt, late]) buy(ledger, 150);
    const state = (ledger: TestLedger) => ledger.state.member('m')?.tiers.get('club');
    expect(state(late)).toEqual(state(prompt));
    expect(tierOf(late)).toBe('silver');
  });

  test('counts from entry, and to the end of the month, where it says so', () => {
    const ledger = club({
      model: 'cyclic',
      period: { months: 1, align: 'entry' },
      extendToMonthEnd: true,
    });
    expect(ledger.state.member('m')?.tiers.get('club')?.periodEnd).toBe(
      Date.parse('2026-03-01T00:00:00+05:00'),
    );
  });

  test('starts the points again by an entry', () => {
    const ledger = club({ ...yearly, reset: 'at-period-end' });
    buy(ledger, 600);
    const record = tick(ledger, '2027-01-01T00:00:00+05:00');
    expect(record.transfers).toMatchObject([{ movement: 'tier-reset', points: 600, to: 'reset' }]);
    expect(ledger.entrySum('member:m', 'status')).toBe(0);
  });

  test('waits with an upgrade for the end of the period', () => {
    const ledger = club({ ...yearly, upgrade: 'at-period-end' });
    expect(moves(buy(ledger, 600))).toEqual([]);
    expect(moves(tick(ledger, '2027-01-01T00:00:00+05:00'))).toEqual(['bronze>gold']);
  });

  test('lets a tier outlive its period by the days of grace, to the end of that month', () => {
    const ledger = club({ ...yearly, grace: 10, extendToMonthEnd: true });
    buy(ledger, 600);
    tick(ledger, '2027-01-01T00:00:00+05:00');
    expect(moves(tick(ledger, '2028-01-01T00:00:00+05:00'))).toEqual([]);
    expect(moves(tick(ledger, '2028-01-31T23:59:59+05:00'))).toEqual([]);
    expect(moves(tick(ledger, '2028-02-01T00:00:00+05:00'))).toEqual(['gold>bronze']);
  });

  test('keeps the tier when it is reached again within the grace', () => {
    const ledger = club({ ...yearly, grace: 30 });
    buy(ledger, 600);
    tick(ledger, '2027-01-01T00:00:00+05:00');
    tick(ledger, '2028-01-01T00:00:00+05:00');
    buy(ledger, 700);
    expect(moves(tick(ledger, '2028-06-01T00:00:00+05:00'))).toEqual([]);
    expect(tierOf(ledger)).toBe('gold');
  });
});

test('a tier that waits to fall is kept when the group becomes one that keeps tiers', () => {
  const ledger = club({ model: 'cyclic', period: { months: 1 }, grace: 30 });
  buy(ledger, 600);
  tick(ledger, '2026-02-01T00:00:00+05:00');
  tick(ledger, '2026-03-01T00:00:00+05:00');
  expect(ledger.state.member('m')?.tiers.get('club')?.falling).toBeDefined();
  ledger.activate(2, clubTree({ model: 'cumulative' }));
  expect(moves(tick(ledger, '2026-04-15T00:00:00+05:00'))).toEqual([]);
  expect(tierOf(ledger)).toBe('gold');
});

describe('a dynamic group', () => {
  test('follows the balance, also when points expire', () => {
    const ledger = club({ model: 'dynamic' }, { months: 1 });
    expect(moves(buy(ledger, 600, 'sale'))).toEqual(['bronze>gold']);
    const lines = [{ id: '1', quantity: '0.5' }];
    const back = ledger.when({ id: 'r', kind: 'return', checkout: 'sale', lines });
    expect(moves(back)).toEqual(['gold>silver']);
    expect(moves(tick(ledger, '2026-02-16T00:00:00+05:00'))).toEqual(['silver>bronze']);
  });
});

test('points of an interval start again while the tier stays', () => {
  const ledger = club({ model: 'cumulative', reset: { months: 6 } });
  buy(ledger, 120);
  const record = tick(ledger, '2026-07-15T00:00:00+05:00');
  expect(record.transfers).toMatchObject([{ movement: 'tier-reset', points: 120 }]);
  expect(tierOf(ledger)).toBe('silver');
});
