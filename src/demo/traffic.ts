import { Fault, messageOf } from '../fault.ts';
import type { Traffic } from '../generate/traffic.ts';
import type { SeenOutcome } from './meter.ts';

/** Transactions without an outcome. More would be load that nobody asked for, not traffic. */
export const IN_FLIGHT_MAX = 8_192;
/**
 * Transactions that are due but not sent. When more pile up (the machine slept), the schedule
 * starts over instead of flooding the processor with yesterday's customers.
 */
export const BEHIND_MAX = 50_000;
/** How often what is due is sent. */
export const TICK_MS = 5;
/** The same transaction is sent so often before it is given up. */
export const ATTEMPTS_MAX = 20;
const RETRY_AFTER_MS = 500;

export interface TrafficPorts {
  /** The processor's client: resolves with the outcomes, in order, once they are durable. */
  readonly submit: (transactions: readonly unknown[]) => Promise<readonly SeenOutcome[]>;
  readonly next: (at: number) => Traffic;
  /** Milliseconds since 1970, and a way to wait. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onOutcome: (outcome: SeenOutcome, latencyMs: number) => void;
  readonly onFault: (message: string) => void;
}

/**
 * Sends traffic at a rate of its own, whether the processor keeps up or not (an open loop): the
 * latency of a transaction counts from when it was due, so that a stall shows in full.
 */
export class TrafficDriver {
  readonly #ports: TrafficPorts;
  readonly #perSecond: number;
  readonly #underWay = new Set<Promise<void>>();
  #startedAt = 0;
  #due = 0;
  #sent = 0;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(ports: TrafficPorts, perSecond: number) {
    this.#ports = ports;
    this.#perSecond = perSecond;
  }

  /** Due and not sent. */
  get behind(): number {
    return this.#due - this.#sent;
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  start(): void {
    this.#startedAt = this.#ports.now();
    // Without traffic nobody has to wake up two hundred times a second.
    if (this.#perSecond > 0) this.#loop = this.#run();
  }

  /** Sends nothing more; resolves when everything that was sent has its outcome. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#loop;
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#sendDue();
      await this.#ports.sleep(TICK_MS);
    }
  }

  #sendDue(): void {
    const now = this.#ports.now();
    this.#due = Math.floor(((now - this.#startedAt) * this.#perSecond) / 1_000);
    if (this.behind > BEHIND_MAX) {
      this.#startedAt = now;
      this.#due = 0;
      this.#sent = 0;
      return;
    }
    while (this.#sent < this.#due && this.#underWay.size < IN_FLIGHT_MAX) {
      this.#sent += 1;
      this.#send(this.#startedAt + (this.#sent * 1_000) / this.#perSecond);
    }
  }

  #send(dueAt: number): void {
    const traffic = this.#ports.next(Math.floor(dueAt));
    // A checkout must not overtake the enrolment of its member, so the two go one after the other.
    const chain =
      traffic.kind === 'enrol' ? [traffic, this.#ports.next(Math.floor(dueAt))] : [traffic];
    this.#sent += chain.length - 1;
    const travel = this.#travel(chain, dueAt).finally(() => this.#underWay.delete(travel));
    this.#underWay.add(travel);
  }

  async #travel(chain: readonly Traffic[], dueAt: number): Promise<void> {
    let since = dueAt;
    for (const { transaction } of chain) {
      const outcome = await this.#submit(transaction);
      if (outcome === undefined) return;
      const now = this.#ports.now();
      this.#ports.onOutcome(outcome, now - since);
      // The second of a chain becomes due when the first is done.
      since = now;
    }
  }

  /** One outcome, however often it takes; the ids make repeating safe. */
  async #submit(transaction: unknown): Promise<SeenOutcome | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [outcome] = await this.#ports.submit([transaction]);
        return outcome;
      } catch (error) {
        this.#ports.onFault(messageOf(error));
        const isLast = attempt === ATTEMPTS_MAX || this.#isStopping;
        if (isLast || !isWorthRepeating(error)) return undefined;
        await this.#ports.sleep(RETRY_AFTER_MS);
      }
    }
  }
}

function isWorthRepeating(error: unknown): boolean {
  return error instanceof Fault && error.retry === 'after-backoff';
}
