import { headers, type NatsConnection } from 'nats';
import { Fault } from '../fault.ts';
import type { NearExchange } from '../nats/near-exchange.ts';
import { CONTENT_TYPES, type Format, joinEncoded } from './format.ts';
import { type Arrival, Inbox } from './inbox.ts';
import type { Load } from './lane.ts';
import { type Outcome, outcomesIn } from './outcome.ts';

/** An envelope that waits for its durable answer. */
interface Pending {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly format: Format;
  readonly count: number;
  readonly deadline: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (reason: unknown) => void;
  /** The stream has it; only the answer is missing. */
  stored: boolean;
  /** What the stream said when it did not take it. */
  refusal: string | undefined;
  repeatAt: number;
  attempts: number;
}

export interface PublisherOptions {
  /** Called for every envelope that is sent again. */
  readonly onRepeat?: ((subject: string, attempts: number) => void) | undefined;
  /** Where answers of a processor in this process arrive without the way over NATS. */
  readonly near?: NearExchange | undefined;
}

/** Without a word from the stream, the envelope is sent again after this. */
const REPEAT_UNSTORED_MS = 1_000;
/**
 * With the stream's word but no answer; a processor may be restarting. Each time twice as long: a
 * processor that is only late would be made later by repetitions.
 */
const REPEAT_UNANSWERED_MS = 5_000;
const REPEAT_UNANSWERED_MS_MAX = 60_000;
/** The stream refused, or there is none yet. */
const REPEAT_REFUSED_MS = 250;
const SWEEP_MS = 50;

/**
 * Puts envelopes into the log and waits for the outcomes that follow the fsync. The word of the
 * stream (PubAck) and the answers arrive on one wildcard inbox and are matched by number, so an
 * envelope costs no subscription and no timer of its own.
 *
 * An envelope without its answer is sent again, under the same transaction ids, until the answer
 * comes or time is up. That is safe because the processor knows every id it has recorded; the
 * stream's own window for duplicates would be no guarantee (trap T14) and could swallow the
 * repetition that is needed to get a lost answer again, so `Nats-Msg-Id` is not used.
 */
export class Publisher {
  readonly #connection: NatsConnection;
  readonly #options: PublisherOptions;
  readonly #inbox: Inbox;
  readonly #pending = new Map<number, Pending>();
  readonly #sweeper: NodeJS.Timeout;
  #next = 1;
  #connected = true;
  #closed = false;

  constructor(connection: NatsConnection, options: PublisherOptions) {
    this.#connection = connection;
    this.#options = options;
    const receive = (what: string, number: number, arrival: Arrival): void => {
      this.#receive(what, number, arrival);
    };
    this.#inbox = new Inbox(connection, receive, options.near);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
    void this.#repeatAfterReconnects();
  }

  /** Envelopes without an answer. */
  get inFlight(): number {
    return this.#pending.size;
  }

  publish(subject: string, load: Load): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      const payload = joinEncoded(load.parts, load.format);
      const refusal = this.#refuse(payload);
      if (refusal !== undefined) return reject(refusal);
      const number = this.#next;
      this.#next += 1;
      const pending: Pending = {
        subject,
        payload,
        format: load.format,
        count: load.parts.length,
        deadline: load.deadline,
        resolve,
        reject,
        stored: false,
        refusal: undefined,
        repeatAt: 0,
        attempts: 0,
      };
      this.#pending.set(number, pending);
      this.#send(number, pending);
    });
  }

  /** Stops; whoever still waits is told. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const pending of this.#pending.values()) pending.reject(closedFault());
    this.#pending.clear();
    this.#inbox.close();
  }

  #refuse(payload: Uint8Array): Fault | undefined {
    if (this.#closed || this.#connection.isClosed()) return closedFault();
    const limit = this.#connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (payload.length < limit - HEADER_ALLOWANCE_BYTES) return undefined;
    const message = `the transaction is larger than the ${limit} bytes that NATS takes`;
    return new Fault('message-too-large', message, { retry: 'no' });
  }

  #send(number: number, pending: Pending): void {
    // While disconnected the NATS client would keep it in memory; it is sent after reconnecting.
    if (!this.#connected || this.#connection.isClosed()) return;
    pending.attempts += 1;
    pending.stored = false;
    pending.repeatAt = performance.now() + REPEAT_UNSTORED_MS;
    if (pending.attempts > 1) this.#options.onRepeat?.(pending.subject, pending.attempts);
    const about = headers();
    about.set('Content-Type', CONTENT_TYPES[pending.format]);
    about.set('Arbiter-Reply', this.#inbox.subject('answer', number));
    const reply = this.#inbox.subject('stored', number);
    this.#connection.publish(pending.subject, pending.payload, { reply, headers: about });
  }

  #receive(what: string, number: number, arrival: Arrival): void {
    const pending = this.#pending.get(number);
    // Without a pending envelope it is the answer to a repetition of what is settled.
    if (pending === undefined) return;
    if (what === 'stored') noteStored(pending, arrival);
    else this.#settle(number, pending, arrival);
  }

  #settle(number: number, pending: Pending, arrival: Arrival): void {
    this.#pending.delete(number);
    try {
      pending.resolve(outcomesIn(arrival.data, pending.format, pending.count));
    } catch (error) {
      pending.reject(error);
    }
  }

  #sweep(): void {
    if (this.#pending.size === 0) return;
    const now = performance.now();
    for (const [number, pending] of this.#pending) {
      if (now >= pending.deadline) this.#giveUp(number, pending);
      else if (now >= pending.repeatAt) this.#send(number, pending);
    }
  }

  #giveUp(number: number, pending: Pending): void {
    this.#pending.delete(number);
    pending.reject(noAnswer(pending));
  }

  /** What was on the wire when the connection broke may be lost, and answers surely are. */
  async #repeatAfterReconnects(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (this.#closed) return;
      if (status.type === 'disconnect') this.#connected = false;
      if (status.type !== 'reconnect') continue;
      this.#connected = true;
      for (const [number, pending] of this.#pending) this.#send(number, pending);
    }
  }
}

/** Room for our headers in the server's limit for one message. */
const HEADER_ALLOWANCE_BYTES = 512;

function noteStored(pending: Pending, arrival: Arrival): void {
  const now = performance.now();
  const refusal = refusalIn(arrival);
  pending.refusal = refusal;
  pending.stored = refusal === undefined;
  pending.repeatAt = now + (pending.stored ? patience(pending.attempts) : REPEAT_REFUSED_MS);
}

function patience(attempts: number): number {
  return Math.min(REPEAT_UNANSWERED_MS * 2 ** (attempts - 1), REPEAT_UNANSWERED_MS_MAX);
}

/** Undefined when the stream stored the envelope. */
function refusalIn({ data, isUnheard }: Arrival): string | undefined {
  if (isUnheard) return 'no stream takes this subject';
  const ack = Buffer.from(data.buffer, data.byteOffset, data.length).toString();
  return ack.includes('"error"') ? ack : undefined;
}

function closedFault(): Fault {
  const message = 'the client is closed; send the transaction again under the same id';
  return new Fault('client-closed', message, { retry: 'after-backoff' });
}

function noAnswer(pending: Pending): Fault {
  const { subject, attempts, stored, refusal } = pending;
  const message = 'no durable answer came in time; repeat the transaction under the same id';
  const facts = { subject, attempts, stored, refusal };
  return new Fault('answer-timeout', message, { retry: 'after-backoff', facts });
}
