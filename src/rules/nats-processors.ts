import { createInbox, type NatsConnection } from 'nats';
import type { Prepared, Processors, Verdict } from '../../ops/rules/ports.ts';
import type { Act, RuleSetVersion } from '../../ops/rules/version.ts';
import { PREPARE_SUBJECT, type PrepareAnswer } from './prepare-message.ts';
import type { RuleRegistry } from './registry.ts';

/** How long a processor may take to say that it is there, and may be silent after that. */
export const PRESENCE_MILLISECONDS = 5_000;
/** How long one that is there may take to compile and check a version. */
export const VERDICT_MILLISECONDS = 60_000;

export interface NatsProcessorsOptions {
  readonly connection: NatsConnection;
  readonly registry: RuleRegistry;
  readonly partitions: number;
  readonly presenceMilliseconds?: number;
  readonly verdictMilliseconds?: number;
}

/** The processors of a deployment, reached over NATS. */
export class NatsProcessors implements Processors {
  readonly #options: NatsProcessorsOptions;

  constructor(options: NatsProcessorsOptions) {
    this.#options = options;
  }

  activate(act: Act): Promise<boolean> {
    return this.#options.registry.activate(act, this.#options.partitions);
  }

  async prepare({ version, hash }: Pick<RuleSetVersion, 'version' | 'hash'>): Promise<Prepared> {
    const { connection, partitions } = this.#options;
    const asking = new Asking(partitions);
    const inbox = createInbox();
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return;
        // The server itself answers with nothing when nobody listens.
        if (message.data.length === 0) asking.nobodyComes();
        else asking.take(message.json<PrepareAnswer>());
      },
    });
    try {
      connection.publish(PREPARE_SUBJECT, JSON.stringify({ version, hash }), { reply: inbox });
      const presence = this.#options.presenceMilliseconds ?? PRESENCE_MILLISECONDS;
      const patience = this.#options.verdictMilliseconds ?? VERDICT_MILLISECONDS;
      return await asking.answered(presence, patience);
    } finally {
      subscription.unsubscribe();
    }
  }
}

/** Collects the answers to one question. */
class Asking {
  readonly #expected: ReadonlySet<number>;
  readonly #here = new Map<string, { readonly partitions: readonly number[]; heardAt: number }>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #all = Promise.withResolvers<void>();
  #presenceOver = false;

  constructor(partitions: number) {
    this.#expected = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  }

  take(answer: PrepareAnswer): void {
    const { processor } = answer;
    const heardAt = performance.now();
    this.#here.set(processor, { partitions: answer.partitions, heardAt });
    if (answer.kind === 'verdict') this.#verdicts.set(processor, answer);
    this.#look();
  }

  /** Who is not there by now is away. */
  nobodyComes(): void {
    this.#presenceOver = true;
    this.#look();
  }

  async answered(presence: number, patience: number): Promise<Prepared> {
    const timers = [
      setTimeout(() => this.nobodyComes(), presence),
      setInterval(() => this.#giveUp(presence), presence / 5),
      setTimeout(this.#all.resolve, patience),
    ];
    await this.#all.promise;
    for (const timer of timers) clearTimeout(timer);
    const verdicts = [...this.#verdicts.values()];
    const answered = new Set(verdicts.flatMap(({ partitions }) => partitions));
    const away = [...this.#expected].filter((partition) => !answered.has(partition));
    return { verdicts, away };
  }

  /** Who was there and has been silent for so long has died. */
  #giveUp(presence: number): void {
    const oldest = performance.now() - presence;
    for (const [processor, { heardAt }] of this.#here) {
      if (heardAt < oldest && !this.#verdicts.has(processor)) this.#here.delete(processor);
    }
    this.#look();
  }

  /** Everybody who is there has a verdict, and either all partitions are or nobody else comes. */
  #look(): void {
    const present = new Set([...this.#here.values()].flatMap(({ partitions }) => partitions));
    const isComplete = [...this.#expected].every((partition) => present.has(partition));
    const isDecided = [...this.#here.keys()].every((name) => this.#verdicts.has(name));
    if ((isComplete || this.#presenceOver) && isDecided) this.#all.resolve();
  }
}
