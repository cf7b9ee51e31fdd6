import type { Outgoing } from '../../core/ledger/registry.ts';
import { type Carried, relayedOf, relayOf } from '../../core/ledger/relay/carry.ts';
import { failPoint } from '../../workers/fail-point.ts';
import type { OutcomeJson } from '../client/outcome-json.ts';

/** Relays of one partition that are carried at the same time. */
export const RELAYS_AT_ONCE_MAX = 64;
const RETRY_MILLISECONDS = 1_000;
/** How often partitions are looked at whose relays nobody reported. */
const LOOK_MILLISECONDS = 10_000;

export interface RelayPorts {
  /** The relays of a partition that have no answer yet, the oldest ids first. */
  readonly list: (partition: number, limit: number) => Promise<readonly Outgoing[]>;
  /** Puts a transaction into the log of its key and resolves with its durable outcome. */
  readonly submit: (transaction: Carried['transaction']) => Promise<OutcomeJson>;
  readonly onError: (error: unknown) => void;
}

/**
 * Carries relays between partitions: sends each to the partition it is for, and the answer back
 * to the one that asked. It remembers nothing: what is not answered stands in the store of the
 * partition that asked, so dying anywhere only means that something is sent again, under the same
 * id, and answered from the ledger (ADR 22).
 */
export class RelayService {
  readonly #ports: RelayPorts;
  readonly #waiting = new Map<number, number>();
  readonly #running = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #stopped = false;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
    this.#timer = setInterval(() => this.#look(), LOOK_MILLISECONDS);
    this.#timer.unref();
  }

  /** So many relays of a partition have no answer, as its last durable write says. */
  noted(partition: number, waiting: number): void {
    this.#waiting.set(partition, waiting);
    if (waiting > 0) this.#run(partition);
  }

  /** Relays under way, by partition. */
  get waiting(): ReadonlyMap<number, number> {
    return this.#waiting;
  }

  #look(): void {
    for (const [partition, waiting] of this.#waiting) if (waiting > 0) this.#run(partition);
  }

  #run(partition: number): void {
    if (this.#stopped || this.#running.has(partition)) return;
    this.#running.add(partition);
    void this.#drain(partition).finally(() => this.#running.delete(partition));
  }

  async #drain(partition: number): Promise<void> {
    while (!this.#stopped) {
      try {
        const relays = await this.#ports.list(partition, RELAYS_AT_ONCE_MAX);
        if (relays.length === 0) return;
        await Promise.all(relays.map((relay) => this.#carry(relay)));
      } catch (error) {
        if (this.#stopped) return;
        this.#ports.onError(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
      }
    }
  }

  async #carry(relay: Outgoing): Promise<void> {
    failPoint('relay-listed');
    const answer = await this.#ports.submit(relayOf(relay).transaction);
    if (this.#stopped) return;
    failPoint('relay-answered');
    await this.#ports.submit(relayedOf(relay, answer).transaction);
    failPoint('relay-ended');
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }
}
