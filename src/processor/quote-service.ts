import type { Msg, NatsConnection, Subscription } from 'nats';
import { messageOf } from '../fault.ts';
import type { WorkerPool } from '../pool/worker-pool.ts';
import { formatNamed } from '../source/partition-source.ts';

/** Questions that may wait in one partition; more are answered with an error at once. */
export const QUOTES_WAITING_MAX = 1_024;
/** Questions answered in one go. */
const QUOTES_PER_TASK_MAX = 64;

const QUEUE_GROUP = 'processor';

export interface QuoteServiceOptions {
  readonly connection: NatsConnection;
  readonly pool: WorkerPool;
  readonly partitions: readonly number[];
  readonly onError: (error: unknown) => void;
  /** Called with the number of quotes answered and how long the oldest waited. */
  readonly onAnswered: (count: number, milliseconds: number) => void;
}

/**
 * Answers what is asked and never stored: quotes on `quote.<p>` and member views on `member.<p>`.
 * Questions that arrive while a partition's batch of questions is being answered go together in
 * the next one, like transactions do.
 */
export class QuoteService {
  readonly #options: QuoteServiceOptions;
  readonly #subscriptions: Subscription[] = [];
  readonly #waiting = new Map<number, { message: Msg; since: number }[]>();
  readonly #busy = new Set<number>();

  constructor(options: QuoteServiceOptions) {
    this.#options = options;
    for (const partition of options.partitions) this.#subscribe(partition);
  }

  #subscribe(partition: number): void {
    const { connection } = this.#options;
    this.#waiting.set(partition, []);
    const listen = (subject: string, take: (message: Msg) => void): void => {
      const callback = (error: Error | null, message: Msg): void => {
        if (error === null && message.reply) take(message);
      };
      this.#subscriptions.push(connection.subscribe(subject, { queue: QUEUE_GROUP, callback }));
    };
    listen(`quote.${partition}`, (message) => this.#ask(partition, message));
    listen(`member.${partition}`, (message) => void this.#member(partition, message));
  }

  #ask(partition: number, message: Msg): void {
    const waiting = this.#waiting.get(partition) ?? [];
    if (waiting.length >= QUOTES_WAITING_MAX) {
      message.respond(JSON.stringify({ error: 'overloaded' }));
      return;
    }
    waiting.push({ message, since: performance.now() });
    if (!this.#busy.has(partition)) void this.#answer(partition, waiting);
  }

  async #answer(partition: number, waiting: { message: Msg; since: number }[]): Promise<void> {
    this.#busy.add(partition);
    // One turn of the event loop lets what arrived in the same read go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const asked = waiting.splice(0, QUOTES_PER_TASK_MAX);
      await this.#answerAll(partition, asked);
    }
    this.#busy.delete(partition);
  }

  async #answerAll(
    partition: number,
    asked: readonly { readonly message: Msg; readonly since: number }[],
  ): Promise<void> {
    const quotes = asked.map(({ message }) => ({
      format: formatNamed(message.headers?.get('Content-Type') ?? ''),
      data: message.data,
    }));
    try {
      const answers = await this.#options.pool.quote({ partition, now: Date.now(), quotes });
      for (const [position, { message }] of asked.entries()) message.respond(answers[position]);
      const oldest = asked[0]?.since ?? performance.now();
      this.#options.onAnswered(asked.length, performance.now() - oldest);
    } catch (error) {
      this.#options.onError(error);
      const answer = JSON.stringify({ error: 'processor-failed', message: messageOf(error) });
      for (const { message } of asked) message.respond(answer);
    }
  }

  async #member(partition: number, message: Msg): Promise<void> {
    try {
      const id = memberIn(message);
      const view =
        id === undefined
          ? undefined
          : await this.#options.pool.member({ partition, id, now: Date.now() });
      message.respond(JSON.stringify(view ?? { error: 'unknown-member' }));
    } catch (error) {
      this.#options.onError(error);
      message.respond(JSON.stringify({ error: 'processor-failed', message: messageOf(error) }));
    }
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}

function memberIn(message: Msg): string | undefined {
  try {
    const asked: unknown = JSON.parse(message.string());
    if (typeof asked !== 'object' || asked === null || !('member' in asked)) return undefined;
    return typeof asked.member === 'string' ? asked.member : undefined;
  } catch {
    // Not JSON: there is no such member.
    return undefined;
  }
}
