import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';
import type { NearExchange } from '../nats/near-exchange.ts';

/** What arrived in an inbox. */
export interface Arrival {
  readonly data: Uint8Array;
  /** The server says that nobody listens on the subject that was asked. */
  readonly isUnheard: boolean;
}

/**
 * One wildcard subscription for all answers of a client. A subject of it says what comes and for
 * which number: `<inbox>.<what>.<number>`. So waiting for an answer costs no subscription, no
 * timer and no error object of its own, as a request of the NATS client would.
 */
export class Inbox {
  readonly #prefix = createInbox();
  readonly #connection: NatsConnection;
  readonly #subscription: Subscription;
  readonly #receive: (what: string, number: number, arrival: Arrival) => void;
  readonly #leave: () => void;

  constructor(
    connection: NatsConnection,
    receive: (what: string, number: number, arrival: Arrival) => void,
    near?: NearExchange,
  ) {
    this.#connection = connection;
    this.#receive = receive;
    this.#subscription = connection.subscribe(`${this.#prefix}.*.*`, {
      callback: (error, message) => {
        if (error !== null) return;
        this.#take(message.subject, { data: message.data, isUnheard: hasNoResponders(message) });
      },
    });
    const take = (data: Uint8Array, subject: string): void => {
      this.#take(subject, { data, isUnheard: false });
    };
    this.#leave = near?.receive(this.#prefix, take) ?? (() => {});
  }

  /** Where an answer has to be sent to arrive as `what` for `number`. */
  subject(what: string, number: number): string {
    return `${this.#prefix}.${what}.${number}`;
  }

  close(): void {
    this.#leave();
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }

  #take(subject: string, arrival: Arrival): void {
    const [what = '', number] = subject.slice(this.#prefix.length + 1).split('.');
    this.#receive(what, Number(number), arrival);
  }
}

const NO_RESPONDERS = 503;

function hasNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === NO_RESPONDERS;
}
