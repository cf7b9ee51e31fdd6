import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FormattedRows, RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { perTable, ROW_TABLES } from '../../core/layout/rows/table.ts';
import { ledgerRecord } from '../../core/testing/ledger-records.ts';
import { startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { ClickHouse } from './client.ts';
import { migrate } from './migrate.ts';

/**
 * `npx node src/clickhouse/insert.bench.ts [blocks] [checkouts a block] [pause ms]`: processor
 * time that the embedded ClickHouse spends on a five-line checkout with the full schema, views
 * and merges included.
 */
const [blocks = 40, checkouts = 10_000, pauseMs = 100] = process.argv.slice(2).map(Number);
const PARTITIONS = 16;
const CLOCK_TICKS_PER_SECOND = 100;
/** Merges count as done when a second costs less than this. */
const IDLE_SECONDS = 0.05;
const MERGE_SECONDS_MAX = 60;

const traffic = { seed: 1, lines: 5, checkoutsOnly: true };
const formatter = new RowFormatter();

/** As the processor makes it: each partition is formatted by itself. */
function block(index: number): FormattedRows {
  const each = Math.ceil(checkouts / PARTITIONS);
  const parts: FormattedRows[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    for (let sequence = index * each + 1; sequence <= (index + 1) * each; sequence += 1) {
      formatter.add(partition, ledgerRecord(traffic, partition, sequence));
    }
    parts.push(formatter.take());
  }
  return {
    rows: perTable((table) => parts.reduce((sum, part) => sum + part.rows[table], 0)),
    bytes: perTable((table) =>
      Uint8Array.from(Buffer.concat(parts.map((part) => part.bytes[table]))),
    ),
  };
}

function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

const folder = await mkdtemp(join(tmpdir(), 'arbiter-insert-bench-'));
const server = await startEmbeddedClickHouse({ dataDirectory: folder });
const clickhouse = new ClickHouse({
  url: server.url,
  user: 'default',
  password: '',
  database: 'arbiter',
});
await migrate(clickhouse);

const spent = new Map<string, number>();
const before = processorSeconds(server.pid);
let wall = 0;
let rows = 0;
for (let index = 0; index < blocks; index += 1) {
  const made = block(index);
  for (const table of ROW_TABLES) {
    const [cpu, start] = [processorSeconds(server.pid), performance.now()];
    await clickhouse.insert({ table, bytes: made.bytes[table], token: `bench:${table}:${index}` });
    wall += performance.now() - start;
    rows += made.rows[table];
    spent.set(table, (spent.get(table) ?? 0) + processorSeconds(server.pid) - cpu);
  }
  await sleep(pauseMs);
}
const total = blocks * checkouts;
const inserted = processorSeconds(server.pid);
let last = inserted;
for (let second = 0; second < MERGE_SECONDS_MAX; second += 1) {
  await sleep(1_000);
  const now = processorSeconds(server.pid);
  if (now - last < IDLE_SECONDS) break;
  last = now;
}
const micros = (seconds: number) => ((seconds * 1e6) / total).toFixed(1);
console.log(`${total} checkouts, ${rows} rows, ${Math.round((rows * 1_000) / wall)} rows/s`);
console.log(`inserts ${micros(inserted - before)} µs processor time a checkout`);
console.log(`with merges ${micros(processorSeconds(server.pid) - before)} µs`);
for (const [table, seconds] of spent) console.log(`  during ${table}: ${micros(seconds)} µs`);
const [size] = await clickhouse.rows(
  `SELECT sum(bytes_on_disk) / ${total} AS bytes, count() AS parts FROM system.parts
  WHERE active AND database = 'arbiter'`,
);
console.log(
  `${Number(size?.['bytes']).toFixed(0)} bytes a checkout on disk, ${size?.['parts']} parts`,
);

await clickhouse.close();
await server.stop();
await rm(folder, { recursive: true, force: true });
