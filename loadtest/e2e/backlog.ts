import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from 'nats';
import type { Message } from './traffic.ts';

/** Messages between two waits for the server, so that neither side piles them up. */
const FLUSH_EVERY = 500;
const SETTLE_MS = 20;
const FILL_MS_MAX = 300_000;

/** Last sequence of each partition's stream. */
export type Heads = readonly number[];

export async function headsOf(connection: NatsConnection, partitions: number): Promise<Heads> {
  const manager = await jetstreamManager(connection);
  const heads: number[] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    heads.push((await manager.streams.info(`TX-${partition}`)).state.last_seq);
  }
  return heads;
}

/**
 * Fills the partitions' streams while nobody reads them, and counts in the streams whether all of
 * it arrived. Gives where the streams ended before.
 */
export async function fill(
  url: string,
  messages: Iterable<Message>,
  size: { readonly messages: number; readonly partitions: number },
): Promise<Heads> {
  const connection = await connect({ servers: url, name: 'bench-fill' });
  try {
    const before = await headsOf(connection, size.partitions);
    let sent = 0;
    for (const { partition, bytes } of messages) {
      connection.publish(`tx.${partition}`, bytes);
      sent += 1;
      if (sent % FLUSH_EVERY === 0) await connection.flush();
      if (sent === size.messages) break;
    }
    await connection.flush();
    await stored(connection, total(before) + sent, size.partitions);
    return before;
  } finally {
    await connection.close();
  }
}

async function stored(connection: NatsConnection, expected: number, partitions: number) {
  const deadline = performance.now() + FILL_MS_MAX;
  for (;;) {
    const found = total(await headsOf(connection, partitions));
    if (found >= expected) return;
    if (performance.now() > deadline) {
      throw new Error(`the streams hold ${found} messages, not ${expected}`);
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

export function total(heads: Heads): number {
  return heads.reduce((sum, head) => sum + head, 0);
}

export async function serverVersion(url: string): Promise<string> {
  const connection = await connect({ servers: url, name: 'bench-version' });
  const version = connection.info?.version ?? 'unknown';
  await connection.close();
  return version;
}
