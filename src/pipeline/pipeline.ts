import { assert, must } from '../../core/assert.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { BatchReceipt, PartitionBatch, PipelinePorts, QueuedMessage } from './ports.ts';

/**
 * The path of a message after it left the log: queue → batch → worker → (durable) → answer,
 * acknowledge, tell the followers. One batch a partition at a time, so order is kept; several
 * partitions at once, as many as there are workers.
 *
 * Invariant: whatever is told to the outside about a message is told after `apply` resolved, that
 * is after the fsync that covers it. A failed `apply` is tried again with the same messages;
 * idempotency makes that safe even when the first try was written after all.
 */
export class Pipeline {
  readonly #ports: PipelinePorts;
  readonly #queues: readonly PartitionQueue[];
  readonly #batchesMax: number;
  /** Partitions with a batch to give, in the order in which they became ready. */
  readonly #ready: PartitionQueue[] = [];
  #inFlight = 0;
  #stopping = false;
  #idle: (() => void)[] = [];

  constructor(ports: PipelinePorts, options: { partitions: number; batchesInFlightMax: number }) {
    this.#ports = ports;
    this.#batchesMax = options.batchesInFlightMax;
    this.#queues = Array.from({ length: options.partitions }, (_, p) => new PartitionQueue(p));
  }

  queue(partition: number): PartitionQueue {
    return must(this.#queues[partition], 'no such partition');
  }

  /** Messages and bytes that wait, over all partitions. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    let messages = 0;
    let bytes = 0;
    for (const queue of this.#queues) {
      messages += queue.messages;
      bytes += queue.bytes;
    }
    return { messages, bytes };
  }

  get batchesInFlight(): number {
    return this.#inFlight;
  }

  /** Takes a message from the log. False: it was a redelivery of one that is here already. */
  offer(partition: number, message: QueuedMessage): boolean {
    const queue = this.queue(partition);
    const wasReady = queue.ready;
    if (!queue.offer(message)) return false;
    if (!wasReady && queue.ready) this.#ready.push(queue);
    this.#dispatch();
    return true;
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drained(): Promise<void> {
    while (this.#inFlight > 0 || (!this.#stopping && this.#ready.length > 0)) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Starts no further batch; resolves when those in flight have settled. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.drained();
  }

  #dispatch(): void {
    while (!this.#stopping && this.#inFlight < this.#batchesMax) {
      const queue = this.#ready.shift();
      if (!queue) return;
      // A stream that started over empties its queue; then there is nothing to take.
      if (!queue.ready) continue;
      this.#inFlight += 1;
      assert(this.#inFlight <= this.#batchesMax, 'too many batches in flight');
      void this.#process(queue);
    }
  }

  async #process(queue: PartitionQueue): Promise<void> {
    const batch = queue.take();
    const receipt = await this.#applied(batch);
    if (receipt) this.#settle(batch, receipt);
    queue.settled();
    if (queue.ready) this.#ready.push(queue);
    this.#inFlight -= 1;
    this.#dispatch();
    if (this.#inFlight === 0) this.#tellIdle();
  }

  /** Tries until the batch is written. `undefined`: stopped before that; the log still has it. */
  async #applied(batch: PartitionBatch): Promise<BatchReceipt | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ports.apply(batch);
      } catch (error) {
        if (this.#stopping) return undefined;
        await this.#ports.backOff(batch.partition, attempt, error);
        if (this.#stopping) return undefined;
      }
    }
  }

  #settle(batch: PartitionBatch, receipt: BatchReceipt): void {
    for (const [position, message] of batch.messages.entries()) {
      const bytes = receipt.answers[position];
      if (message.answerTo !== undefined && bytes) {
        this.#ports.answer(message.answerTo, bytes);
      }
    }
    this.#ports.deadLetter(batch.partition, receipt);
    const last = must(batch.messages.at(-1), 'a batch holds at least one message');
    this.#ports.acknowledge(batch.partition, last.sequence);
    this.#ports.advanced(batch.partition, receipt);
    this.#ports.settled(batch, receipt);
  }

  #tellIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}
