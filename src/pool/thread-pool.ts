import { BroadcastChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { WARM_UP_CHANNEL, type WarmUp } from '../../workers/rules/warm-up.ts';
import { Fault } from '../fault.ts';

/** How a task is run; see `Piscina.run`. */
export type RunOptions = NonNullable<Parameters<Piscina['run']>[1]> & { readonly name: string };

export interface ThreadPoolOptions {
  /** URL of the module whose functions the threads run. It exports a `ready` that does nothing. */
  readonly filename: string;
  readonly threads: number;
  readonly workerData: unknown;
  /** Heap of one thread. */
  readonly heapMib: number;
  /** Room for the short-lived objects of a task, so that they die before they are ever moved. */
  readonly youngMib: number;
  /** How far the threads step back where processors are scarce (Linux only); 0: not at all. */
  readonly niceIncrement: number;
  /** Tasks that a thread may have, the one it runs and those that wait at it; 1 without. */
  readonly tasksPerThread?: number;
}

/** A thread that has not answered by then is left to compile when it has to. */
const WARM_UP_MILLISECONDS_MAX = 10_000;

/**
 * A fixed number of threads that is closed in an orderly way.
 *
 * A thread that is ended inside native code, while lmdb opens a file or is only being loaded,
 * takes the whole process down with it. So `close` waits for everything that was begun.
 */
export class ThreadPool {
  readonly #piscina: Piscina;
  readonly #running = new Set<Promise<unknown>>();
  readonly threads: number;
  /** Milliseconds that tasks took since `#lookedAt`, and since when. */
  #busy = 0;
  #lookedAt = performance.now();
  #closing = false;

  constructor(options: ThreadPoolOptions) {
    const { filename, threads, workerData, heapMib, youngMib, niceIncrement } = options;
    const { tasksPerThread = 1 } = options;
    this.threads = threads;
    this.#piscina = new Piscina({
      filename,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: tasksPerThread,
      // Waiting on an Atomics lock would freeze everything else that lives on the thread (trap T1).
      atomics: 'disabled',
      workerData,
      niceIncrement,
      // Its histograms cost more than what they measure; see `utilisation`.
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: heapMib, maxYoungGenerationSizeMb: youngMib },
    });
    // One for each thread: answered once the thread has loaded its modules. A thread that cannot
    // load them fails every task, so whoever runs the first one hears of it.
    for (let thread = 0; thread < threads; thread += 1) {
      this.run(undefined, { name: 'ready' }).catch(() => {});
    }
  }

  /** Runs the function `options.name` of the module on a thread. */
  async run<T>(task: unknown, options: RunOptions): Promise<T> {
    if (this.#closing) {
      throw new Fault('stopping', 'the threads are being ended', { retry: 'after-backoff' });
    }
    const running = this.#piscina.run(task, options);
    this.#running.add(running);
    const started = performance.now();
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#busy += performance.now() - started;
    }
  }

  /** Has every thread make a version ready, one after the other: the rest goes on meanwhile. */
  async warm(version: Pick<WarmUp, 'hash' | 'normal'>): Promise<void> {
    for (const { threadId: thread } of this.#piscina.threads) {
      if (!this.#closing) await warmed({ kind: 'warm', thread, ...version });
    }
  }

  /** Share of the threads' time since the last call that had a task, 0 to 1. */
  takeUtilisation(): number {
    const now = performance.now();
    const capacity = (now - this.#lookedAt) * this.threads;
    const share = Math.min(1, this.#busy / Math.max(1, capacity));
    this.#lookedAt = now;
    this.#busy = 0;
    return share;
  }

  /** Lets everything that was begun finish, and ends the threads. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#running);
    await this.#piscina.destroy();
  }
}

/** Asks one thread, and waits until it is done. */
async function warmed(ask: WarmUp): Promise<void> {
  const channel = new BroadcastChannel(WARM_UP_CHANNEL);
  const done = Promise.withResolvers<void>();
  const timer = setTimeout(done.resolve, WARM_UP_MILLISECONDS_MAX);
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: WarmUp }; // Said by `workers/thread.ts`.
    if (data.kind === 'warmed' && data.thread === ask.thread && data.hash === ask.hash) {
      done.resolve();
    }
  };
  channel.postMessage(ask);
  await done.promise;
  clearTimeout(timer);
  channel.close();
}
