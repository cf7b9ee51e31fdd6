import { expect, test } from 'vitest';
import { ENGINES } from '../../core/arbitration/emit.ts';
import { must } from '../../core/assert.ts';
import type { TreeSource } from '../../core/ledger/batch-state.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { instant } from '../../core/money/units.ts';
import { type CompiledRuleSet, compileRuleSet } from '../../core/rules/compile.ts';
import type { WhatIfReport } from '../../ops/what-if/report.ts';
import { whatIf } from '../../ops/what-if/what-if.ts';
import { ledgerOf } from '../../workers/store/block-reading.ts';
import { MemoryStore } from '../../workers/store/memory-store.ts';
import type { PartitionStore } from '../../workers/store/partition-store.ts';
import { Campaign } from '../../workers/testing/slow-ledger/campaign.ts';

const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);
const BATCHES = 40;
const EVERYTHING = { region: undefined, partner: undefined };

interface Past {
  readonly records: readonly LedgerRecord[];
  readonly versions: readonly { readonly compiled: CompiledRuleSet; readonly version: number }[];
  readonly trees: TreeSource;
}

/** A ledger with something of everything: holds, transfers, parked returns, tiers, budgets. */
async function pastOf(seed: number): Promise<Past> {
  let store: MemoryStore | undefined;
  const stores = {
    open: (partition: number, partitions: number) => {
      store = new MemoryStore(partition, partitions);
      return store;
    },
    reopen: async (before: PartitionStore) => before,
  };
  // What cards and shared budgets are to a partition depends on when the others answer it.
  const campaign = new Campaign(seed, stores, { alone: true });
  await campaign.run(BATCHES);
  const versions = campaign.compared.versions.map(({ number, document }) => {
    const compiled = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
    if (!compiled.ok) throw new Error('it compiled before');
    return { compiled: compiled.value, version: number };
  });
  const byHash = new Map(versions.map(({ compiled }) => [compiled.tree.hash, compiled.tree]));
  return {
    records: [...ledgerOf(must(store, 'the campaign opened its store'))],
    versions,
    trees: {
      usable: (hash) => byHash.has(hash),
      treeOf: (hash) => must(byHash.get(hash), 'an unknown version'),
    },
  };
}

function run(
  past: Past,
  asked: {
    readonly from: number;
    readonly to: number;
    readonly candidate: Past['versions'][number];
  },
): WhatIfReport {
  const { compiled, version } = asked.candidate;
  const range = { from: instant(asked.from), to: instant(asked.to) };
  const question = { ...range, filter: EVERYTHING, candidate: compiled, version };
  const running = whatIf(question, { ledgers: () => [past.records], trees: past.trees });
  for (;;) {
    const step = running.next();
    if (step.done) return step.value;
  }
}

/** Stretches of the ledger in which one version was active throughout. */
function* reigns(past: Past) {
  const ends = past.records.at(-1)?.acceptedAt ?? 0;
  const activations = past.records.filter(
    ({ kind, outcome }) => kind === 'activation' && outcome.status === 'accepted',
  );
  for (const [index, { transaction, acceptedAt }] of activations.entries()) {
    if (transaction?.kind !== 'activation') continue;
    const candidate = past.versions.find(({ compiled }) => compiled.tree.hash === transaction.hash);
    const to = activations[index + 1]?.acceptedAt ?? ends + 1;
    if (candidate && to > acceptedAt + 1) yield { from: acceptedAt + 1, to, candidate };
  }
}

/** What arrives between members: relays of others, and the answers to one's own. */
function arrivalsIn({ records }: Past): number {
  return records.filter(({ kind }) => kind === 'relay' || kind === 'relayed').length;
}

test.each(SEEDS)('the version that was active changes exactly nothing (seed %i)', async (seed) => {
  const past = await pastOf(seed);
  let [compared, drifted] = [0, 0];
  for (const reign of reigns(past)) {
    const report = run(past, reign);
    expect(report.transactions).toMatchObject({ changed: 0, newlyAccepted: 0, newlyRejected: 0 });
    expect(report.members).toEqual({ affected: 0, better: 0, worse: 0 });
    expect(report.liability.change).toBe(0);
    expect(report.largest).toEqual([]);
    for (const { used } of report.budgets) expect(used.change).toBe(0);
    compared += report.transactions.compared;
    drifted += report.transactions.drifted;
  }
  expect(compared).toBeGreaterThan(0);
  // The past was caught up with, so that even what is on record comes out again. Only relays
  // arrive at once here, and what came between their sending and their arrival sees them earlier.
  expect(drifted).toBeLessThanOrEqual(arrivalsIn(past) === 0 ? 0 : compared / 4);
});

test.each(SEEDS)('what an input moved is what the report adds up (seed %i)', async (seed) => {
  const past = await pastOf(seed);
  const ends = (past.records.at(-1)?.acceptedAt ?? 0) + 1;
  const middle = must(past.records[Math.floor(past.records.length / 2)], 'records').acceptedAt;
  for (const candidate of past.versions) {
    const report = run(past, { from: middle, to: ends, candidate });
    const cost = report.points.reduce((sum, { liability }) => sum + Math.abs(liability.change), 0);
    if (report.transactions.changed === 0) expect([cost, report.largest]).toEqual([0, []]);
    for (const row of [
      ...report.money.flatMap(({ currency: _, ...rest }) => Object.values(rest)),
    ]) {
      expect(row.after - row.before).toBe(row.change);
    }
    const { affected, better, worse } = report.members;
    expect(better + worse).toBeLessThanOrEqual(affected);
  }
});
