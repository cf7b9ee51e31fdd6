import { Fault } from '../fault.ts';
import type { ClickHouse } from './client.ts';
import { type Migration, readMigrations } from './migrations.ts';

const CREATE_SCHEMA_MIGRATIONS = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    number UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree ORDER BY number
SETTINGS non_replicated_deduplication_window = 1000`;

/**
 * Brings the database up to the newest migration, creating it when missing. Runs at every start
 * and after every lost connection; when there is nothing to do it is two questions. Returns the
 * numbers applied. A crash in the middle is repaired by the next run, because every statement
 * says `IF NOT EXISTS` and a migration is recorded after its last.
 */
export async function migrate(
  clickhouse: ClickHouse,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly number[]> {
  await clickhouse.commandOutside(`CREATE DATABASE IF NOT EXISTS ${quoted(clickhouse.database)}`);
  await clickhouse.command(CREATE_SCHEMA_MIGRATIONS);
  const applied = await readApplied(clickhouse);
  refuseStrangers(clickhouse, migrations, applied);

  const missing = migrations.filter(({ number }) => !applied.has(number));
  for (const migration of missing) await apply(clickhouse, migration);
  return missing.map(({ number }) => number);
}

type Applied = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>;

async function readApplied(clickhouse: ClickHouse): Promise<Applied> {
  const rows = await clickhouse.rows(
    'SELECT number, any(name) AS name, any(checksum) AS checksum FROM schema_migrations GROUP BY number',
  );
  return new Map(
    rows.map(({ number, name = '', checksum = '' }) => [Number(number), { name, checksum }]),
  );
}

function refuseStrangers(
  { database }: ClickHouse,
  migrations: readonly Migration[],
  applied: Applied,
): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const [number, { name, checksum }] of applied) {
    const ours = known.get(number);
    if (ours === undefined) {
      throw new Fault(
        'clickhouse-schema-newer',
        `database ${database} has migration ${number} (${name}), which this release does not know; ` +
          'start the release that made it, or another database',
        { retry: 'operator', facts: { database, number, name } },
      );
    }
    if (ours.checksum !== checksum) {
      throw new Fault(
        'clickhouse-migration-edited',
        `migration ${number} (${ours.name}) was edited after database ${database} applied it; ` +
          'restore its text and add a new migration instead',
        { retry: 'operator', facts: { database, number, applied: checksum, file: ours.checksum } },
      );
    }
  }
}

async function apply(clickhouse: ClickHouse, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await clickhouse.command(statement);
  await clickhouse.command(
    `INSERT INTO schema_migrations (number, name, checksum)
    SETTINGS async_insert = 0, insert_deduplication_token = 'migration-${migration.number}'
    VALUES (${migration.number}, '${migration.name}', '${migration.checksum}')`,
  );
}

/** The database name comes from the configuration, where it may be anything. */
function quoted(identifier: string): string {
  return `\`${identifier.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
