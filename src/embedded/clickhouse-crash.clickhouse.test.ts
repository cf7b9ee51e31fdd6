import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from './clickhouse.ts';
import { runCommand } from './commands.ts';
import { isAlive } from './processes.ts';

let directory: string;
let clickhouse: EmbeddedClickHouse;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'arbiter-clickhouse-'));
  clickhouse = await startEmbeddedClickHouse({ dataDirectory: directory });
});

afterAll(async () => {
  await clickhouse.stop();
  await rm(directory, { recursive: true, force: true });
});

async function run(statement: string): Promise<string> {
  const answer = await fetch(clickhouse.url, { method: 'POST', body: statement });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Inserts rows `member, points` under a token, as the sink does. */
async function insert(table: string, token: string, rows: string): Promise<boolean> {
  const query = encodeURIComponent(`INSERT INTO ${table} FORMAT TabSeparated`);
  const address = `${clickhouse.url}/?query=${query}&insert_deduplication_token=${token}`;
  const answer = await fetch(address, { method: 'POST', body: rows });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return true;
}

async function createLedger(name: string): Promise<void> {
  const windowed = 'SETTINGS non_replicated_deduplication_window = 1000';
  await run(`CREATE TABLE ${name} (member String, points Int64)
    ENGINE = MergeTree ORDER BY member ${windowed}`);
  await run(`CREATE TABLE ${name}_totals (member String, points Int64, entries UInt64)
    ENGINE = SummingMergeTree ORDER BY member ${windowed}`);
  await run(`CREATE MATERIALIZED VIEW ${name}_view TO ${name}_totals AS
    SELECT member, sum(points) AS points, count() AS entries FROM ${name} GROUP BY member`);
}

function totals(name: string): Promise<string> {
  return run(`SELECT (SELECT (count(), sum(points)) FROM ${name}),
    (SELECT (sum(entries), sum(points)) FROM ${name}_totals)`);
}

function block(first: number, rows = 1_000): string {
  let text = '';
  for (let row = 0; row < rows; row += 1) text += `m-${(first + row) % 37}\t1\n`;
  return text;
}

test('a repeated block changes neither its table nor the view over it', async () => {
  await createLedger('repeated');
  await insert('repeated', '0-1-1000', block(0));
  await insert('repeated', '0-1-1000', block(0));
  expect(await totals('repeated')).toBe('(1000,1000)\t(1000,1000)\n');

  await insert('repeated', '0-1001-2000', block(1_000));
  await insert('repeated', '0-1-1000', block(0));
  expect(await totals('repeated')).toBe('(2000,2000)\t(2000,2000)\n');
});

/** Inserts blocks one after the other until the engine is gone; says how many were begun. */
async function insertUntilCut(table: string, firstBlock: number, begun: (block: number) => void) {
  for (let next = firstBlock; ; next += 1) {
    begun(next);
    try {
      await insert(table, `block-${next}`, block(next * 1_000));
    } catch {
      return;
    }
  }
}

test('a block is one part, so that its token covers it whole', async () => {
  await createLedger('large');
  const rows = block(0, 200_000);
  await insert('large', 'l-1', rows);
  await insert('large', 'l-1', rows);
  expect(await totals('large')).toBe('(200000,200000)\t(200000,200000)\n');
  const parts = "SELECT count(), sum(rows) FROM system.parts WHERE table = 'large' AND active";
  expect(await run(parts)).toBe('1\t200000\n');
});

test('a killed engine opens again, and repeating the block in doubt counts it once', async () => {
  await createLedger('killed');
  let inDoubt = 0;
  for (let round = 0; round < 3; round += 1) {
    const firstBlock = inDoubt + 1;
    const load = insertUntilCut('killed', firstBlock, (begun) => {
      inDoubt = begun;
    });
    await expect.poll(() => inDoubt, { timeout: 30_000 }).toBeGreaterThan(firstBlock + 5);
    process.kill(clickhouse.pid, 'SIGKILL');
    expect(await clickhouse.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await load;

    clickhouse = await startEmbeddedClickHouse({ dataDirectory: directory });
    await insert('killed', `block-${inDoubt}`, block(inDoubt * 1_000));
    const rows = inDoubt * 1_000;
    expect(await totals('killed')).toBe(`(${rows},${rows})\t(${rows},${rows})\n`);
  }
});

test('queries are answered while blocks are inserted', async () => {
  await createLedger('busy');
  const load = Promise.all(
    Array.from({ length: 20 }, (_, one) => insert('busy', `t-${one}`, block(one, 5_000))),
  );
  const counts: number[] = [];
  for (let reads = 0; reads < 20; reads += 1) {
    counts.push(Number(await run('SELECT count() FROM busy')));
  }
  await load;
  // Every answer sees whole blocks, and never fewer than the answer before.
  expect(counts.every((count) => count % 5_000 === 0)).toBe(true);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(await totals('busy')).toBe('(100000,100000)\t(100000,100000)\n');
});

test('what was accepted before the stop is answered and kept', async () => {
  await createLedger('drained');
  const load = Promise.all(
    Array.from({ length: 8 }, (_, one) => insert('drained', `t-${one}`, block(one, 20_000))),
  );
  await run('SELECT 1');
  const stopped = clickhouse.stop();
  expect(await load).toEqual(Array(8).fill(true));
  await stopped;
  expect(await clickhouse.exited).toEqual({ code: 0, signal: null });

  clickhouse = await startEmbeddedClickHouse({ dataDirectory: directory });
  expect(await totals('drained')).toBe('(160000,160000)\t(160000,160000)\n');
});

const MODULE = JSON.stringify(new URL('./clickhouse.ts', import.meta.url).href);

test('it ends with the process that started it, and the next start waits for that', async () => {
  const other = join(directory, 'of-a-killed-parent');
  const program = `
    import { startEmbeddedClickHouse } from ${MODULE};
    const started = await startEmbeddedClickHouse({ dataDirectory: ${JSON.stringify(other)} });
    console.log(started.pid);
    setInterval(() => {}, 1_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const orphan = Number(String(line));
  parent.kill('SIGKILL');

  const successor = await startEmbeddedClickHouse({ dataDirectory: other });
  await expect.poll(() => isAlive(orphan)).toBe(false);
  await successor.stop();
});

test('a folder another live engine holds is refused by name', async () => {
  const second = startEmbeddedClickHouse({ dataDirectory: directory, waitForFolderMs: 300 });
  await expect(second).rejects.toMatchObject({
    code: 'embedded-clickhouse-start',
    message: expect.stringContaining(`process ${clickhouse.pid} has the folder open`),
  });
});

test('a port in use is named', async () => {
  const port = Number(new URL(clickhouse.url).port);
  const second = startEmbeddedClickHouse({ dataDirectory: join(directory, 'second'), port });
  await expect(second).rejects.toMatchObject({
    code: 'embedded-clickhouse-start',
    message: expect.stringContaining(`EADDRINUSE: address already in use 127.0.0.1:${port}`),
  });
});

test('without the optional package the start says what is missing', async () => {
  // A copy of our own files, out of reach of any node_modules.
  const source = fileURLToPath(new URL('..', import.meta.url));
  const copy = join(directory, 'copy');
  await cp(join(source, 'embedded'), join(copy, 'embedded'), { recursive: true });
  await cp(join(source, 'fault.ts'), join(copy, 'fault.ts'));
  const program = `
    import { startEmbeddedClickHouse } from './embedded/clickhouse.ts';
    await startEmbeddedClickHouse({ dataDirectory: 'data' }).catch((error) => {
      console.log(error.code, error.message);
    });`;
  await writeFile(join(copy, 'start.ts'), program);
  const said = await runCommand(process.execPath, ['start.ts'], { withinMs: 60_000, folder: copy });
  expect(said).toContain('embedded-clickhouse-missing');
  expect(said).toContain('run `npm ci`, or configure the URL of a ClickHouse server');
});
