import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WorkerPool } from './worker-pool.ts';

const PARTITIONS = 16;

let storePath: string;

beforeEach(() => {
  storePath = mkdtempSync(join(tmpdir(), 'arbiter-pool-'));
});

afterEach(() => {
  rmSync(storePath, { recursive: true });
});

function newPool(): WorkerPool {
  return new WorkerPool({
    storePath,
    partitions: PARTITIONS,
    mapBytes: 1 << 20,
    freeBytes: 0,
    threads: 2,
    fetchRuleSet: async () => false,
  });
}

test('threads are ended only after everything that was begun', async () => {
  const pool = newPool();
  const opened = Array.from({ length: PARTITIONS }, (_, partition) => pool.open(partition));
  await pool.close();
  const answers = await Promise.allSettled(opened);
  expect(answers.map(({ status }) => status)).toEqual(opened.map(() => 'fulfilled'));
});

test('threads that are being closed take nothing more', async () => {
  const pool = newPool();
  const closed = pool.close();
  await expect(pool.open(0)).rejects.toMatchObject({ code: 'stopping' });
  await closed;
});
