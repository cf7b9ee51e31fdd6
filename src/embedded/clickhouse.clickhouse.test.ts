import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from './clickhouse.ts';

let directory: string;
let clickhouse: EmbeddedClickHouse;
let client: ClickHouseClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'arbiter-clickhouse-'));
  clickhouse = await startEmbeddedClickHouse({ dataDirectory: directory });
  // Errors are expected here; the client would log each.
  client = createClient({ url: clickhouse.url, log: { level: ClickHouseLogLevel.OFF } });
});

afterAll(async () => {
  await client.close();
  await clickhouse.stop();
  await rm(directory, { recursive: true, force: true });
});

async function rowsOf<T>(query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}

function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) {
  return fetch(`${clickhouse.url}${path}`, { method: 'POST', body, headers });
}

describe('through @clickhouse/client', () => {
  test('it answers a ping and a statement of its own kind', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
    expect(await rowsOf('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('rows inserted as objects come back with their types', async () => {
    await client.command({
      query: `CREATE TABLE kinds (id UInt64, amount Int64, name String, seen DateTime64(3),
        tags Array(String), region LowCardinality(String), gone Nullable(Int32))
        ENGINE = MergeTree ORDER BY id`,
    });
    const row = {
      id: '18446744073709551615',
      amount: '-9223372036854775808',
      name: 'tab\t line\n quote\' back\\slash " 日本 \u0000 end',
      seen: '2026-11-21 18:00:00.123',
      tags: ['a', "b'c"],
      region: 'de-by',
      gone: null,
    };
    const inserted = await client.insert({ table: 'kinds', values: [row], format: 'JSONEachRow' });

    expect(inserted.summary?.written_rows).toBe('1');
    const settings = { output_format_json_quote_64bit_integers: 1 } as const;
    const answer = await client.query({
      query: 'SELECT * FROM kinds',
      format: 'JSONEachRow',
      clickhouse_settings: settings,
    });
    expect(await answer.json()).toEqual([row]);
  });

  test('parameters are bound by the engine and never mix between concurrent queries', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `m'-\t\\${index}`);
    const answers = await Promise.all(
      names.map(async (name) => {
        const answer = await client.query({
          query: 'SELECT {name:String} AS name, {list:Array(UInt8)} AS list',
          query_params: { name, list: [1, 2] },
          format: 'JSONEachRow',
        });
        return answer.json();
      }),
    );
    expect(answers).toEqual(names.map((name) => [{ name, list: [1, 2] }]));
  });

  test('exec takes rows as a stream of bytes, binary formats too', async () => {
    await client.command({ query: 'CREATE TABLE bytes (b String) ENGINE = MergeTree ORDER BY b' });
    const anyBytes = Uint8Array.from({ length: 120 }, (_, index) => (index % 3 === 0 ? 10 : index));
    const { Readable } = await import('node:stream');
    await client.exec({
      query: 'INSERT INTO bytes FORMAT RowBinary',
      values: Readable.from([Buffer.from([anyBytes.length]), Buffer.from(anyBytes)], {
        objectMode: false,
      }),
    });
    const hex = Buffer.from(anyBytes).toString('hex').toUpperCase();
    expect(await rowsOf('SELECT hex(b) AS hex FROM bytes')).toEqual([{ hex }]);
  });

  test('packed requests and answers are unpacked on both sides', async () => {
    const packing = createClient({
      url: clickhouse.url,
      compression: { request: true, response: true },
    });
    await packing.command({
      query: 'CREATE TABLE packed (n UInt32) ENGINE = MergeTree ORDER BY n',
    });
    const values = Array.from({ length: 5_000 }, (_, n) => ({ n }));
    await packing.insert({ table: 'packed', values, format: 'JSONEachRow' });
    const answer = await packing.query({
      query: 'SELECT n FROM packed ORDER BY n',
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual(values);
    await packing.close();
  });

  test('a session keeps its temporary tables and settings to itself', async () => {
    const mine = createClient({ url: clickhouse.url, session_id: 'mine' });
    await mine.command({ query: 'CREATE TEMPORARY TABLE held (n UInt8)' });
    await mine.command({ query: 'SET max_threads = 7' });
    await mine.insert({ table: 'held', values: [{ n: 3 }], format: 'JSONEachRow' });
    const answer = await mine.query({
      query: "SELECT n, getSetting('max_threads') AS threads FROM held",
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ n: 3, threads: 7 }]);
    await expect(rowsOf('SELECT * FROM held')).rejects.toMatchObject({ code: '60' });
    await mine.close();
  });

  test('errors keep the code and the type of the engine', async () => {
    await expect(rowsOf('SELECT * FROM nowhere')).rejects.toMatchObject({
      code: '60',
      type: 'UNKNOWN_TABLE',
    });
    await expect(rowsOf('SELEC 1')).rejects.toMatchObject({ code: '62' });
  });
});

describe('through plain HTTP', () => {
  test('a query in the address is answered as tab-separated text', async () => {
    const answer = await fetch(`${clickhouse.url}/?query=SELECT%201,%27a%27`);
    expect(await answer.text()).toBe('1\ta\n');
    expect(answer.headers.get('X-ClickHouse-Format')).toBe('TabSeparated');
    expect(answer.headers.get('X-ClickHouse-Query-Id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    { path: '/?query=SELECT+nonsense', status: 404, code: '47' },
    { path: '/?query=SELEC', status: 400, code: '62' },
    { path: '/?query=SELECT+1;SELECT+2', status: 400, code: '62' },
    { path: '/?query=SELECT+1&no_such_setting=1', status: 404, code: '115' },
    { path: '/?query=SELECT+1&bad%20name=1', status: 404, code: '115' },
    { path: '/?query=SELECT+1&database=nowhere', status: 404, code: '81' },
    { path: '/?query=CREATE+DATABASE+by_get', status: 500, code: '164' },
    { path: "/?query=SELECT+toUInt8('x')", status: 400, code: '6' },
  ])('$path is refused with $status and code $code', async ({ path, status, code }) => {
    const answer = await fetch(`${clickhouse.url}${path}`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('X-ClickHouse-Exception-Code')]).toEqual([
      status,
      code,
    ]);
    expect(text).toContain(`Code: ${code}. DB::Exception: `);
  });

  test('a web page may not use it through the browser of someone on this machine', async () => {
    const answer = await post('/', 'SELECT 1', { Origin: 'https://elsewhere.example' });
    expect(answer.status).toBe(403);
  });

  test('settings and parameters of one request do not reach the next', async () => {
    const query = encodeURIComponent("SELECT getSetting('max_block_size')");
    const first = await fetch(`${clickhouse.url}/?max_block_size=77&query=${query}`);
    const second = await fetch(`${clickhouse.url}/?query=${query}`);
    expect([await first.text(), await second.text()]).toEqual(['77\n', '65409\n']);
  });

  test('blank lines and semicolons in rows are rows, never statements', async () => {
    await post('/', 'CREATE TABLE lines (l String) ENGINE = MergeTree ORDER BY tuple()');
    const rows = '\na;b\n\n\n; DROP TABLE lines\n\nDROP TABLE lines\n';
    const answer = await post('/?query=INSERT+INTO+lines+FORMAT+TabSeparated', rows);
    expect(answer.status).toBe(200);
    const inBody = await post('/', `INSERT INTO lines FORMAT TSV\nx\n\ny\n`);
    expect(inBody.status).toBe(200);
    const read = await post('/', 'SELECT l FROM lines');
    expect(await read.text()).toBe(`${rows}x\n\ny\n`);
  });

  test('an insert without rows is no error', async () => {
    await post('/', 'CREATE TABLE nothing (n UInt8) ENGINE = MergeTree ORDER BY n');
    expect((await post('/?query=INSERT+INTO+nothing+FORMAT+TSV', '')).status).toBe(200);
    expect((await post('/?query=INSERT+INTO+nowhere+FORMAT+TSV', '')).status).toBe(404);
  });

  test('an answer over the limit is refused instead of filling the memory', async () => {
    const answer = await post('/', 'SELECT * FROM numbers(100000000)');
    expect(answer.headers.get('X-ClickHouse-Exception-Code')).toBe('396');
    expect(await answer.text()).toContain('TOO_MANY_ROWS_OR_BYTES');
  });

  test('a body over the limit is refused and the connection stays usable', async () => {
    const answer = await post('/?query=INSERT+INTO+x+FORMAT+TSV', new Uint8Array(65 * 1_048_576));
    expect(answer.status).toBe(413);
    expect(await (await post('/', 'SELECT 2')).text()).toBe('2\n');
  });
});
