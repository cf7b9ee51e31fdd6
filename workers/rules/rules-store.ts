import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { requireDisk } from '../store/room.ts';

const MAP_BYTES = 2 ** 30;
/** More than the largest rule set needs. */
const RULE_SET_WRITE_BYTES = 16 << 20;

/** A rule-set version as the store keeps it: immutable, found by its content hash. */
export interface StoredRuleSet {
  readonly version: number;
  readonly hash: string;
  readonly author: string;
  readonly note: string;
  /** The version it was made from, by its number. */
  readonly parent?: number | undefined;
  /** When it was published, ISO 8601. */
  readonly at?: string;
  /** The document, as operators wrote it. */
  readonly document: unknown;
}

/**
 * Every rule-set version this processor has seen, so that a restart needs no network. Written by
 * the main thread only, with a full sync; read by all threads.
 */
export class RulesStore {
  readonly #path: string;
  readonly #root: RootDatabase<string, string>;
  readonly #versions: Database<string, string>;

  constructor(path: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.#path = path;
    if (!readOnly) mkdirSync(path, { recursive: true, mode: 0o700 });
    this.#root = open<string, string>({
      path,
      noSubdir: false,
      encoding: 'string',
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 2,
      readOnly,
    });
    this.#versions = this.#root.openDB<string, string>('versions', { encoding: 'string' });
  }

  get(hash: string): StoredRuleSet | undefined {
    const text = this.#versions.get(hash) ?? this.#lately(hash);
    // Written by `put` below, and by nobody else.
    return text === undefined ? undefined : (JSON.parse(text) as StoredRuleSet);
  }

  /**
   * What was written a moment ago. A thread that has one task right after the other goes on reading
   * what there was at the first one, unless it says that it wants to see what is there now.
   */
  #lately(hash: string): string | undefined {
    this.#root.resetReadTxn();
    return this.#versions.get(hash);
  }

  /** The version with a number, if it was ever seen here. Looks at all of them. */
  numbered(version: number): StoredRuleSet | undefined {
    for (const { value } of this.#versions.getRange({})) {
      const stored = JSON.parse(value) as StoredRuleSet; // As above.
      if (stored.version === version) return stored;
    }
    return undefined;
  }

  /** Durable when it returns. */
  put(ruleSet: StoredRuleSet): void {
    requireDisk(this.#path, RULE_SET_WRITE_BYTES);
    this.#root.transactionSync(() => this.#put(ruleSet));
  }

  /** Durable when it resolves: the fsync is made on another thread. */
  async putAside(ruleSet: StoredRuleSet): Promise<void> {
    requireDisk(this.#path, RULE_SET_WRITE_BYTES);
    await this.#root.transaction(() => this.#put(ruleSet));
  }

  #put(ruleSet: StoredRuleSet): void {
    void this.#versions.put(ruleSet.hash, JSON.stringify(ruleSet));
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
