import type { Msg, NatsConnection, Subscription } from 'nats';
import { must } from '../../core/assert.ts';
import { fixedMilliseconds, parseDuration } from '../../core/time/duration.ts';
import { messageOf } from '../fault.ts';
import type { NearExchange, Question } from '../nats/near-exchange.ts';
import { mayBeAnswered, storeOf } from '../nats/senders.ts';
import { tillSubjects } from '../nats/streams.ts';
import type { WorkerPool } from '../pool/worker-pool.ts';
import { formatNamed } from '../source/partition-source.ts';

/** Questions that may wait; more are answered with an error at once. */
export const QUOTES_WAITING_MAX = 16_384;
/** Questions answered in one go: a few milliseconds of a thread, and code that stays at hand. */
const QUOTES_PER_TASK_MAX = 32;
/** Full tasks that wait at a thread beside the one it has, so that it never waits for us. */
const TASKS_AHEAD_MAX = 1;

const QUEUE_GROUP = 'processor';

interface Waiting {
  readonly partition: number;
  readonly question: Question;
  readonly since: number;
}

export interface QuoteServiceOptions {
  readonly connection: NatsConnection;
  /** Questions from this process come this way. */
  readonly near?: NearExchange | undefined;
  readonly pool: WorkerPool;
  readonly partitions: readonly number[];
  readonly onError: (error: unknown) => void;
  /** Called with the number of quotes answered and how long the oldest waited. */
  readonly onAnswered: (count: number, milliseconds: number) => void;
}

/**
 * Answers what is asked and never stored: quotes on `quote.<p>` and member views on `member.<p>`.
 * Questions that arrive while the threads are busy go together in the next task, like transactions
 * do, but whatever their partitions: nothing has to keep their order.
 */
export class QuoteService {
  readonly #options: QuoteServiceOptions;
  readonly #subscriptions: Subscription[] = [];
  readonly #leave: (() => void)[] = [];
  #waiting: Waiting[] = [];
  #tasks = 0;
  #scheduled = false;

  constructor(options: QuoteServiceOptions) {
    this.#options = options;
    for (const partition of options.partitions) this.#subscribe(partition);
  }

  #subscribe(partition: number): void {
    const { connection, near } = this.#options;
    const listen = (subject: string, take: (question: Question) => void): void => {
      const callback = (error: Error | null, message: Msg): void => {
        if (error !== null || !message.reply) return;
        const question = questionIn(message);
        if (mayBeAnswered(message.reply, question.store)) take(question);
      };
      this.#subscriptions.push(connection.subscribe(subject, { queue: QUEUE_GROUP, callback }));
      if (near) this.#leave.push(near.serve(subject, take));
    };
    listen(`quote.${partition}`, (question) => this.#ask(partition, question));
    listen(tillSubjects(`quote.${partition}`), (question) => this.#ask(partition, question));
    listen(`member.${partition}`, (question) => void this.#member(partition, question));
  }

  #ask(partition: number, question: Question): void {
    if (this.#waiting.length >= QUOTES_WAITING_MAX) {
      question.respond(JSON.stringify({ error: 'overloaded' }));
      return;
    }
    this.#waiting.push({ partition, question, since: performance.now() });
    this.#schedule();
  }

  /** One turn of the event loop lets what arrived in the same read go together. */
  #schedule(): void {
    if (this.#scheduled || !this.#hasTask) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  /** An idle thread takes what there is; a busy one is given ahead what fills a task. */
  get #hasTask(): boolean {
    const { readers } = this.#options.pool;
    if (this.#tasks < readers) return this.#waiting.length > 0;
    const hasRoom = this.#tasks < readers * (1 + TASKS_AHEAD_MAX);
    return hasRoom && this.#waiting.length >= QUOTES_PER_TASK_MAX;
  }

  #dispatch(): void {
    while (this.#hasTask) void this.#answer(this.#waiting.splice(0, QUOTES_PER_TASK_MAX));
  }

  async #answer(asked: readonly Waiting[]): Promise<void> {
    this.#tasks += 1;
    const quotes = asked.map(({ partition, question: { format, data, store } }) => ({
      partition,
      format,
      data,
      store,
    }));
    const answers = await this.#options.pool.quote(quotes).catch((error: unknown) => {
      this.#options.onError(error);
      return JSON.stringify({ error: 'processor-failed', message: messageOf(error) });
    });
    this.#tasks -= 1;
    // The thread goes on before anybody is answered, which takes as long as a task.
    this.#dispatch();
    for (const [position, { question }] of asked.entries()) {
      const answer = typeof answers === 'string' ? answers : answers[position];
      question.respond(must(answer, 'every quote has its answer'));
    }
    if (typeof answers === 'string') return;
    const oldest = asked[0]?.since ?? performance.now();
    this.#options.onAnswered(asked.length, performance.now() - oldest);
  }

  async #member(partition: number, question: Question): Promise<void> {
    try {
      const identifier = identifierIn(question);
      if (identifier !== undefined) {
        const task = { partition, identifier };
        const found = await this.#options.pool.read<object | undefined>('identity', task);
        question.respond(JSON.stringify(found ?? { error: 'unknown-member' }));
        return;
      }
      const asked = memberIn(question);
      const view =
        asked === undefined
          ? undefined
          : await this.#options.pool.member({ ...asked, partition, now: Date.now() });
      question.respond(JSON.stringify(view ?? { error: 'unknown-member' }));
    } catch (error) {
      this.#options.onError(error);
      question.respond(JSON.stringify({ error: 'processor-failed', message: messageOf(error) }));
    }
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}

function questionIn(message: Msg): Question {
  return {
    format: formatNamed(message.headers?.get('Content-Type') ?? ''),
    data: message.data,
    store: storeOf(message.subject),
    respond: (answer) => message.respond(answer),
  };
}

interface Asked {
  readonly id: string;
  readonly expiringWithin: number | undefined;
}

function memberIn(question: Question): Asked | undefined {
  const asked = askedIn(question);
  if (asked === undefined || !('member' in asked)) return undefined;
  if (typeof asked.member !== 'string') return undefined;
  const within = 'expiringWithin' in asked ? asked.expiringWithin : undefined;
  return { id: asked.member, expiringWithin: lengthOf(within) };
}

/** The card or phone that somebody asks about. */
function identifierIn(question: Question): string | undefined {
  const asked = askedIn(question);
  if (asked === undefined || !('identifier' in asked)) return undefined;
  return typeof asked.identifier === 'string' ? asked.identifier : undefined;
}

function askedIn({ data }: Question): object | undefined {
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString();
    const asked: unknown = JSON.parse(text);
    return typeof asked === 'object' && asked !== null ? asked : undefined;
  } catch {
    // Not JSON: there is no such member.
    return undefined;
  }
}

/** A length of time as ISO 8601 writes it; anything else is left out, and the default holds. */
function lengthOf(value: unknown): number | undefined {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined;
  return duration && fixedMilliseconds(duration);
}
