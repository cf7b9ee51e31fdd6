import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arithmeticProcessor } from './arithmetic-processor.ts';
import type { Submit } from './lanes.ts';
import { replay } from './replay.ts';
import { retailCsv } from './retail-csv.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, name.endsWith('.gz') ? gzipSync(content) : content);
  return path;
}

function textScreen() {
  const written: string[] = [];
  return { screen: { write: (text: string) => written.push(text) }, text: () => written.join('') };
}

test('a dirty file is replayed and every row accounted for', async () => {
  const file = await fileOf(
    'dirty.csv',
    [
      HEADER,
      '1,MUG,"MUG, RED",3,2011-01-10 10:00:00,2.50,ann,France',
      '1,POST,POSTAGE,1,2011-01-10 10:00:00,18,ann,France',
      '2,CUP,,1,2011-01-10 10:05:00,1.25,,EIRE',
      '3,CUP,SHORT ROW',
      '4,CUP,LOST,-20,2011-01-10 10:06:00,0,,EIRE',
      'C5,MUG,"MUG, RED",-2,2011-01-11 10:00:00,2.50,ann,France',
      'C6,MUG,"MUG, RED",-2,2011-01-12 10:00:00,2.50,ann,France',
      'C7,MUG,"MUG, RED",-2,2011-01-12 10:00:00,2.50,ann,France',
      'A8,B,Adjust bad debt,1,2011-01-12 10:00:00,-11062.06,,United Kingdom',
    ].join('\r\n'),
  );
  const { submit, violations } = arithmeticProcessor();
  const { screen, text } = textScreen();
  const counts = await replay({ file, submit, screen, now: () => 0 });

  expect(violations).toEqual([]);
  expect(counts.rowsRead).toBe(9);
  expect(Object.fromEntries(counts.accepted)).toEqual({
    sold: 2,
    postage: 1,
    returned: 1,
    'returned-in-part': 1,
  });
  expect(Object.fromEntries(counts.rejected)).toEqual({
    'malformed-row': 1,
    'quantity-not-positive': 1,
    'adjustment-invoice': 1,
  });
  expect(Object.fromEntries(counts.unmatched)).toEqual({ 'return-all-back': 1 });
  expect(text()).toContain('Rows of the file                       9  the sum of the above');
});

test('a row is refused with the reason the processor gives', async () => {
  const file = await fileOf(
    'refused.csv',
    [
      HEADER,
      '1,MUG,MUG,3,2011-01-10 10:00:00,2.50,,Atlantis',
      '1,CUP,CUP,3,2011-01-10 10:00:00,2.50,,Atlantis',
      '2,MUG,MUG,3,2011-01-10 10:00:00,2.50,,EIRE',
    ].join('\n'),
  );
  const submit: Submit = async (transactions) =>
    transactions.map((transaction) =>
      'store' in transaction && transaction.store === 'atlantis-orders'
        ? { id: transaction.id, status: 'rejected', reason: 'unknown-store' }
        : { id: transaction.id, status: 'accepted' },
    );
  const counts = await replay({ file, submit, screen: textScreen().screen });
  expect(Object.fromEntries(counts.refused)).toEqual({ 'unknown-store': 2 });
  expect(Object.fromEntries(counts.accepted)).toEqual({ sold: 1 });
});

test('a second run sends the same transactions, and all of them exist', async () => {
  const file = await fileOf('again.csv.gz', retailCsv({ seed: 7, invoices: 200 }));
  const { submit, recorded } = arithmeticProcessor();
  const { screen } = textScreen();
  const first = await replay({ file, submit, screen });
  const size = recorded.size;
  const second = await replay({ file, submit, screen });
  expect(recorded.size).toBe(size);
  expect(second.accepted).toEqual(first.accepted);
  expect([...second.transactions.keys()].every((name) => name.endsWith(' exists'))).toBe(true);
});

test.each([
  ['a file that is not there', 'missing.csv', undefined, 'replay-file-unreadable'],
  ['an empty file', 'empty.csv', '', 'replay-file-layout'],
  ['another layout', 'other.csv', 'a,b\n1,2\n', 'replay-file-layout'],
])('%s is a fault for the operator', async (_name, name, content, code) => {
  const file = content === undefined ? join(folder, name) : await fileOf(name, content);
  const { submit } = arithmeticProcessor();
  const attempt = replay({ file, submit, screen: textScreen().screen });
  await expect(attempt).rejects.toMatchObject({ code, retry: 'operator' });
});

test('a damaged archive is a fault for the operator', async () => {
  const file = join(folder, 'damaged.csv.gz');
  const packed = gzipSync(retailCsv({ seed: 7, invoices: 200 }));
  await writeFile(file, packed.subarray(0, packed.length / 2));
  const { submit } = arithmeticProcessor();
  const attempt = replay({ file, submit, screen: textScreen().screen });
  await expect(attempt).rejects.toMatchObject({ code: 'replay-file-unreadable' });
});
