import { build, type Histogram } from 'hdr-histogram-js';
import { connect, createInbox, headers, type NatsConnection } from 'nats';
import type { Format, Message } from './traffic.ts';

const CONTENT_TYPES = { json: 'application/json', msgpack: 'application/msgpack' } as const;

/** Longest wait for one answer; then something is broken and the run fails. */
const ANSWER_MS_MAX = 60_000;
const WATCH_MS = 1_000;
const MICROSECONDS = 1_000;

interface Sent {
  /** From when its latency counts. */
  readonly since: number;
  readonly sentAt: number;
  readonly transactions: number;
}

export interface Answered {
  readonly envelopes: number;
  readonly transactions: number;
}

/**
 * Publishes envelopes and waits for their durable answers, on one connection. An envelope costs a
 * header and an entry in a map; answers are counted, not decoded. The word of the stream (PubAck)
 * is not asked for, because the answer that follows the fsync says more.
 */
export class Load {
  readonly #connection: NatsConnection;
  readonly #format: Format;
  readonly #inbox = createInbox();
  readonly #waiting = new Map<number, Sent>();
  readonly #watchdog: NodeJS.Timeout;
  #next = 1;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #answered = { envelopes: 0, transactions: 0 };
  #latency: Histogram | undefined;

  private constructor(connection: NatsConnection, format: Format) {
    this.#connection = connection;
    this.#format = format;
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message.subject);
      },
    });
    this.#watchdog = setInterval(() => this.#watch(), WATCH_MS);
    this.#watchdog.unref();
  }

  static async open(url: string, format: Format): Promise<Load> {
    return new Load(await connect({ servers: url, name: 'bench-load' }), format);
  }

  get answered(): Answered {
    return { ...this.#answered };
  }

  /** Counts latencies, in microseconds, from now on. */
  record(): Histogram {
    this.#latency = build({ numberOfSignificantValueDigits: 3 });
    return this.#latency;
  }

  /** As many envelopes as are answered, never more than `window` on their way. */
  async closed(messages: Iterable<Message>, window: number, until: () => boolean): Promise<void> {
    for (const message of messages) {
      while (this.#waiting.size >= window) await this.#changed();
      if (until()) break;
      this.#send(message, performance.now());
    }
  }

  /**
   * Envelopes on a schedule, answered or not. A latency counts from the instant the envelope was
   * due, so that a stall is seen by all that had to wait for it.
   */
  async paced(
    messages: Iterable<Message>,
    checkoutsPerSecond: number,
    until: () => boolean,
  ): Promise<void> {
    let due = performance.now();
    for (const message of messages) {
      while (performance.now() < due) await pause(Math.max(0, due - performance.now()));
      if (until()) break;
      if (this.#failure) throw this.#failure;
      this.#send(message, due);
      due += (message.transactions / checkoutsPerSecond) * 1_000;
    }
  }

  /** Waits for the answers to all that was sent. */
  async drained(): Promise<void> {
    while (this.#waiting.size > 0) await this.#changed();
  }

  async close(): Promise<void> {
    clearInterval(this.#watchdog);
    await this.#connection.close();
  }

  #send(message: Message, since: number): void {
    const number = this.#next;
    this.#next += 1;
    const about = headers();
    about.set('Content-Type', CONTENT_TYPES[this.#format]);
    about.set('Arbiter-Reply', `${this.#inbox}.${number}`);
    const { transactions } = message;
    this.#waiting.set(number, { since, sentAt: performance.now(), transactions });
    this.#connection.publish(`tx.${message.partition}`, message.bytes, { headers: about });
  }

  #receive(subject: string): void {
    const number = Number(subject.slice(this.#inbox.length + 1));
    const sent = this.#waiting.get(number);
    if (sent === undefined) return;
    this.#waiting.delete(number);
    this.#answered.envelopes += 1;
    this.#answered.transactions += sent.transactions;
    this.#latency?.recordValue(Math.round((performance.now() - sent.since) * MICROSECONDS));
    this.#tell();
  }

  #watch(): void {
    for (const { sentAt } of this.#waiting.values()) {
      // In the order of sending, so the first one has waited longest.
      if (performance.now() - sentAt < ANSWER_MS_MAX) return;
      this.#failure = new Error(`an envelope has no answer after ${ANSWER_MS_MAX} ms`);
      return this.#tell();
    }
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  async #changed(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#failure) throw this.#failure;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
