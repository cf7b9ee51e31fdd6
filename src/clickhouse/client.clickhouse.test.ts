import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { ledgerRecord } from '../../core/testing/ledger-records.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { ClickHouse } from './client.ts';
import { migrate } from './migrate.ts';

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-client-'));
  server = await startEmbeddedClickHouse({ dataDirectory: folder });
  const { url } = server;
  clickhouse = new ClickHouse({ url, user: 'default', password: '', database: 'arbiter' });
  await migrate(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function blockOf(first: number, last: number) {
  const formatter = new RowFormatter();
  for (let sequence = first; sequence <= last; sequence += 1) {
    formatter.add(1, ledgerRecord({ seed: 3 }, 1, sequence));
  }
  return formatter.take();
}

async function countOf(what: string): Promise<string | undefined> {
  const [row] = await clickhouse.rows(`SELECT ${what} AS value`);
  return row?.['value'];
}

test('blocks behind each other in one insert become one part, and are repeated as one', async () => {
  const [early, late] = [blockOf(1, 900), blockOf(901, 2_000)];
  const bytes = Buffer.concat([early.bytes.checkouts, late.bytes.checkouts]);
  const insert = { table: 'checkouts', bytes, token: 'two-in-one' };
  await clickhouse.insert(insert);
  await clickhouse.insert(insert);

  expect(await countOf('(SELECT count() FROM checkouts)')).toBe('2000');
  expect(
    await countOf(`(SELECT uniqExact(name) FROM system.parts WHERE database = 'arbiter'
      AND table = 'checkouts' AND rows > 0)`),
  ).toBe('1');
});

test('aggregates count blocks behind each other once, however often they are repeated', async () => {
  const [early, late] = [blockOf(1, 900), blockOf(901, 2_000)];
  const bytes = Buffer.concat([early.bytes.awards, late.bytes.awards]);
  const insert = { table: 'awards', bytes, token: 'two-aggregates' };
  await clickhouse.insert(insert);
  await clickhouse.insert(insert);

  expect(await countOf('(SELECT count() FROM awards)')).toBe(
    String(early.rows.awards + late.rows.awards),
  );
  expect(await countOf(`(SELECT sum(discount) FROM activity WHERE promotion != '')`)).toBe(
    await countOf('(SELECT sum(discount) FROM awards)'),
  );
});

test('integers beyond the safe ones of JavaScript are read exactly', async () => {
  expect(await clickhouse.rows('SELECT toInt64(9223372036854775807) AS most')).toEqual([
    { most: '9223372036854775807' },
  ]);
});

test('a text of any characters comes back as it was', async () => {
  const id = "tab\t line\n quote' back\\ null\0 ☃ 🎁";
  const formatter = new RowFormatter();
  formatter.add(2, { ...ledgerRecord({ seed: 3, checkoutsOnly: true }, 2, 1), id });
  const { bytes } = formatter.take();
  await clickhouse.insert({ table: 'checkouts', bytes: bytes.checkouts, token: 'any-text' });

  const rows = await clickhouse.rows('SELECT id FROM checkouts WHERE partition = 2');
  expect(rows).toEqual([{ id }]);
});

test('what ClickHouse refuses is a fault that names the reason', async () => {
  await expect(clickhouse.rows('SELECT * FROM nowhere')).rejects.toMatchObject({
    code: 'clickhouse-refused',
    facts: { type: 'UNKNOWN_TABLE' },
  });
});
