import type { Msg, NatsConnection, Subscription } from 'nats';
import type { Verdict } from '../../ops/rules/ports.ts';
import { messageOf } from '../fault.ts';
import { PREPARE_SUBJECT, type PrepareAnswer, type PrepareRequest } from './prepare-message.ts';

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
    try {
      const say = (answer: PrepareAnswer) => message.respond(JSON.stringify(answer));
      say({ kind: 'here', processor, partitions });
      say({ kind: 'verdict', ...(await this.#verdict(message)) });
    } catch (error) {
      // The connection is closing: whoever asked waits in vain and refuses.
      onError(error);
    }
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
