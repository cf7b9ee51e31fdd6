import { expect, test } from 'vitest';
import type { Decision } from '../../arbitration/decision.ts';
import type { LedgerRecord } from '../../ledger/record.ts';
import type { Transfer } from '../../ledger/transfer.ts';
import { instant, minorUnits, points } from '../../money/units.ts';
import { ledgerRecord } from '../../testing/ledger-records.ts';
import { readNativeBlock } from '../../testing/native-reader.ts';
import { HASH_BYTES, openBlock, writeBlock } from '../block.ts';
import { POINT_SUMS_MAX } from './point-sums.ts';
import { RowFormatter } from './row-formatter.ts';
import { LAST_SHOWN_INSTANT } from './shown-instant.ts';
import type { RowTable } from './table.ts';

const TRAFFIC = { seed: 7, lines: 3, checkoutsOnly: true };
const sale = ledgerRecord(TRAFFIC, 2, 1);

function rowsOf(table: RowTable, ...records: readonly LedgerRecord[]) {
  const formatter = new RowFormatter();
  for (const record of records) formatter.add(2, record);
  return readNativeBlock(formatter.take().bytes[table]).rows;
}

function blockOf(...records: readonly LedgerRecord[]): Uint8Array {
  const header = { partition: 2, epoch: 1, previousHash: new Uint8Array(HASH_BYTES) };
  const { bytes } = writeBlock(header, records);
  const block = new Uint8Array(bytes.length + HASH_BYTES);
  block.set(bytes);
  return block;
}

function decisionOf(record: LedgerRecord): Decision {
  const { outcome } = record;
  if (outcome.status !== 'accepted' || outcome.decision === undefined) throw new Error('a sale');
  return outcome.decision;
}

function withDecision(changes: Partial<Decision>): LedgerRecord {
  const { outcome } = sale;
  if (outcome.status !== 'accepted') throw new Error('a sale');
  return { ...sale, outcome: { ...outcome, decision: { ...decisionOf(sale), ...changes } } };
}

function expiry(promotion: string, amount: number): Transfer {
  return {
    movement: 'expiry',
    from: 'member:m-1',
    to: 'breakage',
    unit: 'main',
    points: points(amount),
    promotion,
    lot: 'lot-1',
    balance: points(0),
  };
}

const tick: LedgerRecord = {
  ...sale,
  kind: 'tick',
  transaction: undefined,
  transfers: [],
  outcome: {
    status: 'accepted',
    id: 'tick-1',
    ruleSet: { version: 3, hash: 'b3:1' },
    late: false,
    decision: undefined,
    reversal: undefined,
    points: [],
    tiers: [],
    parked: undefined,
    details: new Map(),
  },
};

const refund: LedgerRecord = {
  ...tick,
  kind: 'return',
  transaction: {
    kind: 'return',
    id: 'r-1',
    member: 'm-1',
    checkout: 'c-1',
    lines: undefined,
    store: undefined,
    occurredAt: undefined,
  },
  outcome: {
    status: 'accepted',
    id: 'r-1',
    ruleSet: { version: 3, hash: 'b3:1' },
    late: true,
    decision: undefined,
    reversal: {
      checkout: 'c-1',
      lines: [
        {
          line: '1',
          quantity: 500,
          gross: minorUnits(1_000),
          discount: minorUnits(100),
          paidWithPoints: minorUnits(50),
          goods: { sku: 'TEA', category: '', brand: '', partner: '', price: minorUnits(2_000) },
          awards: [{ promotion: 'spring', benefit: 'discount', amount: minorUnits(100) }],
        },
      ],
      delivery: minorUnits(30),
      deliveryDiscount: minorUnits(10),
      contributions: [],
    },
    points: [],
    tiers: [],
    parked: undefined,
    details: new Map(),
  },
};

test('a return mirrors the sale with negative signs and names its checkout', () => {
  expect(rowsOf('checkouts', refund)[0]).toMatchObject({
    checkout: 'c-1',
    late: 1,
    rule_set: 3,
    gross: -1_000n,
    discount: -100n,
    delivery: -30n,
    delivery_discount: -10n,
    paid_with_points: -50n,
    payable: -870n,
  });
  expect(rowsOf('lines', refund)[0]).toMatchObject({ line: '1', quantity: -500n, gross: -1_000n });
});

test('a rejected transaction is one row with its reason, and nothing else', () => {
  const rejected: LedgerRecord = {
    ...sale,
    outcome: {
      status: 'rejected',
      id: sale.id,
      ruleSet: undefined,
      reason: 'unknown-store',
      path: '/store',
      message: 'The store is not known.',
    },
    transfers: [],
  };

  expect(rowsOf('checkouts', rejected)[0]).toMatchObject({
    status: 'rejected',
    reason: 'unknown-store',
    rule_set: 0,
    gross: 0n,
  });
  expect(rowsOf('lines', rejected)).toEqual([]);
  expect(rowsOf('awards', rejected)).toEqual([]);
});

test('an instant beyond what a table can hold is shown at the edge', () => {
  const [early, late] = rowsOf(
    'checkouts',
    { ...sale, occurredAt: instant(-1) },
    { ...sale, occurredAt: instant(Date.UTC(9999, 11, 31)) },
  );

  expect(early).toMatchObject({ occurred_at: 0n });
  expect(late).toMatchObject({ occurred_at: BigInt(LAST_SHOWN_INSTANT) });
});

test('a promotion counts a checkout once, however many awards it gives', () => {
  const award = { promotion: 'spring', benefit: 'discount', requested: 5, applied: 5 };
  const lines = decisionOf(sale).lines.map((line) => ({ ...line, awards: [award, award] }));
  const rows = rowsOf('awards', withDecision({ lines, accruals: [] })).filter(
    (row) => row['promotion'] === 'spring',
  );

  expect(rows.map((row) => row['transactions'])).toEqual([1, 0, 0, 0, 0, 0]);
  expect(rows.reduce((total, row) => total + Number(row['gross']), 0)).toBe(
    decisionOf(sale).totals.gross,
  );
});

test('an award that lost everything to a cap does not count the checkout', () => {
  const lost = { promotion: 'spring', benefit: 'discount', requested: 5, applied: 0 };
  const lines = decisionOf(sale).lines.map((line) => ({ ...line, awards: [lost] }));
  const rows = rowsOf('awards', withDecision({ lines })).filter(
    (row) => row['promotion'] === 'spring',
  );

  expect(rows.map((row) => row['transactions'])).toEqual([0, 0, 0]);
});

test('points that pay are no discount, points given as a discount are', () => {
  const award = {
    promotion: 'pay',
    benefit: 'pay-with-points',
    requested: 500,
    applied: 500,
  };
  const lines = decisionOf(sale).lines.map((line, index) => ({
    ...line,
    awards: index === 0 ? [award] : [],
  }));
  const redemption = {
    promotion: 'pay',
    type: 'main',
    points: points(5),
    amount: minorUnits(500),
    asDiscount: false,
    pointShares: [],
    amountShares: [],
  };
  const paid = withDecision({ lines, redemptions: [redemption] });
  const discounted = withDecision({ lines, redemptions: [{ ...redemption, asDiscount: true }] });

  expect(rowsOf('awards', paid)[0]).toMatchObject({ applied: 500n, discount: 0n });
  expect(rowsOf('awards', discounted)[0]).toMatchObject({ applied: 500n, discount: 500n });
});

test('points taken from many lots are one award', () => {
  const record = { ...tick, transfers: [expiry('spring', 3), expiry('spring', 4)] };

  expect(rowsOf('awards', record)).toMatchObject([
    { promotion: 'spring', movement: 'expiry', points: -7n, transactions: 0 },
  ]);
  expect(rowsOf('entries', record).map((row) => row['amount'])).toEqual([-3n, 3n, -4n, 4n]);
});

test('more promotions than are summed at once still add up', () => {
  const count = POINT_SUMS_MAX + 10;
  const transfers = Array.from({ length: 2 * count }, (_, index) =>
    expiry(`promotion-${index % count}`, 1),
  );
  const rows = rowsOf('awards', { ...tick, transfers });

  expect(rows.reduce((total, row) => total + Number(row['points']), 0)).toBe(-2 * count);
});

test('points that only ripen are no award', () => {
  const ripening: Transfer = {
    ...expiry('spring', 5),
    movement: 'maturity',
    from: 'pending:m-1',
    to: 'member:m-1',
  };

  expect(rowsOf('awards', { ...tick, transfers: [ripening] })).toEqual([]);
});

test('an account is shown by kind and owner', () => {
  expect(rowsOf('entries', { ...tick, transfers: [expiry('', 2)] })).toMatchObject([
    { account_kind: 'member', account_owner: 'm-1', side: 'debit' },
    { account_kind: 'breakage', account_owner: '', side: 'credit' },
  ]);
});

test('texts and codes are awards without money or points', () => {
  const record = withDecision({
    lines: [],
    accruals: [],
    texts: [{ promotion: 'greeting', text: 'Hello' }],
    codes: [{ promotion: 'voucher', pool: 'spring', message: '' }],
  });

  expect(rowsOf('awards', { ...record, transfers: [] })).toMatchObject([
    { promotion: 'greeting', benefit: 'text', transactions: 1 },
    { promotion: 'voucher', benefit: 'issue-code', transactions: 1 },
  ]);
});

test('nothing to write is no block', () => {
  expect(new RowFormatter().take().bytes.lines).toHaveLength(0);
});

test('a fault in the middle of a block leaves nothing for the next rows', () => {
  const next = ledgerRecord(TRAFFIC, 2, 2);
  const block = openBlock(blockOf(sale, next));
  const formatter = new RowFormatter();
  // What no code of ours writes: the formatter stops somewhere inside the second record.
  block.hashed.fill(0xff, block.hashed.length - 20);
  expect(() => formatter.addBlock(block, { partition: 2, first: 1, last: 2 })).toThrow();
  expect(formatter.byteLength).toBeGreaterThan(0);
  formatter.clear();
  formatter.add(2, sale);

  const fresh = new RowFormatter();
  fresh.add(2, sale);
  expect(formatter.take()).toEqual(fresh.take());
});

test('of a block, only the records of the stretch have rows', () => {
  const records = [1, 2, 3, 4].map((sequence) => ledgerRecord(TRAFFIC, 2, sequence));
  const [some, each] = [new RowFormatter(), new RowFormatter()];
  some.addBlock(openBlock(blockOf(...records)), { partition: 2, first: 2, last: 3 });
  for (const record of records.slice(1, 3)) each.add(2, record);

  expect(some.take()).toEqual(each.take());
});
