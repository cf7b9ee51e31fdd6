import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { ClickHouse } from './client.ts';
import { migrate } from './migrate.ts';
import { type Migration, readMigrations } from './migrations.ts';

let folder: string;
let server: EmbeddedClickHouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-migrate-'));
  server = await startEmbeddedClickHouse({ dataDirectory: folder });
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function withDatabase(database: string, use: (clickhouse: ClickHouse) => Promise<void>) {
  const clickhouse = new ClickHouse({ url: server.url, user: 'default', password: '', database });
  try {
    await use(clickhouse);
  } finally {
    await clickhouse.close();
  }
}

const TABLE: Migration = {
  number: 1,
  name: 'table',
  statements: ['CREATE TABLE IF NOT EXISTS things (id UInt64) ENGINE = MergeTree ORDER BY id'],
  checksum: 'first',
};

test('a second start finds nothing to do', () =>
  withDatabase('twice', async (clickhouse) => {
    const all = readMigrations().map(({ number }) => number);

    expect(await migrate(clickhouse)).toEqual(all);
    expect(await migrate(clickhouse)).toEqual([]);
    expect(await clickhouse.rows('SELECT count() AS count FROM schema_migrations')).toEqual([
      { count: String(all.length) },
    ]);
  }));

test('a start that died in the middle of a migration is finished by the next', () =>
  withDatabase('half', async (clickhouse) => {
    const [first, ...rest] = readMigrations();
    if (first === undefined) throw new Error('there is a first migration');
    const half = { ...first, statements: [...first.statements.slice(0, 2), 'SELECT nonsense'] };

    await expect(migrate(clickhouse, [half, ...rest])).rejects.toMatchObject({
      code: 'clickhouse-refused',
    });
    expect(await migrate(clickhouse)).toEqual(readMigrations().map(({ number }) => number));
  }));

test('an edited migration is refused', () =>
  withDatabase('edited', async (clickhouse) => {
    await migrate(clickhouse, [TABLE]);

    await expect(migrate(clickhouse, [{ ...TABLE, checksum: 'other' }])).rejects.toMatchObject({
      code: 'clickhouse-migration-edited',
      retry: 'operator',
    });
  }));

test('a database of a newer release is refused', () =>
  withDatabase('newer', async (clickhouse) => {
    await migrate(clickhouse, [TABLE, { ...TABLE, number: 2, name: 'later' }]);

    await expect(migrate(clickhouse, [TABLE])).rejects.toMatchObject({
      code: 'clickhouse-schema-newer',
      retry: 'operator',
    });
  }));

test('a database may have any name', () =>
  withDatabase('shop`s \\ own', async (clickhouse) => {
    await migrate(clickhouse, [TABLE]);

    expect(await clickhouse.rows('SELECT count() AS count FROM things')).toEqual([{ count: '0' }]);
  }));

test('a server that is not there is a fault to retry', async () => {
  const clickhouse = new ClickHouse({
    url: 'http://127.0.0.1:1',
    user: 'default',
    password: '',
    database: 'arbiter',
  });

  await expect(migrate(clickhouse)).rejects.toMatchObject({
    code: 'clickhouse-unreachable',
    retry: 'after-backoff',
  });
  await clickhouse.close();
});
