import type { JetStreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from 'nats';
import type { SourcePosition } from '../../core/ledger/partition-meta.ts';
import type { MessageFormat } from '../../workers/batch/request.ts';
import { failPoint } from '../../workers/fail-point.ts';
import { Fault, messageOf } from '../fault.ts';
import { mayBeAnswered, storeOf } from '../nats/senders.ts';
import { CONSUMER, restartConsumer, streamInfo, streamOf } from '../nats/streams.ts';
import { QUEUE_BYTES_MAX, QUEUE_MESSAGES_MAX } from '../pipeline/partition-queue.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { QueuedMessage } from '../pipeline/ports.ts';
import { parseDelivery } from './delivery.ts';
import { Pull } from './pull.ts';
import { continueAfter } from './stream-life.ts';

/** Subject that waits for the answer; JetStream's own reply is taken by its acknowledgement. */
export const REPLY_HEADER = 'Arbiter-Reply';
const RESTART_MILLISECONDS = 500;

export interface PartitionSourceOptions {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly pipeline: Pipeline;
  readonly partition: number;
  readonly position: SourcePosition;
  readonly onEvent: (event: SourceEvent) => void;
}

export type SourceEvent =
  | { readonly kind: 'started'; readonly partition: number; readonly fromSequence: number }
  | { readonly kind: 'lost'; readonly partition: number; readonly why: string }
  /** Somebody wants to be answered where no answer belongs. */
  | { readonly kind: 'answer-refused'; readonly partition: number; readonly to: string }
  /** The stream started over: an alert, because something behind it was lost or replaced. */
  | { readonly kind: 'new-life'; readonly partition: number; readonly source: SourcePosition };

/** Reads one partition's stream into its queue, in order, and acknowledges what is settled. */
export class PartitionSource {
  readonly #options: PartitionSourceOptions;
  #source: SourcePosition;
  #pull: Pull | undefined;
  #acknowledge = new Map<number, string>();
  #lag = 0;
  #stopped = false;
  #restarting: Promise<void> | undefined;

  constructor(options: PartitionSourceOptions) {
    this.#options = options;
    this.#source = options.position;
  }

  /** The life of the stream that the queued messages belong to. */
  get life(): Pick<SourcePosition, 'epoch' | 'created'> {
    const { epoch, created } = this.#source;
    return { epoch, created };
  }

  /** Messages in the stream that were not delivered here yet. */
  get lag(): number {
    return this.#lag;
  }

  /** Starts, or starts again after the consumer or the connection was lost. Never gives up. */
  restart(): Promise<void> {
    this.#restarting ??= this.#restartUntilItWorks().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async #restartUntilItWorks(): Promise<void> {
    while (!this.#stopped) {
      try {
        return await this.#start();
      } catch (error) {
        const { partition, onEvent } = this.#options;
        onEvent({ kind: 'lost', partition, why: messageOf(error) });
        await new Promise((resolve) => setTimeout(resolve, RESTART_MILLISECONDS));
      }
    }
  }

  async #start(): Promise<void> {
    const { connection, manager, pipeline, partition, onEvent } = this.#options;
    this.#pull?.close();
    const queue = pipeline.queue(partition);
    const info = await streamInfo(manager, streamOf(partition));
    if (!info) {
      const message = `the stream ${streamOf(partition)} does not exist`;
      throw new Fault('stream-missing', message, { retry: 'operator' });
    }
    const storedAt = await this.#storedAt(info.state.first_seq, info.state.last_seq);
    const next = continueAfter(
      this.#source,
      {
        created: info.created,
        firstSequence: info.state.first_seq,
        lastSequence: info.state.last_seq,
      },
      storedAt,
    );
    let from = Math.max(next.fromSequence, queue.lastSequence + 1);
    if (next.source !== this.#source) {
      // A batch of the old life must not be joined by messages of the new one.
      await queue.whenSettled();
      queue.restartAfter(next.fromSequence - 1);
      this.#acknowledge.clear();
      this.#source = next.source;
      from = next.fromSequence;
      if (next.kind === 'new-life') onEvent({ kind: 'new-life', partition, source: next.source });
    }
    await restartConsumer(manager, partition, from);
    failPoint('consumer-started');
    this.#pull = new Pull(
      connection,
      { stream: streamOf(partition), name: CONSUMER },
      {
        onMessage: (message) => this.#receive(message),
        onLost: (why) => {
          onEvent({ kind: 'lost', partition, why });
          void this.restart();
        },
        room: () => (queue.bytes >= QUEUE_BYTES_MAX ? 0 : QUEUE_MESSAGES_MAX - queue.messages),
      },
    );
    onEvent({ kind: 'started', partition, fromSequence: from });
  }

  /** When the message at our position was stored, if it is still there. */
  async #storedAt(first: number, last: number): Promise<number | undefined> {
    const { manager, partition } = this.#options;
    const { sequence } = this.#source;
    if (sequence < first || sequence > last || sequence === 0) return undefined;
    const message = await manager.streams.getMessage(streamOf(partition), { seq: sequence });
    return message?.time.getTime();
  }

  #receive(message: Msg): void {
    const { pipeline, partition } = this.#options;
    const reply = message.reply ?? '';
    const delivery = parseDelivery(reply);
    this.#lag = delivery.pending;
    const queued: QueuedMessage = {
      sequence: delivery.sequence,
      storedAt: delivery.storedAt,
      data: message.data,
      receivedAt: performance.now(),
      ...this.#aboutOf(message),
    };
    if (pipeline.offer(partition, queued)) this.#acknowledge.set(delivery.sequence, reply);
  }

  /** Acknowledges everything up to a message, and makes room for more. */
  settled(sequence: number): void {
    const { connection } = this.#options;
    const reply = this.#acknowledge.get(sequence);
    for (const known of this.#acknowledge.keys()) {
      if (known > sequence) break;
      this.#acknowledge.delete(known);
    }
    // Lost with the connection, it is not missed: the position in the store is what counts.
    if (reply !== undefined && !connection.isClosed()) connection.publish(reply, '+ACK');
    this.#pull?.refill();
  }

  /** What subject and headers say: who sent it, its format, and who waits for the answer. */
  #aboutOf({ subject, headers }: Msg): Omit<QueuedMessage, 'sequence' | 'storedAt' | 'data'> {
    const store = storeOf(subject);
    if (!headers) return { format: 'unknown', answerTo: undefined, answer: false, store };
    const format = formatNamed(headers.get('Content-Type'));
    let answerTo = headers.get(REPLY_HEADER) || undefined;
    if (answerTo !== undefined && !mayBeAnswered(answerTo, store)) {
      const { partition, onEvent } = this.#options;
      onEvent({ kind: 'answer-refused', partition, to: answerTo });
      answerTo = undefined;
    }
    return { format, answerTo, answer: answerTo !== undefined, store };
  }

  stop(): void {
    this.#stopped = true;
    this.#pull?.close();
  }
}

/** The format a content type stands for. */
export function formatNamed(contentType: string): MessageFormat {
  if (contentType.startsWith('application/json')) return 'json';
  return /^application\/(x-)?msgpack/.test(contentType) ? 'msgpack' : 'unknown';
}
