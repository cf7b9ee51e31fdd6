import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerTotals } from '../../core/layout/rows/ledger-totals.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import type { ClickHouse, Row } from '../clickhouse/client.ts';

/** One figure that is not what the ledger says. */
export interface Difference {
  /** What was compared, for a person: `checkouts of partition 3, rows`. */
  readonly figure: string;
  readonly expected: string;
  readonly found: string;
}

/** Kinds of transactions that sell; the capture of a hold is one. */
const SALES = "'checkout', 'capture'";

/** A running sink may be between a table and its views; a real difference stays. */
const ACTIVITY_ATTEMPTS = 5;
const ACTIVITY_PAUSE_MS = 500;

/**
 * Compares ClickHouse with a replay of the ledger: every record exactly once, all rows of it, sums
 * of money and points, entries that balance, and aggregates that equal the tables they are made
 * from. Rows behind the replay's last sequences are left out, so a running system can be checked;
 * the totals must not reach beyond the sink's cursor.
 */
export async function verifyClickHouse(
  clickhouse: ClickHouse,
  totals: LedgerTotals,
): Promise<readonly Difference[]> {
  return [
    ...(await compareRecords(clickhouse, totals)),
    ...(await compareRows(clickhouse, totals)),
    ...(await compareMoney(clickhouse, totals)),
    ...(await compareEntries(clickhouse, totals)),
    ...(await compareOutstanding(clickhouse, totals)),
    ...(await compareActivity(clickhouse)),
  ];
}

class Differences {
  readonly list: Difference[] = [];

  expect(figure: string, expected: bigint | number | string, found: string | undefined): void {
    const wanted = String(expected);
    const got = found ?? '0';
    if (wanted !== got) this.list.push({ figure, expected: wanted, found: got });
  }
}

/** Each ledger sequence once and none missing; each accepted transaction id once. */
async function compareRecords(clickhouse: ClickHouse, totals: LedgerTotals) {
  const found = byKey(
    await clickhouse.rows(
      `SELECT partition, count() AS rows, uniqExact(sequence) AS distinct,
        min(sequence) AS first, max(sequence) AS last,
        countIf(status = 'accepted') - uniqExactIf(id, status = 'accepted') AS repeated
      FROM checkouts WHERE ${covered(totals)} GROUP BY partition`,
    ),
    'partition',
  );
  const differences = new Differences();
  for (const [partition, { through }] of totals.partitions) {
    const row = found.get(String(partition));
    const figure = `checkouts of partition ${partition}`;
    differences.expect(`${figure}, distinct sequences`, through, row?.['distinct']);
    differences.expect(`${figure}, first sequence`, through === 0 ? 0 : 1, row?.['first']);
    differences.expect(`${figure}, last sequence`, through, row?.['last']);
    differences.expect(`${figure}, repeated transaction ids`, 0, row?.['repeated']);
  }
  return differences.list;
}

async function compareRows(clickhouse: ClickHouse, totals: LedgerTotals) {
  const differences = new Differences();
  for (const table of ROW_TABLES) {
    const found = byKey(
      await clickhouse.rows(
        `SELECT partition, count() AS rows FROM ${table}
        WHERE ${covered(totals)} GROUP BY partition`,
      ),
      'partition',
    );
    for (const [partition, { rows }] of totals.partitions) {
      const figure = `${table} of partition ${partition}, rows`;
      differences.expect(figure, rows[table], found.get(String(partition))?.['rows']);
    }
  }
  return differences.list;
}

async function compareMoney(clickhouse: ClickHouse, totals: LedgerTotals) {
  const columns = Object.keys(totals.money);
  const sums = columns.map((column) => `sum(toInt128(${column})) AS sum_${column}`).join(', ');
  const [row] = await clickhouse.rows(`SELECT ${sums} FROM checkouts WHERE ${covered(totals)}`);
  const differences = new Differences();
  for (const [column, expected] of Object.entries(totals.money)) {
    differences.expect(`sum of ${column}`, expected, row?.[`sum_${column}`]);
  }
  return differences.list;
}

async function compareEntries(clickhouse: ClickHouse, totals: LedgerTotals) {
  const found = byKey(
    await clickhouse.rows(
      `SELECT unit, sum(toInt128(amount)) AS balance, sumIf(toInt128(amount), amount > 0) AS moved
      FROM entries WHERE ${covered(totals)} GROUP BY unit`,
    ),
    'unit',
  );
  const differences = new Differences();
  for (const unit of new Set([...totals.moved.keys(), ...found.keys()])) {
    const row = found.get(unit);
    differences.expect(`entries in ${unit}, sum`, 0, row?.['balance']);
    differences.expect(`entries in ${unit}, moved`, totals.moved.get(unit) ?? 0n, row?.['moved']);
  }
  return differences.list;
}

async function compareOutstanding(clickhouse: ClickHouse, totals: LedgerTotals) {
  const found = byKey(
    await clickhouse.rows(
      `SELECT point_type, sum(toInt128(points)) AS outstanding FROM awards
      WHERE point_type != '' AND ${covered(totals)} GROUP BY point_type`,
    ),
    'point_type',
  );
  const differences = new Differences();
  for (const type of new Set([...totals.outstanding.keys(), ...found.keys()])) {
    const expected = totals.outstanding.get(type) ?? 0n;
    differences.expect(`points outstanding in ${type}`, expected, found.get(type)?.['outstanding']);
  }
  return differences.list;
}

/** The aggregates against the tables they are made from, each figure by promotion. */
const ACTIVITY_FIGURES = ['transactions', 'gross', 'discount', 'points'] as const;
const ACTIVITY = `SELECT promotion, sum(activity.transactions) AS transactions,
    sum(activity.gross) AS gross, sum(activity.discount) AS discount,
    sum(points_issued - points_redeemed - points_expired - points_taken_back
      + points_given_back + points_adjusted) AS points
  FROM activity_by_minute AS activity GROUP BY promotion`;
const TABLES = `SELECT promotion, sum(awards.transactions) AS transactions,
    sum(awards.gross) AS gross, sum(awards.discount) AS discount, sum(awards.points) AS points
  FROM awards WHERE promotion != '' GROUP BY promotion
  UNION ALL
  SELECT '' AS promotion,
    countIf(status = 'accepted' AND kind IN (${SALES}, 'return', 'cancel')) AS transactions,
    sumIf(checkouts.gross, kind IN (${SALES})) AS gross,
    sumIf(checkouts.discount + delivery_discount, kind IN (${SALES})) AS discount,
    (SELECT sum(awards.points) FROM awards) AS points
  FROM checkouts`;

async function compareActivity(clickhouse: ClickHouse): Promise<readonly Difference[]> {
  let list: readonly Difference[] = [];
  for (let attempt = 0; attempt < ACTIVITY_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await sleep(ACTIVITY_PAUSE_MS);
    const expected = byKey(await clickhouse.rows(TABLES), 'promotion');
    const found = byKey(await clickhouse.rows(ACTIVITY), 'promotion');
    list = differencesIn(expected, found);
    if (list.length === 0) break;
  }
  return list;
}

function differencesIn(expected: ReadonlyMap<string, Row>, found: ReadonlyMap<string, Row>) {
  const differences = new Differences();
  for (const promotion of new Set([...expected.keys(), ...found.keys()])) {
    const name = promotion === '' ? 'all promotions' : `promotion ${promotion}`;
    for (const figure of ACTIVITY_FIGURES) {
      const wanted = expected.get(promotion)?.[figure] ?? '0';
      differences.expect(`activity of ${name}, ${figure}`, wanted, found.get(promotion)?.[figure]);
    }
  }
  return differences.list;
}

/** Rows up to where the replay came; partitions it does not know are left out. */
function covered(totals: LedgerTotals): string {
  const partitions = [...totals.partitions.keys()];
  const throughs = [...totals.partitions.values()].map(({ through }) => through);
  if (partitions.length === 0) return '0';
  return `sequence <= transform(toUInt64(partition), [${partitions}], [${throughs}], toUInt64(0))`;
}

function byKey(rows: readonly Row[], key: string): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row[key] ?? '', row]));
}
