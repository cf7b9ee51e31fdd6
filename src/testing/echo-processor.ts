import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection, Subscription } from 'nats';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { decodeAnswer, encodeOne, type Format } from '../client/format.ts';
import type { OutcomeJson } from '../client/outcome-json.ts';

/** What a stream's message and a request have in common. */
interface Carrier {
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

/**
 * Stands where the processor stands: reads the logs in order, answers each transaction once as
 * `accepted`, then as `exists`, and refuses what cannot be decoded. It keeps no ledger.
 */
export class EchoProcessor {
  /** Ids in the order they were first seen, by partition. */
  readonly seen: string[][];
  /** Transactions of each envelope, in order of arrival. */
  readonly envelopes: number[] = [];
  /** Answers to swallow, as a lost connection would. */
  swallow = 0;
  readonly #connection: NatsConnection;
  readonly #known = new Map<string, OutcomeJson>();
  readonly #stops: (() => void)[] = [];

  private constructor(connection: NatsConnection, partitions: number) {
    this.#connection = connection;
    this.seen = Array.from({ length: partitions }, () => []);
  }

  static async start(connection: NatsConnection, partitions: number): Promise<EchoProcessor> {
    const processor = new EchoProcessor(connection, partitions);
    for (let partition = 0; partition < partitions; partition += 1) {
      await createStream(connection, partition);
      await processor.#follow(partition);
      processor.#serve(`quote.${partition}`, (body) => processor.#quote(body));
      processor.#serve(`member.${partition}`, memberView);
    }
    return processor;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  async #follow(partition: number): Promise<void> {
    const consumer = await jetstream(this.#connection).consumers.get(`TX-${partition}`);
    const messages = await consumer.consume({
      callback: (message) => this.#process(partition, message),
    });
    this.#stops.push(() => void messages.close());
  }

  #process(partition: number, message: Carrier): void {
    const format = formatOf(message);
    const body = decodeAnswer(message.data, format);
    const list: readonly unknown[] = Array.isArray(body) ? body : [body];
    this.envelopes.push(list.length);
    const outcomes = list.map((transaction) => this.#apply(partition, transaction));
    if (this.swallow > 0) {
      this.swallow -= 1;
      return;
    }
    const reply = message.headers?.get('Arbiter-Reply') ?? '';
    const answer = encodeOne(Array.isArray(body) ? outcomes : outcomes[0], format);
    if (reply !== '') this.#connection.publish(reply, answer);
  }

  #apply(partition: number, transaction: unknown): OutcomeJson {
    const outcome = outcomeOf(transaction);
    const known = this.#known.get(outcome.id);
    if (known !== undefined) return { ...known, status: 'exists' };
    if (outcome.status === 'accepted') this.#known.set(outcome.id, outcome);
    this.seen[partition]?.push(outcome.id);
    return outcome;
  }

  #quote(body: unknown): unknown {
    return Array.isArray(body) ? body.map(outcomeOf) : outcomeOf(body);
  }

  #serve(subject: string, answer: (body: unknown) => unknown): void {
    const subscription: Subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        const format = formatOf(message);
        message.respond(encodeOne(answer(decodeAnswer(message.data, format)), format));
      },
    });
    this.#stops.push(() => subscription.unsubscribe());
  }
}

async function createStream(connection: NatsConnection, partition: number): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: `TX-${partition}`, subjects: [`tx.${partition}`] });
}

function formatOf(message: Pick<Carrier, 'headers'>): Format {
  return message.headers?.get('Content-Type') === 'application/msgpack' ? 'msgpack' : 'json';
}

function outcomeOf(transaction: unknown): OutcomeJson {
  const decoded = decodeTransaction(transaction);
  if (decoded.ok) return { id: decoded.transaction.id, status: 'accepted' };
  const { id = '', reason, path, message } = decoded.rejection;
  return { id, status: 'rejected', reason, path, message };
}

function memberView(body: unknown): unknown {
  const named = typeof body === 'object' && body !== null && 'member' in body;
  if (!named || body.member === 'nobody') return { error: 'unknown-member' };
  if (body.member === 'busy') return { error: 'overloaded' };
  if (body.member === 'broken') return { error: 'processor-failed', message: 'no store' };
  return { id: body.member, points: [{ type: 'main', available: 7, pending: 0 }] };
}
