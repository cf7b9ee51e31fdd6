import { createInbox, type Msg, type NatsConnection, type Subscription } from 'nats';

/** Messages asked for at once. */
export const PULL_MESSAGES_MAX = 512;
/** Bytes asked for at once. */
export const PULL_BYTES_MAX = 1 << 20;
/** Asked for when one message alone is larger than that; the server's own limit is below. */
export const PULL_BYTES_LARGE = 16 << 20;
/** How long the server keeps a request open. */
const EXPIRES_MILLISECONDS = 30_000;
/** How often the server says that it is still there. */
const HEARTBEAT_MILLISECONDS = 2_000;
/**
 * Silence after which the consumer is taken for lost: soon enough that a till that waits for its
 * answer still gets it.
 */
export const SILENCE_MILLISECONDS_MAX = 5_000;

const STATUS = { heartbeat: 100, notFound: 404, timeout: 408, conflict: 409, noResponders: 503 };
const NANOSECONDS = 1_000_000;

export interface PullPorts {
  /** A message of the stream. */
  readonly onMessage: (message: Msg) => void;
  /** The consumer is gone or silent: it has to be made again. */
  readonly onLost: (why: string) => void;
  /** How many messages there is room for now; 0 = none. */
  readonly room: () => number;
}

/**
 * Pulls the messages of one JetStream consumer by credit: it never asks for more messages or
 * bytes than the queue behind it has room for, so overload stays in the stream and off the heap.
 *
 * The client library's own consumers bound messages or bytes, not both, and refill by what was
 * received instead of what was processed; hence this one (`docs/adr/0005-pull-by-credit.md`).
 */
export class Pull {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #inbox = createInbox();
  readonly #ports: PullPorts;
  readonly #subscription: Subscription;
  readonly #watchdog: NodeJS.Timeout;
  /** Messages asked for and not delivered yet. */
  #credit = 0;
  #large = false;
  #receivedSinceRequest = 0;
  #lastSign = performance.now();
  #closed = false;

  constructor(
    connection: NatsConnection,
    consumer: { readonly stream: string; readonly name: string },
    ports: PullPorts,
  ) {
    this.#connection = connection;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${consumer.stream}.${consumer.name}`;
    this.#ports = ports;
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null && !this.#closed) this.#receive(message);
      },
    });
    this.#watchdog = setInterval(() => this.#watch(), HEARTBEAT_MILLISECONDS / 2);
    this.#watchdog.unref();
    this.refill();
  }

  /** Asks for more if there is room. Called whenever room may have appeared. */
  refill(): void {
    if (this.#closed || this.#credit > PULL_MESSAGES_MAX / 2) return;
    const batch = Math.min(PULL_MESSAGES_MAX, this.#ports.room()) - this.#credit;
    if (batch <= 0) return;

    this.#credit += batch;
    this.#receivedSinceRequest = 0;
    const request = {
      batch,
      max_bytes: this.#large ? PULL_BYTES_LARGE : PULL_BYTES_MAX,
      expires: EXPIRES_MILLISECONDS * NANOSECONDS,
      idle_heartbeat: HEARTBEAT_MILLISECONDS * NANOSECONDS,
    };
    this.#large = false;
    this.#connection.publish(this.#subject, JSON.stringify(request), { reply: this.#inbox });
  }

  /** Asks for nothing more; what was asked for and still comes is dropped. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#watchdog);
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }

  #receive(message: Msg): void {
    this.#lastSign = performance.now();
    // Only messages of the stream want to be acknowledged; the rest is the server talking.
    if (!message.reply?.startsWith('$JS.ACK.')) return this.#status(message);
    this.#credit = Math.max(0, this.#credit - 1);
    this.#receivedSinceRequest += 1;
    this.#ports.onMessage(message);
    this.refill();
  }

  /** A request ended: what it had not delivered is not to come any more. */
  #status(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === STATUS.heartbeat) return;
    if (code === STATUS.noResponders) return this.#lost('the consumer does not exist');

    const description = message.headers?.description ?? '';
    if (code === STATUS.conflict && /deleted|leadership/i.test(description)) {
      return this.#lost(description);
    }
    const left = Number(message.headers?.get('Nats-Pending-Messages') || this.#credit);
    this.#credit = Math.max(0, this.#credit - left);
    // Nothing came although something waits: the next message alone is larger than was asked for.
    this.#large = code === STATUS.conflict && this.#receivedSinceRequest === 0;
    this.refill();
  }

  #watch(): void {
    // Without credit nothing is expected, so silence means nothing.
    if (this.#credit === 0 || this.#connection.isClosed()) {
      this.#lastSign = performance.now();
      this.refill();
      return;
    }
    const silence = performance.now() - this.#lastSign;
    if (silence > SILENCE_MILLISECONDS_MAX) this.#lost('the server fell silent');
  }

  #lost(why: string): void {
    this.close();
    this.#ports.onLost(why);
  }
}
