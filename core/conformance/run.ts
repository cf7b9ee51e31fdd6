import type { ArbitrationTree } from '../arbitration/tree.ts';
import type { Diagnostic } from '../rules/diagnostic.ts';
import { type CompileFixture, type Fixture, isJson, type Json } from './fixture.ts';
import { type Difference, difference } from './match.ts';
import { openWorld, type World } from './world.ts';

/** One way to run rule sets: the interpreter or the compiled tree. */
export interface Engine {
  readonly name: string;
  readonly build: (ruleSet: unknown, usedPointTypes: readonly string[]) => Built;
}

export type Built =
  | { readonly ok: true; readonly tree: ArbitrationTree }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What came of one fixture on one engine. */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly transaction: number | undefined; readonly found: Difference };

/** Opens the world that answers the transactions; the ledger in memory, unless told otherwise. */
export type OpenWorld = (tree: ArbitrationTree, members: readonly Json[]) => World;

/** Runs a fixture and tells the first difference. */
export function runFixture(fixture: Fixture, engine: Engine, open: OpenWorld = openWorld): Verdict {
  const built = engine.build(fixture.ruleSet, usedPointTypes(fixture));
  if (fixture.compile !== undefined) return compileVerdict(fixture.compile, built);
  if (!built.ok) {
    const actual = built.diagnostics.map(({ code, path, message }) => ({ code, path, message }));
    return failed(undefined, { path: '/ruleSet', expected: 'a rule set that compiles', actual });
  }
  const world = open(built.tree, membersOf(fixture));
  for (const [index, transaction] of fixture.transactions.entries()) {
    const outcome = world.process(completed(transaction, index));
    const found = difference(fixture.expect[index] ?? {}, outcome);
    if (found !== undefined) return failed(index, found);
  }
  for (const [member, expected] of Object.entries(fixture.balances)) {
    const found = difference(expected, world.balancesOf(member), `/balances/${member}`);
    if (found !== undefined) return failed(undefined, found);
  }
  return { ok: true };
}

/** Point types that member and transactions name: in a fixture, use declares. */
function usedPointTypes({ member, transactions }: Fixture): readonly string[] {
  const balances = isJson(member?.['points']) ? Object.keys(member['points']) : [];
  const wishes = transactions.flatMap(({ pay, type }) => [isJson(pay) ? pay['points'] : '', type]);
  const named = wishes.filter((one) => typeof one === 'string' && one !== '');
  return [...balances, ...named.map(String)];
}

function failed(transaction: number | undefined, found: Difference): Verdict {
  return { ok: false, transaction, found };
}

function compileVerdict({ status, errors }: CompileFixture, built: Built): Verdict {
  const actual = built.ok ? 'accepted' : 'rejected';
  if (actual !== status) {
    const because = built.ok ? undefined : built.diagnostics;
    return failed(undefined, {
      path: '/compile/status',
      expected: status,
      actual: because ?? actual,
    });
  }
  const diagnostics = built.ok ? [] : built.diagnostics;
  const missing = errors.find(
    (error) => !diagnostics.some((one) => difference(error, one) === undefined),
  );
  if (missing === undefined) return { ok: true };
  const found = diagnostics.map(({ code, path }) => ({ code, path }));
  return failed(undefined, { path: '/compile/errors', expected: missing, actual: found });
}

/** The fixture's member, under every name that the transactions use without enrolling it. */
function membersOf({ member, transactions }: Fixture): readonly Json[] {
  if (member === undefined) return [];
  if (typeof member['id'] === 'string') return [member];
  const enrolled = new Set(
    transactions.filter((one) => one['kind'] === 'enrol').map((one) => one['member']),
  );
  const named = new Set(transactions.map((one) => one['member']));
  return [...named]
    .filter((id) => typeof id === 'string' && !enrolled.has(id))
    .map((id) => ({ ...member, id }));
}

/** What a fixture may leave out of a transaction: names that nobody asks for. */
function completed(transaction: Json, index: number): Json {
  const kind = transaction['kind'] ?? 'checkout';
  const { lines } = transaction;
  const filled = Array.isArray(lines) && kind !== 'return' ? lines.map(completedLine) : lines;
  const named = { id: `t${index + 1}`, ...transaction, kind };
  return filled === undefined ? named : { ...named, lines: filled };
}

function completedLine(line: unknown, index: number): unknown {
  return isJson(line) ? { id: String(index + 1), quantity: 1, ...line } : line;
}
