import { subjectOf } from '../nats/streams.ts';

/** Subject and body of the message that lets time into a partition's log. */
export function tickFor(partition: number, now: number): [subject: string, body: string] {
  const at = new Date(now).toISOString();
  const tick = { id: `tick/${partition}/${now}`, kind: 'tick', at };
  return [subjectOf(partition), JSON.stringify(tick)];
}

export interface TickerPorts {
  /** True when time alone has changed something in a partition. */
  readonly hasDue: (partition: number, now: number) => Promise<boolean>;
  readonly publish: (subject: string, body: string) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/**
 * Lets time into the log: a tick enters a partition when something there is due. What a tick
 * books depends on the log alone, so a missed or doubled tick changes no result, only its place.
 */
export class Ticker {
  readonly #ports: TickerPorts;
  readonly #partitions: readonly number[];
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(ports: TickerPorts, partitions: readonly number[], everySeconds: number) {
    this.#ports = ports;
    this.#partitions = partitions;
    if (everySeconds > 0) {
      this.#timer = setInterval(() => {
        this.#running = this.#running.then(() => this.tick(Date.now()));
      }, everySeconds * 1_000);
      this.#timer.unref();
    }
  }

  /** Publishes one tick to each partition in which something is due. */
  async tick(now: number): Promise<void> {
    for (const partition of this.#partitions) {
      try {
        if (!(await this.#ports.hasDue(partition, now))) continue;
        await this.#ports.publish(...tickFor(partition, now));
      } catch (error) {
        // The next tick makes up for it.
        this.#ports.onError(error);
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
