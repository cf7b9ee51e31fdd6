import type { Selection } from '../../arbitration/language.ts';
import type { LineScope, Ranking } from '../condition.ts';
import { compileLineCondition } from '../conditions/compile.ts';
import type { LineFacts } from '../facts.ts';
import { findBundles } from './bundle.ts';
import { ranked } from './rank.ts';
import { takenFrom } from './windows.ts';

/** What a chain of line scopes leaves of the lines of a checkout. */
export type Select = (lines: readonly LineFacts[]) => Selection;

/** One step of the chain: from what is left of each line to what is left after it. */
type Step = (lines: readonly LineFacts[], before: Left) => Left;

interface Left {
  /** Thousandths, in the order of the lines. */
  readonly units: readonly number[];
  /** `undefined` until a step asks for bundles. */
  readonly bundles: number | undefined;
}

/** Compiles a chain of line scopes. Each step looks at what the one before left. */
export function compileSelect(scopes: readonly LineScope[]): Select {
  const [only] = scopes;
  if (scopes.length === 1 && only !== undefined && isFilter(only)) return compileFilter(only);
  const [first, ...others] = scopes.map(compileStep);
  return (lines) => {
    let left: Left = { units: quantitiesOf(lines), bundles: undefined };
    if (first !== undefined) left = first(lines, left);
    for (const step of others) left = step(lines, left);
    const { units, bundles } = left;
    return { units, bundles: bundles ?? (hasAny(units) ? 1 : 0) };
  };
}

function isFilter({ ranking, bundle }: LineScope): boolean {
  return ranking === undefined && bundle.length === 0;
}

/** The most frequent chain: one filter. */
function compileFilter({ where }: LineScope): Select {
  const matches = compileLineCondition(where);
  return (lines) => {
    const units = new Array<number>(lines.length);
    let bundles = 0;
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index];
      const isSelected = line !== undefined && matches(line) === undefined;
      const some = isSelected ? line.line.quantity : 0;
      if (some > 0) bundles = 1;
      units[index] = some;
    }
    return { units, bundles };
  };
}

function quantitiesOf(lines: readonly LineFacts[]): readonly number[] {
  const units = new Array<number>(lines.length);
  for (let index = 0; index < lines.length; index += 1) {
    units[index] = lines[index]?.line.quantity ?? 0;
  }
  return units;
}

function hasAny(units: readonly number[]): boolean {
  for (let slot = 0; slot < units.length; slot += 1) if ((units[slot] ?? 0) > 0) return true;
  return false;
}

function compileStep(scope: LineScope): Step {
  const { ranking, bundle, where } = scope;
  const matches = compileLineCondition(where);
  const filter: Step = (lines, before) => {
    const units = before.units.slice();
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index];
      if (line !== undefined && matches(line) !== undefined) units[index] = 0;
    }
    return { units, bundles: before.bundles };
  };
  if (bundle.length > 0) {
    return (lines, before) => {
      const found = findBundles(bundle, lines, filter(lines, before).units);
      return { units: found.units, bundles: found.count };
    };
  }
  if (ranking === undefined) return filter;
  return (lines, before) => {
    const left = filter(lines, before);
    return { ...left, units: counted(ranking, lines, left.units) };
  };
}

/** Ranks what is left of the lines, then skips and takes. */
function counted(
  ranking: Ranking,
  lines: readonly LineFacts[],
  units: readonly number[],
): readonly number[] {
  const taken = units.map(() => 0);
  let position = 0;
  for (const { index } of ranked(lines, ranking.order)) {
    const available = units[index] ?? 0;
    if (available === 0) continue;
    const length = ranking.count === 'units' ? available : 1_000;
    const share = takenFrom(ranking, position, length);
    taken[index] = ranking.count === 'units' ? share : share > 0 ? available : 0;
    position += length;
  }
  return taken;
}
