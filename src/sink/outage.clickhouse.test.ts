import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Random } from '../../core/testing/random.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { SinkBench } from './testing/sink-bench.ts';

let folder: string;
let server: EmbeddedClickHouse;
let bench: SinkBench;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-outage-'));
  server = await startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse') });
  const stateFolder = join(folder, 'sink');
  bench = new SinkBench({ url: server.url, database: 'arbiter', stateFolder, seed: 11 });
});

afterEach(async () => {
  await bench.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server again on its port, with the data it has now. */
async function startAgain(): Promise<void> {
  const port = Number(new URL(server.url).port);
  server = await startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse'), port });
}

test('a ClickHouse that is killed in the middle of inserts is completed, never doubled', async () => {
  const random = new Random(20_261_121);
  bench.startSink({ recordsMax: 300 });
  for (let round = 0; round < 4; round += 1) {
    bench.tail.grow(400);
    await sleep(random.below(250));
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    await startAgain();
  }
  await bench.caughtUp();

  expect(bench.sink.status().retries).toBeGreaterThan(0);
  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
});

test('a ClickHouse restored from an older copy gets the blocks since then again', async () => {
  bench.startSink();
  bench.tail.grow(60);
  await bench.caughtUp();
  await server.stop();
  cpSync(join(folder, 'clickhouse'), join(folder, 'copy'), { recursive: true });
  await startAgain();
  for (let block = 0; block < 3; block += 1) {
    bench.tail.grow(40);
    await bench.caughtUp();
  }
  await server.stop();
  rmSync(join(folder, 'clickhouse'), { recursive: true });
  cpSync(join(folder, 'copy'), join(folder, 'clickhouse'), { recursive: true });
  await startAgain();
  bench.tail.grow(30);
  await bench.caughtUp();

  expect(bench.sink.status().rewinds).toBe(1);
  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
});
