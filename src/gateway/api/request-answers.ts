import { JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from 'nats';
import type { KnownRequest, RequestAnswers } from './answered-once.ts';

const BUCKET = 'answers';
/** How long a request may be repeated. */
export const KEPT_MILLISECONDS = 24 * 60 * 60_000;
/** All that is remembered; the server refuses more, and requests with new keys are put off. */
const BYTES_MAX = 256 << 20;

/**
 * Answers in JetStream's key-value store, beside the rule sets that the requests change: a restart
 * of the gateway forgets nothing, and every gateway of a deployment knows the same.
 */
export async function openRequestAnswers(
  connection: NatsConnection,
  given: { readonly replicas: number; readonly now?: () => number },
): Promise<RequestAnswers> {
  const bucket = await new Kvm(connection).create(BUCKET, {
    replicas: given.replicas,
    history: 1,
    ttl: KEPT_MILLISECONDS,
    max_bytes: BYTES_MAX,
  });
  const keep = (key: string, request: KnownRequest, revision: number) =>
    unlessTaken(() => bucket.update(key, JSON.stringify(request), revision));
  return {
    take: (key, request) => take(bucket, key, request),
    keep,
    forget: async (key, revision) => {
      await unlessTaken(() => bucket.delete(key, { previousSeq: revision }).then(() => 0));
    },
    now: given.now ?? Date.now,
  };
}

async function take(bucket: KV, key: string, request: KnownRequest) {
  const created = await unlessTaken(() => bucket.create(key, JSON.stringify(request)));
  if (created !== undefined) return created;
  const entry = await bucket.get(key);
  if (entry?.operation === 'PUT') {
    return { known: entry.json<KnownRequest>(), revision: entry.revision };
  }
  // It was forgotten between the two looks: whoever repeats finds it free.
  return { known: request, revision: entry?.revision ?? 0 };
}

/** What the server answers when a key was written after the revision that a write names. */
const WRONG_LAST_SEQUENCE: readonly number[] = [10_071, 10_164];

async function unlessTaken(write: () => Promise<number>): Promise<number | undefined> {
  try {
    return await write();
  } catch (error) {
    const isTaken =
      error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(error.apiError().err_code);
    if (isTaken) return undefined;
    throw error;
  }
}
