import type { LedgerRecord } from '../../core/ledger/record.ts';
import { idKey } from '../../core/ledger/state-reader.ts';
import type { RuleSetRef } from '../../core/outcome/outcome.ts';
import { renderOutcome } from '../../core/outcome/render.ts';
import { differences } from '../../ops/rules/describe-changes.ts';
import { compileSealed } from '../../workers/rules/compile-document.ts';
import { TreeCache } from '../../workers/rules/tree-cache.ts';
import type { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { Fault } from '../fault.ts';
import type { OpenLedger } from '../read-only/open-ledger.ts';
import { rederive, sameRecord } from './rederive.ts';

export interface ReplayedDecision {
  readonly transaction: string;
  readonly partition: number;
  /** What is on record, as it was answered. */
  readonly recorded: unknown;
  /** The version that decides now. */
  readonly ruleSet: RuleSetRef | undefined;
  /** What it decides, with what was so at that time. */
  readonly replayed: unknown;
  /** Records of the ledger that were folded again to know that. */
  readonly folded: number;
  /** True when under its own version every byte of the record came out again. */
  readonly isEqual: boolean;
  /** What another version decides differently, a line each. */
  readonly differences: readonly string[];
}

/**
 * Decides a transaction of the past again: under the version that decided it, which has to bring
 * the recorded bytes, or under any other, to see the difference. Writes nothing.
 */
export function replayDecision(
  ledger: OpenLedger,
  asked: { readonly transaction: string; readonly version?: string | undefined },
): ReplayedDecision {
  const { store, record } = find(ledger, asked.transaction);
  const trees = new TreeCache((hash) => ledger.rules.get(hash), compileSealed);
  const own = record.outcome.ruleSet;
  const named = asked.version === undefined ? undefined : ledger.ruleSet(asked.version);
  const other = named && { version: named.version, hash: named.hash };
  const faithful = rederive({ store, trees, target: record });
  const isEqual = faithful.isFaithful && sameRecord(faithful.record, record);
  const chosen =
    other === undefined ? faithful : rederive({ store, trees, target: record, version: other });
  const [recorded, replayed] = [record, chosen.record].map(({ outcome }) => renderOutcome(outcome));
  return {
    transaction: record.id,
    partition: store.meta().partition,
    recorded,
    ruleSet: other ?? own,
    replayed,
    folded: chosen.folded,
    isEqual,
    differences: differences(withoutVersion(recorded), withoutVersion(replayed)),
  };
}

/** That the version is another one was asked for; it is no difference. */
function withoutVersion(outcome: unknown): unknown {
  if (typeof outcome !== 'object' || outcome === null) return outcome;
  return { ...outcome, ruleSet: undefined };
}

function find(
  ledger: OpenLedger,
  id: string,
): { readonly store: LmdbStore; readonly record: LedgerRecord } {
  for (let partition = 0; partition < ledger.partitions; partition += 1) {
    const store = ledger.store(partition);
    const entry = store?.index(idKey(id));
    if (store && entry) return { store, record: store.record(entry) };
  }
  throw new Fault('unknown-transaction', `the ledger has no transaction \`${id}\``, {
    retry: 'operator',
    facts: {},
  });
}
