import { assert } from '../../core/assert.ts';
import type { PartitionBatch, QueuedMessage } from './ports.ts';

/** Messages in one batch. */
export const BATCH_MESSAGES_MAX = 2_048;
/** Bytes in one batch: about 1,300 checkouts of five lines, so that none holds a worker long. */
export const BATCH_BYTES_MAX = 1 << 20;
/** Messages that may wait in one partition before the log is asked for no more. */
export const QUEUE_MESSAGES_MAX = 4_096;
/** Bytes that may wait in one partition before the log is asked for no more. */
export const QUEUE_BYTES_MAX = 2 << 20;

/**
 * The messages of one partition that wait for a worker, in stream order. While a batch is in
 * flight the queue grows; the next batch takes all of it, up to a limit. So batches are small
 * when the system is idle and large when it is busy, with no timer to tune.
 */
export class PartitionQueue {
  readonly partition: number;
  #waiting: QueuedMessage[] = [];
  #bytes = 0;
  #lastSequence = 0;
  #waitingForSettled: (() => void)[] = [];
  inFlight = false;

  constructor(partition: number) {
    this.partition = partition;
  }

  get messages(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Sequence of the newest message ever queued; where a new consumer has to go on. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  get ready(): boolean {
    return !this.inFlight && this.#waiting.length > 0;
  }

  /** Starts over after a position, as when a stream has begun another life. */
  restartAfter(sequence: number): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#lastSequence = sequence;
  }

  /** Queues a message. A redelivery of what is queued or settled already is dropped: false. */
  offer(message: QueuedMessage): boolean {
    if (message.sequence <= this.#lastSequence) return false;
    this.#waiting.push(message);
    this.#bytes += message.data.length;
    this.#lastSequence = message.sequence;
    return true;
  }

  /** Takes the next batch; the queue stays blocked until `settled`. */
  take(): PartitionBatch {
    assert(this.ready, 'a batch was taken from a queue that is not ready', this.partition);
    let bytes = 0;
    let count = 0;
    for (const message of this.#waiting) {
      if (count === BATCH_MESSAGES_MAX) break;
      if (count > 0 && bytes + message.data.length > BATCH_BYTES_MAX) break;
      bytes += message.data.length;
      count += 1;
    }
    const messages = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#bytes -= bytes;
    this.inFlight = true;
    return { partition: this.partition, messages };
  }

  settled(): void {
    this.inFlight = false;
    const waiting = this.#waitingForSettled;
    this.#waitingForSettled = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when no batch of this partition is in flight. */
  async whenSettled(): Promise<void> {
    if (!this.inFlight) return;
    await new Promise<void>((resolve) => this.#waitingForSettled.push(resolve));
  }
}
