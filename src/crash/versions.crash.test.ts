import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestDeployment } from './testing/test-deployment.ts';

vi.setConfig({ testTimeout: 240_000 });

let deployment: TestDeployment;
let record: string;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  await deployment.stop();
  record = readFileSync(recordFile(), 'utf8');
});

afterAll(async () => {
  await deployment.remove();
});

function recordFile(): string {
  return join(deployment.layout.store, 'deployment.json');
}

test.each([
  ['another number of partitions', { partitions: 8 }, 'set ARBITER_PARTITIONS=8'],
  ['another store format', { storeFormat: 99 }, 'the store has format 99'],
  ['another lmdb', { lmdb: '2.0.0' }, 'run the version that wrote it'],
])('%s is refused with what to do', async (_, change, message) => {
  writeFileSync(recordFile(), JSON.stringify({ ...JSON.parse(record), ...change }));
  deployment.start();
  expect(await deployment.exited, deployment.tail()).toEqual({ code: 3, signal: null });
  expect(deployment.errors).toContain(message);
});

test('the right version runs on as if nothing had been', async () => {
  writeFileSync(recordFile(), record);
  await deployment.run();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
});

test('every problem of a configuration is told at once', async () => {
  const { code, output } = await deployment.command(['run', '--port', 'eighty', '--colour'], {
    ARBITER_PARTITIONS: '0',
    ARBITER_WORKERS: 'many',
    ARBITER_STORE_BYTES: '12',
  });
  expect(code).toBe(2);
  expect(output).toContain('5 settings are wrong');
  for (const name of ['--port', '--colour', 'PARTITIONS', 'WORKERS', 'STORE_BYTES']) {
    expect(output).toContain(name);
  }
});
