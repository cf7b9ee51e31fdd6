import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextRun } from './run-counter.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('runs are numbered from 1 on', async () => {
  const data = join(folder, 'not', 'there', 'yet');
  expect([await nextRun(data), await nextRun(data), await nextRun(data)]).toEqual([1, 2, 3]);
});

test('a damaged number is a fault, not a new start', async () => {
  await nextRun(folder);
  await writeFile(join(folder, 'traffic-run'), 'seven');
  await expect(nextRun(folder)).rejects.toMatchObject({ code: 'traffic-run-unreadable' });
});
