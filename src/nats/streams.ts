import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';

/**
 * The streams of a deployment. One stream a partition, so that its sequence has no gaps of other
 * partitions and a consumer never skips over foreign messages.
 *
 * Retention is by limits: acknowledging everything up to a message is cheap only there, and a
 * stream that keeps what was processed can be replayed (traps T10, T13).
 */
export const streamOf = (partition: number): string => `TX-${partition}`;
/** What tills send arrives under their store (`senders.ts`). */
export const tillSubjects = (subject: string): string => `${subject}.*`;
export const subjectOf = (partition: number): string => `tx.${partition}`;

export const DEAD_LETTER_STREAM = 'DEAD-LETTER';
export const deadLetterSubject = (partition: number): string => `dead.${partition}`;

/** Points that became top-ups, for whoever pays them out: `top-up.<p>`, a letter a transaction. */
export const TOP_UP_STREAM = 'TOP-UP';
export const topUpSubject = (partition: number): string => `top-up.${partition}`;

/** Name of the processor's consumer in each partition's stream. */
export const CONSUMER = 'processor';

const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;

/** Processed messages are kept for replays and for senders that repeat themselves. */
const TRANSACTIONS_MAX_AGE = 7 * DAY;
const DEAD_LETTERS_MAX_AGE = 30 * DAY;
/** Traffic saver only; our own index of ids is the guarantee (trap T14). */
const DUPLICATE_WINDOW = 120 * SECOND;
/** Redelivery after this long without an acknowledgement; only a lost batch gets there. */
const ACK_WAIT = 300 * SECOND;
/** Unacknowledged messages the server keeps track of; the puller asks for far fewer. */
const ACK_PENDING_MAX = 65_536;

/**
 * Makes the streams that do not exist yet and leaves the others as operators set them, but for
 * subjects that they lack.
 */
export async function ensureStreams(
  manager: JetStreamManager,
  deployment: { readonly partitions: number; readonly replicas: number },
): Promise<void> {
  for (let partition = 0; partition < deployment.partitions; partition += 1) {
    await ensureStream(manager, {
      name: streamOf(partition),
      subjects: [subjectOf(partition), tillSubjects(subjectOf(partition))],
      maxAge: TRANSACTIONS_MAX_AGE,
      replicas: deployment.replicas,
    });
  }
  await ensureStream(manager, {
    name: DEAD_LETTER_STREAM,
    subjects: ['dead.*'],
    maxAge: DEAD_LETTERS_MAX_AGE,
    replicas: deployment.replicas,
  });
  await ensureStream(manager, {
    name: TOP_UP_STREAM,
    subjects: ['top-up.*'],
    maxAge: DEAD_LETTERS_MAX_AGE,
    replicas: deployment.replicas,
  });
}

async function ensureStream(
  manager: JetStreamManager,
  stream: {
    readonly name: string;
    readonly subjects: readonly string[];
    readonly maxAge: number;
    readonly replicas: number;
  },
): Promise<void> {
  const subjects = [...stream.subjects];
  const existing = await streamInfo(manager, stream.name);
  if (existing !== undefined) {
    const hasAll = subjects.every((subject) => existing.config.subjects.includes(subject));
    if (!hasAll) await manager.streams.update(stream.name, { subjects });
    return;
  }
  await manager.streams.add({
    name: stream.name,
    subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: stream.maxAge,
    duplicate_window: DUPLICATE_WINDOW,
    num_replicas: stream.replicas,
  });
}

const NOT_FOUND = 404;

/** A stream's state, or `undefined` if there is none of that name. */
export async function streamInfo(
  manager: JetStreamManager,
  name: string,
): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.apiError().code === NOT_FOUND;
}

/** Makes the processor's consumer anew, so that it delivers from a sequence on. */
export async function restartConsumer(
  manager: JetStreamManager,
  partition: number,
  fromSequence: number,
): Promise<void> {
  const stream = streamOf(partition);
  try {
    await manager.consumers.delete(stream, CONSUMER);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  await manager.consumers.add(stream, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.All,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: fromSequence,
    ack_wait: ACK_WAIT,
    max_ack_pending: ACK_PENDING_MAX,
    // What it delivered is only for the server's counters, and made anew with each start. In a
    // file it would be written ten times a second, beside the stores that sync to the same disk.
    mem_storage: true,
  });
}
