import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { openBlock, recordsOf } from '../../core/layout/block.ts';
import { Settlement, type SettlementStatement } from '../../core/ledger/settlement.ts';
import { type Instant, minorUnits } from '../../core/money/units.ts';
import { parseMoment, resolveMoment } from '../../core/time/moment.ts';
import { compileSealed } from '../../workers/rules/compile-document.ts';
import { RulesStore } from '../../workers/rules/rules-store.ts';
import { partitionFolder, RULES_FOLDER } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { Fault } from '../fault.ts';
import { type Deployment, readDeployment } from '../store/deployment.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { renderSettlement } from './settlement-table.ts';

const USAGE = `usage: arbiter settlement --from DATE --to DATE [--json] [settings]

DATE is a day like 2026-11-01, in the programme's time zone, or an instant with
an offset. The period begins with --from and ends before --to.
`;
const EXIT_USAGE = 2;

/**
 * `arbiter settlement`: what the partners owe each other for a period, summed from the ledger
 * itself. Reads beside a running system or on a stopped one.
 */
export async function settlement(argv: readonly string[], write: Write): Promise<number> {
  const own = ownOptions(argv);
  const [from, to] = [parseMoment(own.from), parseMoment(own.to)];
  if (own.help || from === undefined || to === undefined) {
    (own.help ? write : (text: string) => process.stderr.write(text))(USAGE);
    return own.help ? 0 : EXIT_USAGE;
  }
  const ready = commandSettings(SETTINGS, own.rest, write);
  if (!ready.ok) return ready.exitCode;

  const { store } = dataLayout(ready.settings.data);
  const deployment = readDeployment(store);
  if (!deployment) {
    throw new Fault('no-ledger', `there is no ledger in ${ready.settings.data}`, {
      retry: 'operator',
      facts: { hint: 'name its folder with --data' },
    });
  }
  const tree = await activeTree(store);
  const period = {
    from: resolveMoment(from, tree.zone, 'start'),
    to: resolveMoment(to, tree.zone, 'start'),
  };
  const statement = await settle(store, { deployment, tree, period });
  write(own.json ? jsonOf(statement, period) : renderSettlement(statement, tree.exponent));
  return 0;
}

/** The options of this command; everything else is a setting. */
function ownOptions(argv: readonly string[]) {
  const { values, tokens } = parseArgs({
    args: [...argv],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    strict: false,
    tokens: true,
  });
  const own = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || !['from', 'to', 'json', 'help'].includes(token.name)) continue;
    own.add(token.index);
    if (token.value !== undefined && token.inlineValue === false) own.add(token.index + 1);
  }
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    from: text(values['from']),
    to: text(values['to']),
    json: values['json'] === true,
    help: values['help'] === true,
    rest: argv.filter((_, index) => !own.has(index)),
  };
}

/** Points are valued by the newest version that a partition knows. */
async function activeTree(storePath: string): Promise<ArbitrationTree> {
  const store = openPartition(storePath, { partition: 0, partitions: 0 });
  const rules = new RulesStore(join(storePath, RULES_FOLDER));
  try {
    const hash = store.meta().activations.at(-1)?.hash;
    const stored = hash === undefined ? undefined : rules.get(hash);
    const tree = stored && compileSealed(stored.document, stored.hash);
    if (tree) return tree;
    throw new Fault('no-active-rule-set', 'no rule-set version is active here', {
      retry: 'operator',
      facts: { hint: 'apply one with `arbiter rules apply`' },
    });
  } finally {
    await store.close();
    await rules.close();
  }
}

function openPartition(
  storePath: string,
  which: { readonly partition: number; readonly partitions: number },
): LmdbStore {
  return new LmdbStore({ path: join(storePath, partitionFolder(which.partition)), ...which });
}

async function settle(
  storePath: string,
  given: {
    readonly deployment: Deployment;
    readonly tree: ArbitrationTree;
    readonly period: { readonly from: Instant; readonly to: Instant };
  },
): Promise<SettlementStatement> {
  const { partitions } = given.deployment;
  const { from, to } = given.period;
  const sums = new Settlement();
  for (let partition = 0; partition < partitions; partition += 1) {
    const store = openPartition(storePath, { partition, partitions });
    for (const bytes of store.blocks()) {
      for (const record of recordsOf(openBlock(bytes))) {
        if (record.acceptedAt >= from && record.acceptedAt < to) sums.add(record);
      }
    }
    await store.close();
  }
  return sums.statement((type, amount) => {
    const known = given.tree.pointTypes.get(type);
    // Points of a type that is gone from the programme are worth nothing any more.
    return known ? known.moneyOf(amount) : minorUnits(0);
  });
}

function jsonOf(
  { debts, nets }: SettlementStatement,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): string {
  const shown = {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    debts: debts.map((debt) => ({ ...debt, points: Object.fromEntries(debt.points) })),
    nets,
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}
