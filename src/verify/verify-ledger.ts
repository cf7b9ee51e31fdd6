import { join } from 'node:path';
import type { LedgerTotals } from '../../core/layout/rows/ledger-totals.ts';
import { partitionFolder } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import type { Deployment } from '../store/deployment.ts';
import { crossingProblems } from './verify-crossing.ts';
import { type PartitionFigures, type Violation, verifyPartition } from './verify-partition.ts';

/** What all partitions hold together. */
export interface LedgerFigures {
  readonly partitions: readonly PartitionFigures[];
  readonly violations: readonly Violation[];
}

/**
 * Reads every partition's ledger and checks its promises. Runs beside a working processor: each
 * partition is read as one snapshot. Records up to `cursor` are added to `totals`, which is what
 * ClickHouse must hold.
 */
export async function verifyLedger(
  storePath: string,
  deployment: Deployment,
  clickhouse: { readonly totals: LedgerTotals; readonly cursor: ReadonlyMap<number, number> },
): Promise<LedgerFigures> {
  const partitions: PartitionFigures[] = [];
  const violations: Violation[] = [];
  for (let partition = 0; partition < deployment.partitions; partition += 1) {
    const path = join(storePath, partitionFolder(partition));
    const through = clickhouse.cursor.get(partition) ?? 0;
    const store = new LmdbStore({ path, partition, partitions: deployment.partitions });
    const checked = verifyPartition(store, (record) => {
      if (record.sequence <= through) clickhouse.totals.add(partition, record);
    });
    partitions.push(checked.figures);
    violations.push(...checked.violations);
    await store.close();
  }
  if (await isUnchanged(storePath, partitions)) {
    const crossings = partitions.map(({ crossing }) => crossing);
    for (const what of crossingProblems(crossings)) violations.push({ partition: 0, what });
  }
  return { partitions, violations };
}

/** True when no partition has gone on since it was read, so that all were read at one time. */
async function isUnchanged(
  storePath: string,
  figures: readonly PartitionFigures[],
): Promise<boolean> {
  for (const { partition, records } of figures) {
    const path = join(storePath, partitionFolder(partition));
    const store = new LmdbStore({ path, partition, partitions: figures.length });
    const { ledgerSequence } = store.meta();
    await store.close();
    if (ledgerSequence !== records) return false;
  }
  return true;
}

/** The figures as lines for a person. */
export function renderFigures({ partitions }: LedgerFigures): string {
  const sum = (of: (figures: PartitionFigures) => number): string =>
    partitions.reduce((total, figures) => total + of(figures), 0).toLocaleString('en-GB');
  const held = new Map<string, number>();
  for (const figures of partitions) {
    for (const [unit, points] of figures.held) held.set(unit, (held.get(unit) ?? 0) + points);
  }
  const units = [...held].map(([unit, points]) => `${points.toLocaleString('en-GB')} ${unit}`);
  return [
    `partitions    ${partitions.length}`,
    `transactions  ${sum((p) => p.records)} (${sum((p) => p.accepted)} accepted, ${sum((p) => p.rejected)} rejected)`,
    `blocks        ${sum((p) => p.blocks)}`,
    `entries       ${sum((p) => 2 * p.transfers)}, all balanced`,
    `members       ${sum((p) => p.members)}, holding ${units.join(', ') || 'no points'}`,
  ].join('\n');
}
