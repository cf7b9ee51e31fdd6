import { statSync } from 'node:fs';
import { join } from 'node:path';
import { partitionFolder } from '../../workers/store/folders.ts';
import type { Health } from '../observe/health.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Processor } from '../processor/processor.ts';
import type { ClickHouseSink } from '../sink/sink.ts';
import type { SinkStatus } from '../sink/sink-status.ts';

const REFRESH_MILLISECONDS = 1_000;
/** Files grow slowly, and asking for their sizes makes the thread of the sockets wait. */
const STORES_MILLISECONDS = 15_000;

export interface Watched {
  readonly processor: Processor;
  readonly sink: ClickHouseSink;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Folder of the partitions' stores. */
  readonly storePath: string;
}

/** Keeps gauges and health current; returns how to stop that. */
export function watchSystem(system: Watched): () => void {
  const { processor, sink, health } = system;
  const clickhouse = health.optional('clickhouse');
  const store = health.required('store');
  let before = sink.status();
  const refresh = (): void => {
    processor.refreshMetrics();
    const [trouble] = processor.troubles;
    if (trouble) store.down(`partition ${trouble[0]} cannot commit: ${trouble[1]}`);
    else store.up();
    const status = sink.status();
    tellSink(system, status, before);
    before = status;
    if (status.refused) clickhouse.down(status.refused.message);
    else if (status.connected) clickhouse.up();
    else clickhouse.down(status.lastError ?? 'not connected yet');
  };
  const timer = setInterval(refresh, REFRESH_MILLISECONDS);
  timer.unref();
  const storesTimer = setInterval(() => tellStores(system), STORES_MILLISECONDS);
  storesTimer.unref();
  refresh();
  tellStores(system);
  return () => {
    clearInterval(timer);
    clearInterval(storesTimer);
  };
}

/** Counters grow by what the sink has done since they were last told. */
function tellSink({ metrics, processor }: Watched, status: SinkStatus, before: SinkStatus): void {
  metrics.clickhouseUp.set(status.connected ? 1 : 0);
  metrics.sinkFailures.inc(status.retries - before.retries);
  metrics.sinkRows.inc(status.rows - before.rows);
  metrics.sinkBlocks.inc(status.blocks - before.blocks);
  metrics.sinkLagSeconds.set(status.lagSeconds);
  for (const [partition, head] of processor.heads) {
    const behind = head - (status.cursor.get(partition) ?? 0);
    metrics.sinkLagRecords.set({ partition: String(partition) }, behind);
  }
}

function tellStores({ metrics, processor, storePath }: Watched): void {
  for (const partition of processor.partitions) {
    const file = join(storePath, partitionFolder(partition), 'data.mdb');
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat) metrics.storeBytes.set({ partition: String(partition) }, stat.size);
  }
}
