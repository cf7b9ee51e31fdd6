import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { startCuttingProxy } from './testing/cutting-proxy.ts';
import { SinkBench } from './testing/sink-bench.ts';

let folder: string;
let server: EmbeddedClickHouse;
const benches: SinkBench[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-sink-'));
  server = await startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse') });
});

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function benchIn(database: string, url = server.url): SinkBench {
  const bench = new SinkBench({ url, database, stateFolder: join(folder, database), seed: 5 });
  benches.push(bench);
  return bench;
}

test('everything durable arrives, and every figure equals a replay of the ledger', async () => {
  const bench = benchIn('plain');
  bench.startSink();
  bench.tail.grow(150);
  await bench.caughtUp();
  bench.tail.grow(100, [1, 7]);
  await bench.caughtUp();

  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
  expect(bench.sink.status()).toMatchObject({ lagRecords: 0, lagSeconds: 0, retries: 0 });
});

test('the same block again changes nothing, aggregates included', async () => {
  const bench = benchIn('again');
  bench.startSink();
  bench.tail.grow(200);
  await bench.caughtUp();
  await bench.stopSink();
  const before = await bench.fingerprint();

  const blocks = bench.state.position.block;
  await bench.state.rewind(0);
  for (let block = 0; block < blocks; block += 1) await bench.sendPending();

  expect(await bench.fingerprint()).toEqual(before);
  expect(await bench.differences()).toEqual([]);
});

test('a block that was written down and not sent is sent by the next start', async () => {
  const bench = benchIn('pending');
  bench.tail.grow(100);
  const block = await bench.state.begin([{ partition: 2, first: 1, last: 40 }]);
  await bench.reopenState();
  bench.startSink();
  await bench.caughtUp();

  expect(bench.tail.asked[0]).toEqual(block.ranges);
  expect(await bench.differences()).toEqual([]);
});

test('a block whose tables arrived in part is completed', async () => {
  const bench = benchIn('part');
  bench.tail.grow(400);
  await bench.target.prepare();
  await bench.state.begin([{ partition: 0, first: 1, last: 400 }]);
  await bench.insertOnly(['checkouts', 'awards']);
  bench.startSink();
  await bench.caughtUp();

  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
});

test('an answer lost after the insert does not double its rows', async () => {
  const proxy = await startCuttingProxy(server.url);
  const bench = benchIn('cut', proxy.url);
  bench.startSink();
  for (let round = 0; round < 6; round += 1) {
    proxy.loseAnswers(1 + (round % 3));
    bench.tail.grow(50);
    await bench.caughtUp();
  }
  const { retries } = bench.sink.status();
  await bench.stopSink();

  expect(retries).toBeGreaterThan(0);
  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
  await bench.close();
  await proxy.stop();
});

test('what was formatted ahead is sent once, whatever happens to the block before', async () => {
  const proxy = await startCuttingProxy(server.url);
  const bench = benchIn('far_behind', proxy.url);
  bench.tail.grow(300);
  bench.startSink({ recordsWanted: 50, recordsMax: 50 });
  await bench.stored(150);
  proxy.loseAnswers(2);
  await bench.stored(500);
  await bench.clickhouse.commandOutside('DROP DATABASE far_behind SYNC');
  await bench.caughtUp();
  await bench.stopSink();

  expect(bench.sink.status()).toMatchObject({ generation: 2, rebuilds: 1 });
  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
  await bench.close();
  await proxy.stop();
});

test('a dropped database is rebuilt from the first ledger sequence', async () => {
  const bench = benchIn('dropped');
  bench.startSink();
  bench.tail.grow(250);
  await bench.caughtUp();
  await bench.clickhouse.commandOutside('DROP DATABASE dropped SYNC');
  bench.tail.grow(20);
  await bench.caughtUp();

  expect(bench.sink.status()).toMatchObject({ generation: 2, rebuilds: 1 });
  expect(await bench.differences()).toEqual([]);
  expect(await bench.activityDifferences()).toEqual([]);
});

test('a data directory older than ClickHouse is refused', async () => {
  const bench = benchIn('ahead');
  bench.startSink();
  bench.tail.grow(100);
  await bench.caughtUp();
  await bench.forgetState();
  bench.startSink();
  const fault = await bench.refused();

  expect(fault).toMatchObject({ code: 'clickhouse-ahead', retry: 'operator' });
  expect(fault.message).toContain('drop the database');
});

test('a ledger that is shorter than what was sent is refused', async () => {
  const bench = benchIn('shorter');
  await bench.state.finish(await bench.state.begin([{ partition: 1, first: 1, last: 90 }]));
  bench.tail.grow(50);
  bench.startSink();

  expect(await bench.refused()).toMatchObject({ code: 'ledger-behind-sink', retry: 'operator' });
});

test('a ClickHouse that is down only makes the sink lag', async () => {
  const bench = benchIn('down', 'http://127.0.0.1:1');
  bench.tail.grow(10);
  bench.startSink();
  await bench.untilRetries(2);

  expect(bench.sink.status()).toMatchObject({ lagRecords: 40, connected: false });
  expect(bench.sink.status().lastError).toContain('does not answer');
  await bench.stopSink();
});

test('stopping with time to drain sends what is durable first', async () => {
  const bench = benchIn('drained');
  bench.startSink();
  bench.tail.grow(400);
  await bench.stopSink(30_000);

  expect(bench.sink.status().lagRecords).toBe(0);
  expect(await bench.differences()).toEqual([]);
});

test('a block too large for one insert is cut smaller before it is written down', async () => {
  const bench = benchIn('large');
  bench.startSink({ bytesMax: 200_000 });
  bench.tail.grow(400);
  await bench.caughtUp();

  expect(bench.state.position.block).toBeGreaterThan(4);
  expect(await bench.differences()).toEqual([]);
});

test.each([
  {
    wrong: 'a doubled row',
    statement: "INSERT INTO checkouts SELECT * FROM checkouts WHERE status = 'accepted' LIMIT 1",
    figure: /^checkouts of partition \d, repeated transaction ids$/,
  },
  {
    wrong: 'a lost row',
    statement:
      'ALTER TABLE lines DELETE WHERE partition = 2 AND sequence < 10 SETTINGS mutations_sync = 1',
    figure: /^lines of partition 2, rows$/,
  },
  {
    wrong: 'an entry of another amount',
    statement:
      'ALTER TABLE entries UPDATE amount = amount + 1 WHERE amount > 0 SETTINGS mutations_sync = 1',
    figure: /^entries in main, sum$/,
  },
  {
    wrong: 'an aggregate that counted twice',
    statement: "INSERT INTO activity (promotion, transactions) SELECT 'discount-1', 1",
    figure: /^activity of promotion discount-1, transactions$/,
  },
])('verification finds $wrong', async ({ statement, figure, wrong }) => {
  const bench = benchIn(wrong.replaceAll(' ', '_'));
  bench.startSink();
  bench.tail.grow(50);
  await bench.caughtUp();
  expect(await bench.differences()).toEqual([]);
  await bench.clickhouse.command(statement);
  const figures = (await bench.differences()).map((difference) => difference.figure);

  expect(figures).toContainEqual(expect.stringMatching(figure));
});
