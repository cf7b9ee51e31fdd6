import type { BatchReceipt, PartitionBatch } from '../pipeline/ports.ts';

/** What a histogram with one label has to offer. */
interface StepHistogram {
  readonly observe: (labels: { readonly step: Step }, seconds: number) => void;
}

/**
 * - `delivery`: stored in the log, on its way here (whole milliseconds, by the clock)
 * - `queue`: waits here until its batch is taken
 * - `hand-over`: to the thread and back, waiting for either of them included
 * - `apply`, `write`: in the thread; the fsync is part of `write`
 * - `settle`: answers are given to the connection
 */
export type Step = 'delivery' | 'queue' | 'hand-over' | 'apply' | 'write' | 'settle';

/** Tells where the oldest message of each batch spent its time: it has waited longest. */
export class StepTimes {
  readonly #histogram: StepHistogram;
  readonly #returned = new Map<number, number>();

  constructor(histogram: StepHistogram) {
    this.#histogram = histogram;
  }

  /** A batch came back from its thread; `taken` is when it was sent there. */
  noteThread(batch: PartitionBatch, receipt: BatchReceipt, taken: number): void {
    const now = performance.now();
    const { applyMilliseconds, writeMilliseconds } = receipt;
    const [oldest] = batch.messages;
    if (oldest?.receivedAt !== undefined) {
      const receivedAt = performance.timeOrigin + oldest.receivedAt;
      this.#note('delivery', receivedAt - oldest.storedAt);
      this.#note('queue', taken - oldest.receivedAt);
    }
    this.#note('hand-over', now - taken - applyMilliseconds - writeMilliseconds);
    this.#note('apply', applyMilliseconds);
    this.#note('write', writeMilliseconds);
    this.#returned.set(batch.partition, now);
  }

  /** Everything was told about the batch. */
  noteSettled({ partition }: PartitionBatch): void {
    const now = performance.now();
    this.#note('settle', now - (this.#returned.get(partition) ?? now));
  }

  #note(step: Step, milliseconds: number): void {
    this.#histogram.observe({ step }, Math.max(0, milliseconds) / 1_000);
  }
}
