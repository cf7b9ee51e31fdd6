import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Load, seedOf } from './testing/load.ts';
import { TestDeployment } from './testing/test-deployment.ts';

vi.setConfig({ testTimeout: 240_000 });

const SMALL_STORE = { ARBITER_STORE_BYTES: String(1 << 20) };
/** Of the disk: what others may use meanwhile. */
const MARGIN_BYTES = 512 << 20;
/** More than any disk has free. */
const NO_DISK = { ARBITER_FREE_BYTES: String(2 ** 44) };

const FILLERS = 500;

/** A checkout that takes much room. */
function filler(_: unknown, number: number) {
  const lines = Array.from({ length: 100 }, (_line, at) => ({
    id: `${at}`,
    sku: `${'S'.repeat(100)}-${at}`,
    quantity: 1,
    price: 100,
  }));
  return { id: `filler-${number}`, kind: 'checkout', store: 's-1', lines };
}

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
});

afterAll(async () => {
  await deployment.remove();
});

test('a store that reached its size pauses, says so, and goes on when it may grow', async () => {
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
  await deployment.stop();

  await deployment.run(SMALL_STORE);
  const load = await Load.start(deployment, seedOf('full store'));
  // Nobody waits for these: they only make the stores grow quickly.
  void load.client.submit(Array.from({ length: FILLERS }, filler)).catch(() => {});
  const line = await deployment.logged('batch failed, will be tried again');
  expect(line).toMatchObject({ level: 'error', err: { code: 'store-full', retry: 'operator' } });
  const readiness = await deployment.waitFor('not ready', async () => {
    const answer = await fetch(`${deployment.httpUrl}/readyz`);
    return answer.status === 503 ? answer.text() : undefined;
  });
  expect(readiness).toContain('the store has reached its size');
  expect(await deployment.verify()).toMatchObject({ code: 0 });
  // What cannot be committed does not hold up the stop: the log still has it.
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });

  await deployment.run();
  await load.progress(100);
  await load.finish();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await load.differences()).toEqual([]);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});

/** Takes room on the disk without writing it; false where that cannot be done. */
function occupied(file: string, bytes: number): boolean {
  return spawnSync('fallocate', ['--length', String(bytes), file]).status === 0;
}

test('a disk that fills while it runs pauses it, and it goes on when there is room', async (context) => {
  const { bavail, bsize } = statfsSync(deployment.layout.path);
  const floor = bavail * bsize - MARGIN_BYTES;
  const ballast = join(deployment.layout.path, 'ballast');
  await deployment.run({ ARBITER_FREE_BYTES: String(floor) });
  const load = await Load.start(deployment, seedOf('full disk'));
  await load.progress(50);
  if (!occupied(ballast, 2 * MARGIN_BYTES)) context.skip();
  const line = await deployment.logged('batch failed, will be tried again');
  expect(line).toMatchObject({ err: { code: 'disk-nearly-full', retry: 'operator' } });

  rmSync(ballast);
  await deployment.logged('batch committed after all, the partition goes on');
  await load.progress(100);
  await load.finish();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await load.differences()).toEqual([]);
});

test('without room on the disk it does not start, and says what is missing', async () => {
  deployment.start(NO_DISK);
  expect(await deployment.exited, deployment.tail()).toEqual({ code: 3, signal: null });
  expect(deployment.errors).toContain('the disk is nearly full');
  expect(deployment.errors).toContain('bytesFree');
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});
