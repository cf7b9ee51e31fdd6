import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../fault.ts';

const FILE = 'traffic-run';
const NUMBER = /^\d{1,9}\n?$/;

/**
 * Numbers the runs of the traffic of one data folder, from 1 on, so that receipts of a later run
 * never take the ids of an earlier one. The number is durable before it is used.
 */
export async function nextRun(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, FILE);
  const run = (await lastRun(path)) + 1;
  const draft = `${path}.new`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(`${run}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return run;
}

async function lastRun(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
  if (NUMBER.test(text)) return Number(text);
  // Starting over at 1 would send new checkouts under used ids.
  throw new Fault('traffic-run-unreadable', `${path} does not hold the number of a run`, {
    retry: 'operator',
  });
}
