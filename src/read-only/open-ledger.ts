import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Activation } from '../../core/ledger/state.ts';
import { RulesStore, type StoredRuleSet } from '../../workers/rules/rules-store.ts';
import { partitionFolder, RULES_FOLDER } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { Fault } from '../fault.ts';
import { readDeployment } from '../store/deployment.ts';

/**
 * A ledger that is looked at and never written: LMDB itself refuses writes through it. Works on a
 * stopped system and beside a running one.
 */
export class OpenLedger {
  readonly partitions: number;
  readonly rules: RulesStore;
  readonly #stores = new Map<number, LmdbStore>();
  readonly #path: string;

  private constructor(path: string, partitions: number) {
    this.#path = path;
    this.partitions = partitions;
    this.rules = new RulesStore(join(path, RULES_FOLDER), { readOnly: true });
  }

  /** `undefined` when there is no ledger in the folder. */
  static find(storePath: string): OpenLedger | undefined {
    const deployment = readDeployment(storePath);
    if (!deployment || !existsSync(join(storePath, RULES_FOLDER))) return undefined;
    return new OpenLedger(storePath, deployment.partitions);
  }

  static open(storePath: string): OpenLedger {
    const found = OpenLedger.find(storePath);
    if (found) return found;
    throw new Fault('no-ledger', `there is no ledger in ${storePath}`, {
      retry: 'operator',
      facts: { hint: 'name its folder with --data' },
    });
  }

  /** A partition; `undefined` when nothing was ever written to it. */
  store(partition: number): LmdbStore | undefined {
    const known = this.#stores.get(partition);
    if (known) return known;
    const path = join(this.#path, partitionFolder(partition));
    if (!existsSync(path)) return undefined;
    const { partitions } = this;
    const store = new LmdbStore({ path, partition, partitions, readOnly: true });
    this.#stores.set(partition, store);
    return store;
  }

  /** The newest activation that any partition has seen; a new one reaches them one by one. */
  applied(): Activation | undefined {
    let newest: Activation | undefined;
    for (let partition = 0; partition < this.partitions; partition += 1) {
      const last = this.store(partition)?.meta().activations.at(-1);
      if (last && (!newest || last.activeFrom > newest.activeFrom)) newest = last;
    }
    return newest;
  }

  /** A version by `applied`, its number or its hash. */
  ruleSet(named: string): StoredRuleSet {
    const found = this.findRuleSet(named);
    if (found) return found;
    throw new Fault('unknown-rule-set', `there is no rule-set version \`${named}\` here`, {
      retry: 'operator',
      facts: { hint: 'name it by its number or hash, or say `applied`' },
    });
  }

  findRuleSet(named: string): StoredRuleSet | undefined {
    if (named === 'applied') {
      const applied = this.applied();
      return applied && this.rules.get(applied.hash);
    }
    return /^\d+$/.test(named) ? this.rules.numbered(Number(named)) : this.rules.get(named);
  }

  async close(): Promise<void> {
    for (const store of this.#stores.values()) await store.close();
    this.#stores.clear();
    await this.rules.close();
  }
}
