import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import type { Act } from '../../ops/rules/version.ts';
import { failPoint } from '../../workers/fail-point.ts';
import type { RulesStore } from '../../workers/rules/rules-store.ts';
import { subjectOf } from '../nats/streams.ts';
import { KvRuleBooks } from './rule-books.ts';

/** Acts that are brought into the logs again at most, after whoever began them has died. */
const ACTS_FINISHED_MAX = 1_000;

/**
 * How rule-set versions get from the books, which all processes share, into a processor's own
 * store and, as activations, into the log of every partition.
 */
export class RuleRegistry {
  readonly books: KvRuleBooks;
  readonly #stream: JetStreamClient;
  readonly #store: RulesStore | undefined;

  private constructor(
    books: KvRuleBooks,
    given: { readonly stream: JetStreamClient; readonly store?: RulesStore },
  ) {
    this.books = books;
    this.#stream = given.stream;
    this.#store = given.store;
  }

  static async open(
    connection: NatsConnection,
    given: {
      readonly stream: JetStreamClient;
      readonly replicas: number;
      /** This processor's own copy; other programs have none. */
      readonly store?: RulesStore;
    },
  ): Promise<RuleRegistry> {
    return new RuleRegistry(await KvRuleBooks.open(connection, given), given);
  }

  /** Brings a version into this processor's own store. False: it exists nowhere. */
  async fetch(hash: string): Promise<boolean> {
    if (this.#store?.get(hash)) return true;
    const found = await this.books.versionOf(hash);
    if (!found) return false;
    const { version, author, note, parent, at } = found;
    const document = await this.books.documentOf(found);
    await this.#store?.putAside({ version, hash, author, note, parent, at, document });
    failPoint('rule-set-stored');
    return true;
  }

  /**
   * Writes an act down and makes its version current: an activation enters the log of every
   * partition and takes effect where it stands there. False: the number is taken.
   */
  async activate(act: Act, partitions: number): Promise<boolean> {
    if (!(await this.books.begin(act))) return false;
    await this.finish(partitions);
    return true;
  }

  /**
   * Brings every act that was written down into all logs, in the order of their numbers, so that
   * all partitions end with the same version whoever died meanwhile. What a log has already it
   * recognises by its id.
   */
  async finish(partitions: number): Promise<void> {
    const last = (await this.books.lastAct())?.number ?? 0;
    const done = await this.books.done();
    for (let number = Math.max(done, last - ACTS_FINISHED_MAX) + 1; number <= last; number += 1) {
      const act = await this.books.act(number);
      if (!act) return;
      const all = Array.from({ length: partitions }, (_, partition) => partition);
      await Promise.all(all.map((partition) => this.#publish(act, partition)));
      await this.books.noteDone(number);
    }
  }

  async #publish({ number, version, hash, author, note, at }: Act, partition: number) {
    // A bucket that was lost counts anew: the instant keeps its acts apart from earlier ones.
    const id = `activation/${number}/${at}/${partition}`;
    const activation = { id, kind: 'activation', version, hash, author, note };
    await this.#stream.publish(subjectOf(partition), JSON.stringify(activation), { msgID: id });
  }
}
