import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LedgerTotals } from '../../core/layout/rows/ledger-totals.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { readDeployment } from '../store/deployment.ts';
import { verifyLedger } from '../verify/verify-ledger.ts';
import { readLedger } from './testing/ledger-check.ts';
import { Load, seedOf } from './testing/load.ts';
import { PARTITIONS, TestDeployment } from './testing/test-deployment.ts';

/** Starting, copying and reading the log again takes seconds; a busy machine may take minutes. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const OUTCOMES = 300;
/** What `docs/operating.md` says to copy. */
const KEPT = ['store', 'access'] as const;

let deployment: TestDeployment;
let load: Load;
let backups: string;

beforeAll(async () => {
  backups = mkdtempSync(join(tmpdir(), 'arbiter-backup-'));
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  await deployment.applyRules();
});

afterAll(async () => {
  await deployment.remove();
  rmSync(backups, { recursive: true, force: true });
});

/** `cp -a` of what matters, into a folder of its own. */
function copy(name: string): string {
  const to = join(backups, name);
  for (const folder of KEPT) {
    const from = join(deployment.layout.path, folder);
    if (existsSync(from)) cpSync(from, join(to, folder), { recursive: true });
  }
  return to;
}

/** Everything of the data directory is lost; what was copied comes back into an empty one. */
function restore(backup: string): void {
  const { path } = deployment.layout;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  cpSync(backup, path, { recursive: true });
}

async function problemsOf(backup: string): Promise<readonly string[]> {
  const store = join(backup, 'store');
  const known = readDeployment(store);
  if (!known) return ['there is no ledger in the copy'];
  const cursor = new Map<number, number>();
  const { violations } = await verifyLedger(store, known, { totals: new LedgerTotals(), cursor });
  return violations.map(({ what }) => what);
}

const ledgerNow = () => readLedger(deployment.layout.store, PARTITIONS);

/** Records that are not in the other ledger, or not the same there. */
function missingFrom(after: readonly LedgerRecord[], before: readonly LedgerRecord[]): string[] {
  const nameOf = ({ id, sequence }: LedgerRecord): string => `${id} at ${sequence}`;
  const known = new Map(after.map((record) => [nameOf(record), record]));
  const lost = before.filter((record) => !isDeepStrictEqual(known.get(nameOf(record)), record));
  return lost.map(nameOf);
}

/** ClickHouse is ahead of a ledger that was set back: it is dropped, and rebuilt. */
async function dropRows(): Promise<void> {
  const url = `${deployment.clickhouseUrl}/?query=${encodeURIComponent('DROP DATABASE arbiter')}`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(200);
}

/** Starts on what was restored, and waits until all that the streams hold is applied again. */
async function startAgain(records: number): Promise<void> {
  await dropRows();
  await deployment.run();
  await deployment.waitFor('the log to be read again', async () => {
    return (await ledgerNow()).length >= records ? true : undefined;
  });
  await deployment.stop();
}

test('a copy of a frozen processor under load is whole, and the log brings what came since', async () => {
  load = await Load.start(deployment, seedOf('backup'));
  await load.progress(OUTCOMES);
  await deployment.freeze();
  const backup = copy('under-load');
  deployment.thaw();
  await load.progress(OUTCOMES);
  await load.finish();
  await deployment.stop();
  const before = await ledgerNow();
  expect(await problemsOf(backup)).toEqual([]);
  const copied = await readLedger(join(backup, 'store'), PARTITIONS);
  expect(copied.length).toBeGreaterThan(OUTCOMES / 2);
  expect(copied.length).toBeLessThan(before.length);

  restore(backup);
  await startAgain(before.length);
  expect(missingFrom(await ledgerNow(), before)).toEqual([]);
  expect(await load.differences()).toEqual([]);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});

test('a copy of a stopped processor is whole, and starts as if nothing had happened', async () => {
  const before = await ledgerNow();
  const backup = copy('stopped');
  expect(await problemsOf(backup)).toEqual([]);
  restore(backup);
  await deployment.run();
  await deployment.stop();
  expect(missingFrom(await ledgerNow(), before)).toEqual([]);
  expect(await load.differences()).toEqual([]);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});
