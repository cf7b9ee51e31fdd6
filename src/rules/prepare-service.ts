import type { Msg, NatsConnection, Subscription } from 'nats';
import type { Verdict } from '../../ops/rules/ports.ts';
import { messageOf } from '../fault.ts';
import { PREPARE_SUBJECT, type PrepareAnswer, type PrepareRequest } from './prepare-message.ts';

/** While a version is being prepared, whoever asked hears this often that it still is. */
const STILL_HERE_MILLISECONDS = 1_000;

export interface PrepareServiceOptions {
  readonly connection: NatsConnection;
  /** Names this processor to people. */
  readonly processor: string;
  readonly partitions: readonly number[];
  /** Fetches, compiles and checks a version, and has every thread ready for it. */
  readonly prepare: (hash: string) => Promise<Readiness>;
  readonly onError: (error: unknown) => void;
}

/** What a version means on a processor, or why it cannot be used there. */
export interface Readiness {
  readonly hash: string;
  readonly problems: readonly string[];
}

/** Says for one processor whether a version can be used here, before it becomes current. */
export class PrepareService {
  readonly #options: PrepareServiceOptions;
  readonly #subscription: Subscription;

  constructor(options: PrepareServiceOptions) {
    this.#options = options;
    this.#subscription = options.connection.subscribe(PREPARE_SUBJECT, {
      callback: (error, message) => {
        if (error === null && message.reply) void this.#answer(message);
      },
    });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  async #answer(message: Msg): Promise<void> {
    const { processor, partitions, onError } = this.#options;
    const say = (answer: PrepareAnswer): void => {
      try {
        message.respond(JSON.stringify(answer));
      } catch (error) {
        // The connection is closing: whoever asked waits in vain and refuses.
        onError(error);
      }
    };
    const here = { kind: 'here', processor, partitions } as const;
    say(here);
    const timer = setInterval(() => say(here), STILL_HERE_MILLISECONDS);
    const verdict = await this.#verdict(message);
    clearInterval(timer);
    say({ kind: 'verdict', ...verdict });
  }

  async #verdict(message: Msg): Promise<Verdict> {
    const { processor, partitions, prepare } = this.#options;
    try {
      // Asked by `NatsProcessors`; anything else has no hash that exists.
      const { hash: asked } = message.json<PrepareRequest>();
      const { hash, problems } = await prepare(asked);
      return { processor, partitions, ok: problems.length === 0, hash, problems };
    } catch (error) {
      return { processor, partitions, ok: false, hash: '', problems: [messageOf(error)] };
    }
  }
}
