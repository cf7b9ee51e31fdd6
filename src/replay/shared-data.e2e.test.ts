import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { arithmeticProcessor } from './arithmetic-processor.ts';
import { replay } from './replay.ts';
import { retailCsv } from './retail-csv.ts';
import { total } from './tally.ts';

const SHARED = fileURLToPath(
  new URL('../../../shared/data/online-retail-2010-12-to-2011-08.csv.gz', import.meta.url),
);
const isSharedHere = existsSync(SHARED);
const source = isSharedHere
  ? 'the nine months of Online Retail'
  : 'generated data, because ../shared/data is not here,';

test(`${source} is accounted for, and no return takes back more than was bought`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'arbiter-replay-'));
  const generated = join(folder, 'generated.csv.gz');
  if (!isSharedHere) await writeFile(generated, gzipSync(retailCsv({ seed: 1, invoices: 3_000 })));

  const { submit, violations } = arithmeticProcessor();
  const screen = { write: () => true };
  const counts = await replay({ file: isSharedHere ? SHARED : generated, submit, screen });
  await rm(folder, { recursive: true });

  expect(violations).toEqual([]);
  expect(counts.refused.size).toBe(0);
  expect(total(counts.accepted)).toBeGreaterThan(counts.rowsRead * 0.9);
  if (isSharedHere) expect(counts.rowsRead).toBe(320_705);
});
