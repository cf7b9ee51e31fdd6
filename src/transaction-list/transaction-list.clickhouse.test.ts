import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import { plainTree } from '../../core/testing/plain-tree.ts';
import { LeaseWorld } from '../../workers/testing/lease-world.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { type ListedTransaction, TransactionList } from './transaction-list.ts';

const DAY = 86_400_000;
const tree = plainTree({ initialBalance: 50, validityMilliseconds: 30 * DAY });
const STEADY = { below: () => 0, chance: () => false };

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;
let list: TransactionList;

/** A member who joins, buys, pays with points, brings something back and lets points expire. */
function aLife(): LeaseWorld {
  const trees = { usable: () => true, treeOf: () => tree };
  const world = new LeaseWorld(1, trees, STEADY);
  const line = { id: '1', sku: 'TEA', quantity: 2, price: 10_000 };
  const bought = { kind: 'checkout', member: 'ada', store: 's-1', lines: [line] };
  world.send({ id: 'on', kind: 'activation', version: 1, hash: 'h', author: 'a', note: '' }, 0);
  world.send({ id: 'join', kind: 'enrol', member: 'ada' });
  world.send({ ...bought, id: 'c1' });
  world.send({ ...bought, id: 'c2', pay: { points: 'main', amount: 120 } });
  const back = [{ id: '1', quantity: 1 }];
  world.send({ id: 'r1', kind: 'return', member: 'ada', checkout: 'c1', lines: back });
  world.send({ id: 'a1', kind: 'adjust', member: 'ada', type: 'main', amount: 5, comment: 'x' });
  world.now += 31 * DAY;
  world.send({ id: 't1', kind: 'tick', at: new Date(world.now).toISOString() }, 0);
  world.only(0);
  return world;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-list-'));
  server = await startEmbeddedClickHouse({ dataDirectory: folder });
  const { url } = server;
  clickhouse = new ClickHouse({ url, user: 'default', password: '', database: 'arbiter' });
  await migrate(clickhouse);
  const formatter = new RowFormatter();
  for (const record of aLife().records()) formatter.add(0, record);
  const { rows, bytes } = formatter.take();
  for (const table of ROW_TABLES) {
    if (rows[table] > 0) await clickhouse.insert({ table, bytes: bytes[table], token: table });
  }
  list = new TransactionList({ clickhouse, partitions: 1, precisions: async () => ({ main: 0 }) });
});

afterAll(async () => {
  await clickhouse.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function allPages(limit: number): Promise<ListedTransaction[]> {
  const all: ListedTransaction[] = [];
  let before: string | undefined;
  do {
    const page = await list.page('ada', { limit, before });
    expect(page.transactions.length).toBeLessThanOrEqual(limit);
    all.push(...page.transactions);
    before = page.next;
  } while (before !== undefined);
  return all;
}

test('each row adds up, and the next one begins where it ended', async () => {
  const rows = (await allPages(100)).toReversed();

  let balance = 0;
  for (const row of rows) {
    expect(row.before).toBe(balance);
    expect(row.before + row.value).toBe(row.after);
    balance = row.after;
  }
  expect(new Set(rows.map((row) => row.type))).toEqual(
    new Set([
      ...['initial-balance', 'accrual', 'redemption', 'accrual-reversal', 'adjustment', 'expiry'],
    ]),
  );
  expect(rows[0]).toMatchObject({
    ...{ externalId: 'join', member: 'ada', points: 'main', before: 0, value: 50, after: 50 },
    ...{ sourceType: 'enrol', source: 'join' },
  });
  expect(rows.at(-1)).toMatchObject({ after: 0, sourceType: 'tick' });
});

test('pages hold every row once, whatever their size', async () => {
  expect(await allPages(2)).toEqual(await allPages(100));
  expect((await list.page('nobody', { limit: 5 })).transactions).toEqual([]);
});

test('the view for analysts says the same', async () => {
  const view = await clickhouse.rows(
    `SELECT id, external_id, type, balance_before, value, balance_after, source_type, source
    FROM transaction_list WHERE member = 'ada' ORDER BY sequence DESC, position DESC`,
  );
  const rows = await allPages(100);

  expect(view).toEqual(
    rows.map((row) => ({
      ...{ id: row.id, external_id: row.externalId, type: row.type },
      ...{ balance_before: `${row.before}`, value: `${row.value}`, balance_after: `${row.after}` },
      ...{ source_type: row.sourceType, source: row.source },
    })),
  );
});
