import type { LedgerFollower } from '../followers/ledger-follower.ts';
import type { BatchReceipt, PartitionBatch, QueuedMessage } from '../pipeline/ports.ts';

/** Messages whose answer may wait in one partition; senders of more repeat them. */
export const HELD_MAX = 10_000;
/** Held messages that are looked up in one go. */
const HELD_PER_READ_MAX = 256;
/** Wait for a lease after which time is let into the log, so that it ends. */
const IMPATIENT_MILLISECONDS = 2_000;
const LOOK_MILLISECONDS = 500;

export interface LeasePorts {
  /** Answers to messages, from the ledger; `undefined` where one still waits. */
  readonly answers: (
    partition: number,
    messages: readonly QueuedMessage[],
  ) => Promise<readonly (Uint8Array | undefined)[]>;
  readonly answer: (to: string, bytes: Uint8Array) => void;
  /** Lets time into a partition's log. */
  readonly tick: (partition: number, now: number) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/**
 * The outside of leases: sends what partitions have to tell each other, answers checkouts that
 * had to wait once they are decided, and sees to it that no wait is endless. All that decides
 * anything is in the logs; a crash here loses a delay, never an amount.
 */
export class LeaseService {
  readonly #ports: LeasePorts;
  readonly #courier: LedgerFollower;
  readonly #held = new Map<number, QueuedMessage[]>();
  /** Partitions whose held messages are being looked up; true where more was released since. */
  readonly #answering = new Map<number, boolean>();
  /** When the checkouts of a partition began to wait, by this process's clock. */
  readonly #since = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(ports: LeasePorts, courier: LedgerFollower) {
    this.#ports = ports;
    this.#courier = courier;
    this.#timer = setInterval(() => void this.#look(Date.now()), LOOK_MILLISECONDS);
    this.#timer.unref();
  }

  /** Sends what a crash may have left unsent. */
  start(waiting: readonly number[]): void {
    for (const partition of waiting) this.#since.set(partition, Date.now());
    this.#courier.start();
  }

  /** A batch became durable. */
  settled(batch: PartitionBatch, receipt: BatchReceipt): void {
    const { partition } = batch;
    const { ledgerSequence: through, leaseLetters: letters } = receipt;
    this.#courier.follow(partition, { through, letters });
    if (!receipt.waiting) this.#since.delete(partition);
    else if (!this.#since.has(partition)) this.#since.set(partition, Date.now());
    this.#hold(batch, receipt);
    if (receipt.released) void this.#answer(partition);
  }

  #hold(batch: PartitionBatch, receipt: BatchReceipt): void {
    if (!receipt.waiting && !receipt.released) return;
    const held = this.#held.get(batch.partition) ?? [];
    for (const [position, message] of batch.messages.entries()) {
      if (message.answerTo === undefined || receipt.answers[position]) continue;
      if (held.length < HELD_MAX) held.push(message);
    }
    this.#held.set(batch.partition, held);
  }

  /** One look at a time: what is released while one is on its way may be too late for it. */
  async #answer(partition: number): Promise<void> {
    if (this.#answering.has(partition)) {
      this.#answering.set(partition, true);
      return;
    }
    do {
      this.#answering.set(partition, false);
      await this.#answerHeld(partition);
    } while (this.#answering.get(partition));
    this.#answering.delete(partition);
  }

  async #answerHeld(partition: number): Promise<void> {
    const held = this.#held.get(partition)?.splice(0) ?? [];
    try {
      while (held.length > 0) {
        const some = held.splice(0, HELD_PER_READ_MAX);
        const answers = await this.#ports.answers(partition, some);
        for (const [position, message] of some.entries()) {
          const bytes = answers[position];
          if (message.answerTo === undefined) continue;
          if (bytes) this.#ports.answer(message.answerTo, bytes);
          else this.#held.get(partition)?.push(message);
        }
      }
    } catch (error) {
      // Their senders repeat them and find the recorded outcome.
      this.#ports.onError(error);
    }
  }

  /** Messages that wait for their answer. */
  get held(): number {
    let count = 0;
    for (const held of this.#held.values()) count += held.length;
    return count;
  }

  async #look(now: number): Promise<void> {
    for (const [partition, since] of this.#since) {
      if (now < since + IMPATIENT_MILLISECONDS) continue;
      this.#since.set(partition, now);
      try {
        await this.#ports.tick(partition, now);
      } catch (error) {
        // The next look makes up for it.
        this.#ports.onError(error);
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#courier.stop();
  }
}
