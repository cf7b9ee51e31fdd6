import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { publishDocument } from '../rules/publish-document.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { replay } from './replay.ts';
import { retailCsv } from './retail-csv.ts';

let scratch: ScratchProcessor;
let folder = '';

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  folder = await mkdtemp(join(tmpdir(), 'arbiter-replay-'));
  const sample = new URL('../samples/online-retail.yaml', import.meta.url);
  const published = await publishDocument(scratch.processor.registry, {
    document: parse(await readFile(sample, 'utf8')),
    author: 'test',
    note: 'replay',
    partitions: scratch.partitions,
  });
  expect(published.ok).toBe(true);
});

afterAll(async () => {
  await scratch.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a file goes through the real processor, and a second time changes nothing', async () => {
  const file = join(folder, 'retail.csv.gz');
  await writeFile(file, gzipSync(retailCsv({ seed: 11, invoices: 400 })));
  const run = () =>
    replay({
      file,
      submit: (transactions) => scratch.client.submit(transactions),
      screen: { write: () => true },
    });

  const first = await run();
  expect(Object.fromEntries(first.refused)).toEqual({});
  expect(first.accepted.get('sold')).toBeGreaterThan(1_000);
  expect(first.accepted.get('returned')).toBeGreaterThan(10);
  expect([...first.transactions.keys()].toSorted()).toEqual([
    'checkout accepted',
    'enrol accepted',
    'return accepted',
  ]);

  const balance = await account('12300');
  expect(balance).toMatchObject({ id: '12300' });
  const second = await run();
  expect(second.accepted).toEqual(first.accepted);
  expect([...second.transactions.keys()].toSorted()).toEqual([
    'checkout exists',
    'enrol exists',
    'return exists',
  ]);
  expect(await account('12300')).toEqual(balance);
});

/** The member's view, without the time until which it looks ahead: that goes on by itself. */
async function account(member: string): Promise<unknown> {
  const view = await scratch.client.member(member);
  return JSON.parse(JSON.stringify(view, (name, value) => (name === 'until' ? undefined : value)));
}
