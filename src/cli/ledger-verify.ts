import { join } from 'node:path';
import { LedgerTotals } from '../../core/layout/rows/ledger-totals.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { SETTINGS, type Settings } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { Fault } from '../fault.ts';
import { SinkState } from '../sink/sink-state.ts';
import { type Difference, verifyClickHouse } from '../sink/verify-clickhouse.ts';
import { type Deployment, readDeployment } from '../store/deployment.ts';
import { SINK_FOLDER } from '../system/system.ts';
import { type LedgerFigures, renderFigures, verifyLedger } from '../verify/verify-ledger.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { reachClickHouse } from './reach-clickhouse.ts';

const EXIT_VIOLATION = 1;

/**
 * `arbiter ledger verify`: reads the whole ledger and compares it with what it promises and with
 * ClickHouse, on a running or a stopped system. Exits 1 on a violation.
 */
export async function ledgerVerify(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(SETTINGS, argv, write);
  if (!ready.ok) return ready.exitCode;

  const { settings } = ready;
  const deployment = readDeployment(dataLayout(settings.data).store);
  if (!deployment) {
    throw new Fault('no-ledger', `there is no ledger in ${settings.data}`, {
      retry: 'operator',
      facts: { hint: 'name its folder with --data' },
    });
  }
  const clickhouse = await reachClickHouse(settings);
  try {
    const outcome = await verify(settings, { deployment, url: clickhouse.url });
    return report(outcome, write);
  } finally {
    await clickhouse.release();
  }
}

interface Verified {
  readonly figures: LedgerFigures;
  readonly differences: readonly Difference[];
  /** Records that ClickHouse does not have yet. */
  readonly lag: number;
}

async function verify(
  settings: Settings,
  given: { readonly deployment: Deployment; readonly url: string },
): Promise<Verified> {
  const { store } = dataLayout(settings.data);
  const cursor = await sinkCursor(store, given.deployment);
  const totals = new LedgerTotals();
  const figures = await verifyLedger(store, given.deployment, { totals, cursor });
  const clickhouse = new ClickHouse({
    url: given.url,
    user: settings.clickhouseUser,
    password: settings.clickhousePassword,
    database: settings.clickhouseDatabase,
  });
  try {
    const sent = [...cursor.values()].reduce((sum, sequence) => sum + sequence, 0);
    const differences = sent === 0 ? [] : await verifyClickHouse(clickhouse, totals);
    const records = figures.partitions.reduce((sum, partition) => sum + partition.records, 0);
    return { figures, differences, lag: records - sent };
  } finally {
    await clickhouse.close();
  }
}

/** Read before the ledger, so that everything up to it is in ClickHouse when that is asked. */
async function sinkCursor(
  storePath: string,
  deployment: Deployment,
): Promise<ReadonlyMap<number, number>> {
  const state = new SinkState({ path: join(storePath, SINK_FOLDER), deployment: deployment.id });
  try {
    return new Map(state.position.cursor);
  } finally {
    await state.close();
  }
}

function report({ figures, differences, lag }: Verified, write: Write): number {
  write(`${renderFigures(figures)}\n`);
  const behind = lag === 0 ? 'has all of them' : `lacks the last ${lag.toLocaleString('en-GB')}`;
  write(`ClickHouse    ${behind}\n\n`);
  for (const { partition, what } of figures.violations) {
    write(`VIOLATION in partition ${partition}: ${what}\n`);
  }
  for (const { figure, expected, found } of differences) {
    write(`VIOLATION in ClickHouse: ${figure}: the ledger says ${expected}, ClickHouse ${found}\n`);
  }
  const violations = figures.violations.length + differences.length;
  write(violations === 0 ? 'the ledger holds what it promises\n' : `${violations} violations\n`);
  return violations === 0 ? 0 : EXIT_VIOLATION;
}
