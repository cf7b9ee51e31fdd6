import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import { MOVEMENTS } from '../../core/ledger/transfer.ts';
import { ledgerOf } from '../../workers/store/block-reading.ts';
import { LIFE_PRECISIONS, LIVES, wholeLife } from '../../workers/testing/whole-life.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { type ListedTransaction, TransactionList } from './transaction-list.ts';
import { searchTransactions } from './transaction-search.ts';

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;
let list: TransactionList;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-list-'));
  server = await startEmbeddedClickHouse({ dataDirectory: folder });
  const { url } = server;
  clickhouse = new ClickHouse({ url, user: 'default', password: '', database: 'arbiter' });
  await migrate(clickhouse);
  const formatter = new RowFormatter();
  for (const [partition, store] of wholeLife().stores.entries()) {
    for (const record of ledgerOf(store)) formatter.add(partition, record);
  }
  const { rows, bytes } = formatter.take();
  for (const table of ROW_TABLES) {
    if (rows[table] > 0) await clickhouse.insert({ table, bytes: bytes[table], token: table });
  }
  const precisions = async () => LIFE_PRECISIONS;
  list = new TransactionList({ clickhouse, partitions: 2, precisions });
});

afterAll(async () => {
  await clickhouse.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function allPages(limit: number, member = 'ada'): Promise<ListedTransaction[]> {
  const all: ListedTransaction[] = [];
  let before: string | undefined;
  do {
    const page = await list.page(member, { limit, before });
    expect(page.transactions.length).toBeLessThanOrEqual(limit);
    all.push(...page.transactions);
    before = page.next;
  } while (before !== undefined);
  return all;
}

test.each(LIVES)(
  'each row of %s adds up, and the next one begins where it ended',
  async (member) => {
    const rows = (await allPages(100, member)).toReversed();

    const balances = new Map<string, number>();
    for (const row of rows) {
      expect(row.before).toBe(balances.get(row.points) ?? 0);
      expect(row.before + row.value).toBeCloseTo(row.after, 9);
      balances.set(row.points, row.after);
    }
    expect(rows[0]).toMatchObject({
      ...{ member, points: 'main', type: 'initial-balance', before: 0, value: 50, after: 50 },
      ...{ sourceType: 'enrol' },
    });
  },
);

test('every movement there is has its row', async () => {
  const rows = (await Promise.all(LIVES.map((member) => allPages(100, member)))).flat();

  expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(MOVEMENTS));
  expect(rows.find(({ type }) => type === 'expiry')).toMatchObject({ sourceType: 'tick' });
  expect(rows.find(({ type }) => type === 'deduction')).toMatchObject({ source: 'complaint' });
  expect(rows.find(({ type }) => type === 'redemption-reversal')).toMatchObject({ source: 'c2' });
});

test('pages hold every row once, whatever their size', async () => {
  expect(await allPages(7)).toEqual(await allPages(100));
  expect((await list.page('nobody', { limit: 5 })).transactions).toEqual([]);
});

test('the view for analysts says the same', async () => {
  const view = await clickhouse.rows(
    `SELECT id, external_id, type, balance_before, value, balance_after, source_type, source
    FROM transaction_list WHERE member = 'ada' AND points != 'promo'
    ORDER BY sequence DESC, position DESC`,
  );
  const rows = (await allPages(100)).filter(({ points }) => points !== 'promo');

  expect(view).toEqual(
    rows.map((row) => ({
      ...{ id: row.id, external_id: row.externalId, type: row.type },
      ...{ balance_before: `${row.before}`, value: `${row.value}`, balance_after: `${row.after}` },
      ...{ source_type: row.sourceType, source: row.source },
    })),
  );
});

test('all transactions are found by pages, and those of others are not', async () => {
  const span = { from: 0, to: Date.UTC(2100, 0, 1), stores: 'all', partners: 'all' } as const;
  const whole = await searchTransactions(clickhouse, { ...span, limit: 1_000 });
  const ids = whole.transactions.map(({ partition, sequence }) => `${partition}-${sequence}`);
  expect(new Set(ids).size).toBe(ids.length);
  const paged: string[] = [];
  let before: string | undefined;
  do {
    const page = await searchTransactions(clickhouse, { ...span, limit: 7, before });
    paged.push(...page.transactions.map(({ partition, sequence }) => `${partition}-${sequence}`));
    before = page.next ?? undefined;
  } while (before !== undefined);
  expect(paged).toEqual(ids);

  const own = { ...span, limit: 1_000, stores: ["no'body\\", 's-none'] };
  expect((await searchTransactions(clickhouse, own)).transactions).toEqual([]);
  const ada = await searchTransactions(clickhouse, { ...span, limit: 1_000, member: 'ada' });
  expect(ada.transactions.length).toBeGreaterThan(0);
  expect(ada.transactions.every(({ member }) => member === 'ada')).toBe(true);
});

test('of all rows only those are read that may be the member’s', async () => {
  await clickhouse.command(
    `INSERT INTO entries (partition, sequence, accepted_at, account_kind, account_owner)
    SELECT 1, 1000000 + number, toDateTime64('2026-02-01 00:00:00', 3, 'UTC'), 'member',
      concat('other-', toString(number)) FROM numbers(100000)`,
  );
  const plan = await clickhouse.rows(
    `EXPLAIN indexes = 1 SELECT sequence FROM entries
    WHERE account_kind = 'member' AND account_owner = 'ada'`,
  );
  const lines = plan.map((row) => (row['explain'] ?? '').trim());
  const place = lines.indexOf('Name: by_account_owner');
  const [read = 0, all = 0] =
    /^Granules: (\d+)\/(\d+)$/
      .exec(lines.slice(place).find((line) => line.startsWith('Granules')) ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  expect(place).toBeGreaterThan(0);
  expect(all).toBeGreaterThan(10);
  expect(read).toBeLessThanOrEqual(2);
});
