import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';

/**
 * One wildcard subscription for all answers of a client. A subject of it says what comes and for
 * which number: `<inbox>.<what>.<number>`. So waiting for an answer costs no subscription, no
 * timer and no error object of its own, as a request of the NATS client would.
 */
export class Inbox {
  readonly #prefix = createInbox();
  readonly #connection: NatsConnection;
  readonly #subscription: Subscription;

  constructor(
    connection: NatsConnection,
    receive: (what: string, number: number, message: Msg) => void,
  ) {
    this.#connection = connection;
    this.#subscription = connection.subscribe(`${this.#prefix}.*.*`, {
      callback: (error, message) => {
        if (error !== null) return;
        const [what = '', number] = message.subject.slice(this.#prefix.length + 1).split('.');
        receive(what, Number(number), message);
      },
    });
  }

  /** Where an answer has to be sent to arrive as `what` for `number`. */
  subject(what: string, number: number): string {
    return `${this.#prefix}.${what}.${number}`;
  }

  close(): void {
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }
}

const NO_RESPONDERS = 503;

/** True when the server says that nobody listens on the subject. */
export function hasNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === NO_RESPONDERS;
}
