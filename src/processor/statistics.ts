import { build, type Histogram } from 'hdr-histogram-js';
import type { BatchReceipt, PartitionBatch } from '../pipeline/ports.ts';

const LATENCY_MAX_MILLISECONDS = 3_600_000;

/** Running totals since the start, and latencies since they were last taken. */
export interface Snapshot {
  readonly transactions: number;
  readonly rejected: number;
  readonly existing: number;
  readonly pointsIssued: number;
  readonly pointsRedeemed: number;
  readonly batches: number;
  /** Milliseconds from the storing of a message to its durable outcome. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** Counts what the processor has done. Cheap enough to be on always. */
export class Statistics {
  #transactions = 0;
  #rejected = 0;
  #existing = 0;
  #pointsIssued = 0;
  #pointsRedeemed = 0;
  #batches = 0;
  readonly #latency: Histogram = build({ highestTrackableValue: LATENCY_MAX_MILLISECONDS });

  /** `now` is the time at which the batch became durable, milliseconds since 1970. */
  note(batch: PartitionBatch, receipt: BatchReceipt, now: number): void {
    this.#batches += 1;
    for (const { status, count } of receipt.tallies) {
      this.#transactions += count;
      if (status === 'rejected') this.#rejected += count;
      if (status === 'exists') this.#existing += count;
    }
    this.#pointsIssued += receipt.pointsIssued;
    this.#pointsRedeemed += receipt.pointsRedeemed;
    for (const message of batch.messages) {
      const waited = now - message.storedAt;
      this.#latency.recordValue(Math.min(Math.max(waited, 0), LATENCY_MAX_MILLISECONDS));
    }
  }

  /** The totals, and the latencies since the last call. */
  take(): Snapshot {
    const at = (percentile: number): number => this.#latency.getValueAtPercentile(percentile);
    const snapshot: Snapshot = {
      transactions: this.#transactions,
      rejected: this.#rejected,
      existing: this.#existing,
      pointsIssued: this.#pointsIssued,
      pointsRedeemed: this.#pointsRedeemed,
      batches: this.#batches,
      latency: { p50: at(50), p95: at(95), p99: at(99) },
    };
    this.#latency.reset();
    return snapshot;
  }
}
