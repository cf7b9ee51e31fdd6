import { assert } from '../../core/assert.ts';
import { fnv1a32, partitionKey } from '../../core/transaction/key.ts';
import type { PlannedTransaction } from './plan-step.ts';
import type { OutcomeJson } from './tally.ts';

/** Lanes send side by side; a member's transactions are all in one of them. */
export const LANES = 16;
/** Transactions sent together. */
export const BATCH_TRANSACTIONS_MAX = 64;
/** Lines of the transactions sent together: about 150 KB as JSON, well within an envelope. */
export const BATCH_LINES_MAX = 1_200;
/** Transactions planned and not answered yet. More would only turn the file into heap. */
export const WAITING_TRANSACTIONS_MAX = 4_096;

/**
 * The door to the processor: resolves with one outcome a transaction, in their order, after they
 * are durable. Its client retries by itself; it rejects only when it has given up.
 */
export type Submit = (
  transactions: readonly PlannedTransaction['transaction'][],
) => Promise<readonly OutcomeJson[]>;

export interface LanesPorts {
  readonly submit: Submit;
  readonly settle: (planned: PlannedTransaction, outcome: OutcomeJson) => void;
}

/**
 * Sends transactions in order per member with bounded work in flight. A lane sends its next
 * batch only after the outcomes of the last one: whatever the client retries, a return can never
 * overtake the checkout it names.
 */
export class Lanes {
  readonly #ports: LanesPorts;
  readonly #queues: PlannedTransaction[][] = Array.from({ length: LANES }, () => []);
  readonly #running = new Map<number, Promise<void>>();
  #waiting = 0;
  #fault: unknown;
  #roomMade: (() => void) | undefined;

  constructor(ports: LanesPorts) {
    this.#ports = ports;
  }

  /** Takes one transaction; resolves when there is room for the next. */
  async push(planned: PlannedTransaction): Promise<void> {
    this.#throwFault();
    const lane = laneOf(planned);
    this.#queues[lane]?.push(planned);
    this.#waiting += 1;
    if (!this.#running.has(lane)) this.#running.set(lane, this.#run(lane));
    while (this.#waiting >= WAITING_TRANSACTIONS_MAX && this.#fault === undefined) {
      await new Promise<void>((resolve) => {
        this.#roomMade = resolve;
      });
    }
    this.#throwFault();
  }

  /** Resolves when everything has its outcome. */
  async drain(): Promise<void> {
    await Promise.all(this.#running.values());
    this.#throwFault();
  }

  async #run(lane: number): Promise<void> {
    const queue = this.#queues[lane] ?? [];
    // One turn of the event loop lets the plan fill the lane, so that the first batch is not 1.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (queue.length > 0 && this.#fault === undefined) {
        const batch = queue.splice(0, batchLength(queue));
        await this.#send(batch);
      }
    } catch (fault) {
      this.#fault ??= fault;
    }
    this.#running.delete(lane);
    this.#makeRoom();
  }

  async #send(batch: readonly PlannedTransaction[]): Promise<void> {
    const outcomes = await this.#ports.submit(batch.map((planned) => planned.transaction));
    assert(outcomes.length === batch.length, 'an outcome a transaction', outcomes.length);
    batch.forEach((planned, index) => {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#ports.settle(planned, outcome);
    });
    this.#waiting -= batch.length;
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#roomMade?.();
    this.#roomMade = undefined;
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }
}

function laneOf(planned: PlannedTransaction): number {
  return fnv1a32(partitionKey(planned.transaction) ?? '') % LANES;
}

/** How many of the queue go together: at least one, within both limits. */
function batchLength(queue: readonly PlannedTransaction[]): number {
  let lines = 0;
  let length = 0;
  for (const { transaction } of queue) {
    lines += 'lines' in transaction ? transaction.lines.length : 1;
    if (length > 0 && lines > BATCH_LINES_MAX) break;
    length += 1;
    if (length === BATCH_TRANSACTIONS_MAX) break;
  }
  return length;
}
