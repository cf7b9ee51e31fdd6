import { connect } from 'nats';
import { type Heads, headsOf, total } from './backlog.ts';

const DRAIN_MS_MAX = 600_000;
const WATCH_MS = 200;

export interface Drained {
  /** Messages between the first commit and the last. */
  readonly messages: number;
  readonly seconds: number;
}

/**
 * Watches a processor drain the streams, by its acknowledgements: each names the message up to
 * which everything is committed, and follows that commit at once. Call it before the processor
 * starts.
 */
export async function watchDrain(
  url: string,
  from: Heads,
): Promise<{ readonly finished: () => Promise<Drained> }> {
  const connection = await connect({ servers: url, name: 'bench-watch' });
  const until = total(await headsOf(connection, from.length));
  const settled = [...from];
  let first: { readonly at: number; readonly settled: number } | undefined;
  let last = 0;
  const subscription = connection.subscribe('$JS.ACK.>', {
    callback: (error, message) => {
      const ack = error === null ? acknowledged(message.subject) : undefined;
      if (ack === undefined) return;
      settled[ack.partition] = Math.max(settled[ack.partition] ?? 0, ack.sequence);
      last = performance.now();
      first ??= { at: last, settled: total(settled) };
    },
  });
  await connection.flush();
  const finished = async (): Promise<Drained> => {
    const deadline = performance.now() + DRAIN_MS_MAX;
    try {
      while (total(settled) < until) {
        if (performance.now() > deadline) throw new Error('the streams were not drained in time');
        await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
      }
      const { at = last, settled: before = until } = first ?? {};
      return { messages: until - before, seconds: (last - at) / 1_000 };
    } finally {
      subscription.unsubscribe();
      await connection.close();
    }
  };
  return { finished };
}

/** `$JS.ACK.[<domain>.<account>.]TX-<p>.processor.<deliveries>.<sequence>.…` */
function acknowledged(subject: string): { partition: number; sequence: number } | undefined {
  const found = /\.TX-(\d+)\.processor\.\d+\.(\d+)\./.exec(subject);
  return found ? { partition: Number(found[1]), sequence: Number(found[2]) } : undefined;
}
