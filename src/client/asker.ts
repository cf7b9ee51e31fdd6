import { headers, type MsgHdrs, type NatsConnection } from 'nats';
import { Fault } from '../fault.ts';
import type { NearExchange } from '../nats/near-exchange.ts';
import { CONTENT_TYPES, type Format } from './format.ts';
import { type Arrival, Inbox } from './inbox.ts';

export interface Request {
  readonly payload: Uint8Array;
  readonly format: Format;
  /** When to stop waiting, by `performance.now()`. */
  readonly deadline: number;
}

/** Told what became of a question. */
export interface Waiter {
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

interface Question {
  readonly subject: string;
  readonly deadline: number;
  readonly waiter: Waiter;
}

const SWEEP_MS = 50;
const CLOSED = 'connection closed';

/** Asks the processor what is never stored: quotes and member views. Nothing is sent twice. */
export class Asker {
  readonly #connection: NatsConnection;
  readonly #near: NearExchange | undefined;
  readonly #inbox: Inbox;
  readonly #open = new Map<number, Question>();
  readonly #sweeper: NodeJS.Timeout;
  #next = 1;

  /** `near` is asked first: what answers in this process need not be reached over NATS. */
  constructor(connection: NatsConnection, near?: NearExchange) {
    this.#connection = connection;
    this.#near = near;
    this.#inbox = new Inbox(connection, (_what, number, arrival) => this.#receive(number, arrival));
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  ask(subject: string, request: Request): Promise<Uint8Array> {
    return new Promise((resolve, reject) => this.put(subject, request, { resolve, reject }));
  }

  /** As `ask`, without a promise. */
  put(subject: string, { payload, format, deadline }: Request, waiter: Waiter): void {
    if (this.#connection.isClosed()) return waiter.reject(unavailable(subject, CLOSED));
    const number = this.#next;
    this.#next += 1;
    this.#open.set(number, { subject, deadline, waiter });
    const respond = (answer: Uint8Array | string): void => {
      const data = typeof answer === 'string' ? Buffer.from(answer) : answer;
      this.#receive(number, { data, isUnheard: false });
    };
    if (this.#near?.ask(subject, { format, data: payload, store: '', respond })) return;
    const reply = this.#inbox.subject('answer', number);
    // JSON is known by its first byte, so it travels without headers: they cost their parsing.
    const about = format === 'json' ? {} : { headers: contentType(format) };
    this.#connection.publish(subject, payload, { reply, ...about });
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#inbox.close();
    for (const question of this.#open.values()) {
      question.waiter.reject(unavailable(question.subject, 'client closed'));
    }
    this.#open.clear();
  }

  #receive(number: number, arrival: Arrival): void {
    const question = this.#open.get(number);
    if (question === undefined) return;
    this.#open.delete(number);
    if (arrival.isUnheard) question.waiter.reject(unavailable(question.subject, 'nobody listens'));
    else question.waiter.resolve(arrival.data);
  }

  #sweep(): void {
    const now = performance.now();
    for (const [number, question] of this.#open) {
      if (question.deadline > now) continue;
      this.#open.delete(number);
      question.waiter.reject(unavailable(question.subject, 'no answer in time'));
    }
  }
}

function contentType(format: Format): MsgHdrs {
  const about = headers();
  about.set('Content-Type', CONTENT_TYPES[format]);
  return about;
}

function unavailable(subject: string, reason: string): Fault {
  const message = 'the processor did not answer the request';
  return new Fault('processor-unavailable', message, {
    retry: 'after-backoff',
    facts: { subject, reason },
  });
}
