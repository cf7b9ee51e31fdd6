import type { JetStreamClient } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from 'nats';
import { failPoint } from '../../workers/fail-point.ts';
import type { RulesStore, StoredRuleSet } from '../../workers/rules/rules-store.ts';
import { Fault } from '../fault.ts';
import { subjectOf } from '../nats/streams.ts';

const BUCKET = 'rules';
/** Bytes of one version in the bucket; below the largest message the embedded server takes. */
export const RULE_SET_BYTES_MAX = 8 << 20;

/**
 * Rule-set versions, shared by all processors of a deployment: JetStream's key-value bucket holds
 * each version under its hash, and the latest number; a processor's rules store is its own copy.
 */
export class RuleRegistry {
  readonly #bucket: KV;
  readonly #stream: JetStreamClient;
  readonly #store: RulesStore | undefined;

  private constructor(bucket: KV, stream: JetStreamClient, store: RulesStore | undefined) {
    this.#bucket = bucket;
    this.#stream = stream;
    this.#store = store;
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
    const bucket = await new Kvm(connection).create(BUCKET, {
      replicas: given.replicas,
      history: 1,
      max_bytes: -1,
    });
    return new RuleRegistry(bucket, given.stream, given.store);
  }

  /** Brings a version into this processor's own store. False: it exists nowhere. */
  async fetch(hash: string): Promise<boolean> {
    if (this.#store?.get(hash)) return true;
    const entry = await this.#bucket.get(keyOf(hash));
    if (!entry) return false;
    // The bucket is written by `publish` below.
    this.#store?.put(entry.json<StoredRuleSet>());
    failPoint('rule-set-stored');
    return true;
  }

  /** The highest version number so far; 0 if there is none. */
  async latest(): Promise<number> {
    const entry = await this.#bucket.get('latest');
    return entry ? Number(entry.string()) : 0;
  }

  /** Stores a document as the next version, unless this content is a version already. */
  async publish(draft: Omit<StoredRuleSet, 'version'>): Promise<StoredRuleSet> {
    const known = await this.#bucket.get(keyOf(draft.hash));
    if (known) {
      const ruleSet = known.json<StoredRuleSet>();
      this.#store?.put(ruleSet);
      return ruleSet;
    }
    const ruleSet = { ...draft, version: (await this.latest()) + 1 };
    const text = JSON.stringify(ruleSet);
    const bytes = Buffer.byteLength(text);
    if (bytes > RULE_SET_BYTES_MAX) throw tooLarge(bytes);
    this.#store?.put(ruleSet);
    await this.#bucket.put(keyOf(draft.hash), text);
    await this.#bucket.put('latest', String(ruleSet.version));
    return ruleSet;
  }

  /**
   * Makes a version current: one activation enters the log of every partition and takes effect
   * where it stands there. `at` only makes the ids of repeated activations differ.
   */
  async activate(
    ruleSet: StoredRuleSet,
    given: { readonly partitions: number; readonly at: string },
  ): Promise<void> {
    const { version, hash, author, note } = ruleSet;
    for (let partition = 0; partition < given.partitions; partition += 1) {
      const id = `activation/${version}/${given.at}/${partition}`;
      const activation = { id, kind: 'activation', version, hash, author, note };
      await this.#stream.publish(subjectOf(partition), JSON.stringify(activation));
    }
  }
}

function tooLarge(bytes: number): Fault {
  const message = `the rule set takes ${bytes} bytes; a version may take ${RULE_SET_BYTES_MAX}`;
  return new Fault('rule-set-too-large', message, { retry: 'operator', facts: { bytes } });
}

/** Bucket keys allow fewer characters than hashes have. */
function keyOf(hash: string): string {
  return `h.${hash.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;
}
