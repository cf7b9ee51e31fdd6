import type { ExitReason } from '../embedded/processes.ts';

/** An embedded server as `src/embedded` starts it. */
export interface Supervisable {
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<ExitReason>;
  stop(): Promise<void>;
}

/** What befell an embedded server, for the log. */
export type ServerEvent =
  | ({ readonly kind: 'died'; readonly server: string; readonly pid: number } & ExitReason)
  | { readonly kind: 'started-again'; readonly server: string; readonly pid: number }
  | {
      readonly kind: 'start-failed';
      readonly server: string;
      readonly attempt: number;
      readonly error: unknown;
    };

export interface Supervised {
  /** The same for as long as we run, however often the server is started. */
  readonly url: string;
  /** Of the process that runs now, or that died last. */
  readonly pid: number;
  /** Starts it no more, and stops it. */
  stop(): Promise<void>;
}

const BACK_OFF_MILLISECONDS_START = 100;
const BACK_OFF_MILLISECONDS_MAX = 10_000;
/** A server that lived this long was healthy: the next death starts with a short wait again. */
const HEALTHY_MILLISECONDS = 60_000;

/**
 * Keeps an embedded server alive: one that dies is started again on the same port, with growing
 * pauses, for as long as we run. Its clients reconnect by themselves and repeat what they have no
 * answer to, so its death costs time and nothing else. The first start is not repeated: whoever
 * asked for it should learn why it failed.
 */
export async function supervise(options: {
  readonly server: string;
  /** Port of the first start; 0 takes a free one, which is kept from then on. */
  readonly port: number;
  readonly start: (port: number) => Promise<Supervisable>;
  readonly onEvent: (event: ServerEvent) => void;
}): Promise<Supervised> {
  const keeper = new Keeper(options, await options.start(options.port));
  keeper.watch();
  return keeper;
}

type Options = Parameters<typeof supervise>[0];

class Keeper implements Supervised {
  readonly url: string;
  readonly #options: Options;
  readonly #port: number;
  readonly #stopping = Promise.withResolvers<void>();
  #stopped = false;
  #running: Supervisable;
  #startedAt = performance.now();
  /** Failed starts and early deaths in a row. */
  #attempt = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: Options, first: Supervisable) {
    this.#options = options;
    this.#running = first;
    this.url = first.url;
    this.#port = Number(new URL(first.url).port);
  }

  get pid(): number {
    return this.#running.pid;
  }

  watch(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.resolve();
    await this.#watching;
    await this.#running.stop();
  }

  async #watch(): Promise<void> {
    const { onEvent, server } = this.#options;
    for (;;) {
      const reason = await Promise.race([this.#running.exited, this.#stopping.promise]);
      if (this.#stopped) return;
      if (reason) onEvent({ kind: 'died', server, pid: this.pid, ...reason });
      if (performance.now() - this.#startedAt > HEALTHY_MILLISECONDS) this.#attempt = 0;
      await this.#startAgain();
      if (this.#stopped) return;
    }
  }

  async #startAgain(): Promise<void> {
    const { onEvent, server, start } = this.#options;
    while (!this.#stopped) {
      await this.#pause();
      if (this.#stopped) return;
      this.#attempt += 1;
      try {
        this.#running = await start(this.#port);
        this.#startedAt = performance.now();
        onEvent({ kind: 'started-again', server, pid: this.pid });
        return;
      } catch (error) {
        onEvent({ kind: 'start-failed', server, attempt: this.#attempt, error });
      }
    }
  }

  /** Waits before the next start; an order to stop ends the wait. */
  async #pause(): Promise<void> {
    if (this.#attempt === 0) return;
    const wait = Math.min(
      BACK_OFF_MILLISECONDS_START * 2 ** (this.#attempt - 1),
      BACK_OFF_MILLISECONDS_MAX,
    );
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, wait);
    await Promise.race([timer.promise, this.#stopping.promise]);
    clearTimeout(timeout);
  }
}
