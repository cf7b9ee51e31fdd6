import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { Bug } from '../../core/assert.ts';
import type { TreeSource } from '../../core/ledger/batch-state.ts';
import type { StoredRuleSet } from './rules-store.ts';

/** Compiled versions a thread keeps. Late receipts need a few old ones beside the current. */
export const TREES_MAX = 32;

/** Thrown out of a batch that needs a version this processor has not fetched yet. */
export class RuleSetMissing extends Error {
  readonly hash: string;

  constructor(hash: string) {
    super(`rule-set version ${hash} is not in the rules store`);
    this.hash = hash;
  }
}

/** Compiles rule-set versions on first use and keeps the most recently used. */
export class TreeCache implements TreeSource {
  readonly #trees = new Map<string, ArbitrationTree | 'refused'>();
  readonly #find: (hash: string) => StoredRuleSet | undefined;
  readonly #compile: (document: unknown, hash: string) => ArbitrationTree | undefined;
  #absent: ReadonlySet<string> = new Set();

  constructor(
    find: (hash: string) => StoredRuleSet | undefined,
    compile: (document: unknown, hash: string) => ArbitrationTree | undefined,
  ) {
    this.#find = find;
    this.#compile = compile;
  }

  /** Versions that are known to exist nowhere: activating them is refused, not waited for. */
  presumeAbsent(hashes: readonly string[]): void {
    this.#absent = new Set(hashes);
  }

  usable(hash: string): boolean {
    return this.#get(hash) !== 'refused';
  }

  treeOf(hash: string): ArbitrationTree {
    const tree = this.#get(hash);
    if (tree === 'refused') throw new Bug('an active version does not compile', [hash]);
    return tree;
  }

  /** Takes over the tree of a version that was checked in another thread. */
  keep(hash: string, treeOf: () => ArbitrationTree): void {
    if (!this.#trees.has(hash)) this.#add(hash, treeOf());
  }

  #get(hash: string): ArbitrationTree | 'refused' {
    const known = this.#trees.get(hash);
    if (known) {
      // Moves to the end: the front is what was not used for longest.
      this.#trees.delete(hash);
      this.#trees.set(hash, known);
      return known;
    }
    const compiled = this.#load(hash);
    this.#add(hash, compiled);
    return compiled;
  }

  #add(hash: string, tree: ArbitrationTree | 'refused'): void {
    this.#trees.set(hash, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > TREES_MAX && oldest !== undefined) this.#trees.delete(oldest);
  }

  #load(hash: string): ArbitrationTree | 'refused' {
    const stored = this.#find(hash);
    if (!stored && this.#absent.has(hash)) return 'refused';
    if (!stored) throw new RuleSetMissing(hash);
    return this.#compile(stored.document, hash) ?? 'refused';
  }
}
