import type { Health } from '../observe/health.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Processor } from '../processor/processor.ts';
import type { ClickHouseSink } from '../sink/sink.ts';

const REFRESH_MILLISECONDS = 1_000;

/** Keeps gauges and health current; returns how to stop that. */
export function watchSystem(system: {
  readonly processor: Processor;
  readonly sink: ClickHouseSink;
  readonly metrics: Metrics;
  readonly health: Health;
}): () => void {
  const { processor, sink, metrics, health } = system;
  const clickhouse = health.optional('clickhouse');
  let retries = 0;
  const refresh = (): void => {
    processor.refreshMetrics();
    const status = sink.status();
    metrics.clickhouseUp.set(status.connected ? 1 : 0);
    metrics.sinkFailures.inc(status.retries - retries);
    retries = status.retries;
    for (const [partition, head] of processor.heads) {
      const behind = head - (status.cursor.get(partition) ?? 0);
      metrics.sinkLagRecords.set({ partition: String(partition) }, behind);
    }
    if (status.refused) clickhouse.down(status.refused.message);
    else if (status.connected) clickhouse.up();
    else clickhouse.down(status.lastError ?? 'not connected yet');
  };
  const timer = setInterval(refresh, REFRESH_MILLISECONDS);
  timer.unref();
  refresh();
  return () => clearInterval(timer);
}
