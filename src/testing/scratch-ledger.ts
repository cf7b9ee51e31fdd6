import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../core/assert.ts';
import { OUTGOING_PREFIX, readOutgoing } from '../../core/ledger/registry.ts';
import { relayedOf, relayOf } from '../../core/ledger/relay/carry.ts';
import { type OutcomeJson, renderOutcome } from '../../core/outcome/render.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { applyBatch } from '../../workers/batch/apply-batch.ts';
import { leaseLetter } from '../../workers/batch/receipt.ts';
import { compileForUse, compileSealed } from '../../workers/rules/compile-document.ts';
import { RulesStore } from '../../workers/rules/rules-store.ts';
import { TreeCache } from '../../workers/rules/tree-cache.ts';
import { partitionFolder, RULES_FOLDER } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { openDeployment } from '../store/deployment.ts';

const LIFE = { epoch: 1, created: 'made-up' };
const LETTER_MILLISECONDS = 3;

/** A ledger on disk that grew without servers: every transaction a batch, letters at once. */
export class ScratchLedger {
  readonly path: string;
  readonly #stores: readonly LmdbStore[];
  readonly #rules: RulesStore;
  readonly #trees: TreeCache;
  readonly #sequences: number[];
  #version = 0;
  now = Date.UTC(2026, 0, 15, 12);

  constructor(partitions: number) {
    this.path = mkdtempSync(join(tmpdir(), 'arbiter-ledger-'));
    openDeployment(this.path, partitions);
    this.#rules = new RulesStore(join(this.path, RULES_FOLDER));
    this.#trees = new TreeCache((hash) => this.#rules.get(hash), compileSealed);
    this.#sequences = Array.from({ length: partitions }, () => 0);
    this.#stores = this.#sequences.map((_, partition) => {
      const path = join(this.path, partitionFolder(partition));
      return new LmdbStore({ path, partition, partitions, freeBytes: 0, mapBytes: 2 ** 28 });
    });
  }

  /** Puts a version into the rules store, without making it current. Gives its hash. */
  store(document: unknown): string {
    const compiled = compileForUse(document);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    const { hash } = compiled.value.tree;
    if (this.#rules.get(hash)) return hash;
    this.#version += 1;
    this.#rules.put({ version: this.#version, hash, author: 'test', note: '', document });
    return hash;
  }

  activate(document: unknown): void {
    const hash = this.store(document);
    const { version } = must(this.#rules.get(hash), 'it was just stored');
    for (const partition of this.#stores.keys()) {
      const id = `activation/${version}/${this.now}/${partition}`;
      this.#apply(partition, { id, kind: 'activation', version, hash, author: 'test', note: '' });
    }
  }

  tick(): void {
    for (const partition of this.#stores.keys()) {
      const at = new Date(this.now).toISOString();
      this.#apply(partition, { id: `tick/${partition}/${this.now}`, kind: 'tick', at });
    }
  }

  /** One transaction with everything it sets off. Gives its outcome, if it has one already. */
  send(transaction: object): OutcomeJson | undefined {
    this.now += 1_000;
    const partition = partitionOf(partitionKey(transaction) ?? '', this.#stores.length);
    return this.#apply(partition, transaction);
  }

  #apply(partition: number, transaction: object): OutcomeJson | undefined {
    const store = must(this.#stores[partition], 'no such partition');
    const sequence = (this.#sequences[partition] ?? 0) + 1;
    this.#sequences[partition] = sequence;
    const data = Buffer.from(JSON.stringify(transaction));
    const message = {
      sequence,
      storedAt: this.now,
      store: '',
      format: 'json',
      answer: false,
      data,
    } as const;
    const applied = applyBatch(store, this.#trees, { messages: [message], source: LIFE });
    store.write(applied.writes);
    for (const record of applied.setOff) {
      const letter = leaseLetter(record, partition);
      if (!letter) continue;
      this.now += LETTER_MILLISECONDS;
      const json = JSON.parse(Buffer.from(letter).toString()) as { to: number }; // Our own letter.
      this.#apply(json.to, json);
    }
    this.#carry(store);
    const folded = applied.messages[0]?.folded[0];
    return folded && 'record' in folded ? renderOutcome(folded.record.outcome) : undefined;
  }

  #carry(store: LmdbStore): void {
    for (const [, bytes] of store.registeredFrom(OUTGOING_PREFIX, 64)) {
      const outgoing = readOutgoing(bytes);
      this.now += LETTER_MILLISECONDS;
      const answer = this.send(relayOf(outgoing).transaction);
      const status = answer?.['status'];
      const { transaction } = relayedOf(outgoing, { status, ...answer });
      this.send(transaction);
    }
  }

  /** Hash of every byte that the store has on the disk; locks are no state. */
  stateHash(): string {
    const hash = createHash('sha256');
    const files = readdirSync(this.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'lock.mdb')
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file).update(readFileSync(file));
    return hash.digest('hex');
  }

  /** Lets go of the files, so that somebody else may look at them alone. */
  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
    await this.#rules.close();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
