import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { ADJUSTMENT, MOVEMENTS, memberAccount, transfer } from '../../core/ledger/transfer.ts';
import { minorUnits, points } from '../../core/money/units.ts';
import { ledgerRecord } from '../../core/testing/ledger-records.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { ClickHouse } from './client.ts';
import { migrate } from './migrate.ts';

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;

const sale = ledgerRecord({ seed: 4, lines: 2, checkoutsOnly: true }, 0, 1);

/** The first line of the sale comes back. */
function returnOf({ id, outcome }: LedgerRecord): LedgerRecord {
  if (outcome.status !== 'accepted') throw new Error('a sale is accepted');
  const share = {
    line: '1',
    quantity: 1_000,
    gross: minorUnits(100),
    discount: minorUnits(10),
    paidWithPoints: minorUnits(0),
    goods: { sku: 'TEA', category: '', brand: '', partner: '', price: minorUnits(100) },
    awards: [],
  };
  const zero = minorUnits(0);
  const reversal = {
    checkout: id,
    lines: [share],
    delivery: zero,
    deliveryDiscount: zero,
    contributions: [],
  };
  return {
    ...sale,
    sequence: 2,
    id: 'return-1',
    kind: 'return',
    transaction: {
      kind: 'return',
      id: 'return-1',
      member: sale.member,
      checkout: id,
      lines: undefined,
      store: undefined,
      occurredAt: undefined,
    },
    outcome: { ...outcome, decision: undefined, reversal },
    transfers: [],
  };
}

/** Every movement there is, each of another amount. */
function movesOf({ outcome }: LedgerRecord): LedgerRecord {
  if (outcome.status !== 'accepted') throw new Error('a sale is accepted');
  const transfers = MOVEMENTS.map((movement, index) =>
    transfer({
      movement,
      from: ADJUSTMENT,
      to: memberAccount('m-moves'),
      unit: 'moves',
      points: points(2 ** index),
      promotion: 'moves',
      lot: '',
      balance: points(0),
    }),
  );
  const nothing = { ...outcome, decision: undefined, reversal: undefined };
  return { ...sale, sequence: 3, id: 'moves-1', kind: 'adjust', outcome: nothing, transfers };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-views-'));
  server = await startEmbeddedClickHouse({ dataDirectory: folder });
  const { url } = server;
  clickhouse = new ClickHouse({ url, user: 'default', password: '', database: 'arbiter' });
  await migrate(clickhouse);
  const formatter = new RowFormatter();
  formatter.add(0, sale);
  formatter.add(0, returnOf(sale));
  formatter.add(0, movesOf(sale));
  const { rows, bytes } = formatter.take();
  for (const table of ROW_TABLES) {
    if (rows[table] > 0) await clickhouse.insert({ table, bytes: bytes[table], token: table });
  }
});

afterAll(async () => {
  await clickhouse.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what was given back is known by what was bought', async () => {
  const bought = sale.transaction?.kind === 'checkout' ? sale.transaction.lines[0] : undefined;
  const rows = await clickhouse.rows(
    'SELECT id, checkout, sku, quantity, gross FROM returned_lines',
  );

  expect(rows).toEqual([
    { id: 'return-1', checkout: sale.id, sku: bought?.sku, quantity: '-1', gross: '-100' },
  ]);
});

test('sales and returns stand apart in the activity', async () => {
  const [row] = await clickhouse.rows(
    `SELECT sum(transactions) AS transactions, sum(returned_gross) AS back,
      sum(returned_discount) AS less FROM activity_by_minute WHERE promotion = ''`,
  );

  expect(row).toEqual({ transactions: '2', back: '100', less: '10' });
});

test('the points of all promotions are the sum over each of them and over none', async () => {
  const [row] = await clickhouse.rows(
    `SELECT sumIf(points_issued, promotion = '') AS whole,
      sumIf(points_issued, promotion != '') AS parts FROM activity_by_minute`,
  );

  expect(row?.['whole']).toBe(row?.['parts']);
});

test('each movement of points is counted in one figure of the activity', async () => {
  const [found] = await clickhouse.rows(
    `SELECT sum(points_issued - points_redeemed - points_expired - points_taken_back
      + points_given_back + points_adjusted) AS points
    FROM activity WHERE point_type = 'moves'`,
  );
  expect(found).toEqual({ points: String(2 ** MOVEMENTS.length - 1) });
});
