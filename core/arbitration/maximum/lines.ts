import { onlyIn } from '../interpret/group.ts';
import type { Effect } from '../interpret/state.ts';
import { benefitOf, sum } from '../interpret/state.ts';
import type { Gift } from './bound.ts';
import { bestOf, type Candidate, candidateOf, type Way } from './candidate.ts';
import { search } from './search.ts';
import { isShrinking, isShrinkingByLine, isWilful, paysWithPoints } from './shrinking.ts';
import { ceilingOf, isAlone, type Problem, type Solution, stackingOf } from './solve.ts';

/** `scope: line`: each line is decided for itself, and gets only its own part of the winner. */
export function solveLines(problem: Problem): { effects: readonly Effect[]; gap: number } {
  const evaluate = remembering(problem.evaluate);
  const solutions = problem.net
    .slice(0, -1)
    .map((_, slot) => solveLine({ ...problem, evaluate }, slot));
  const parts = solutions.flatMap(({ best }) => best?.effects ?? []);
  return { effects: mergeLines(parts), gap: sum(solutions.map(({ gap }) => gap)) };
}

function solveLine(problem: Problem, slot: number): Solution {
  const evaluate = (subset: readonly number[], way: Way) =>
    onLine(problem.evaluate(subset, way), slot);
  const all = problem.nodes.map((_, index) => index);
  const alone = all.filter((index) => isAlone(problem.nodes[index]));
  const exclusives = alone.map((index) => evaluate([index], 'chain'));
  const others = all.filter((index) => !alone.includes(index));
  const mine = independentOn(problem, others, slot);
  const children = mine ?? others;
  const giftOf = (child: number): Gift => {
    if (mine === undefined) return { bySlot: [], loose: Number.POSITIVE_INFINITY };
    const effects = (problem.singles[child] ?? []).flatMap((effect) => onlyIn(effect, [slot]));
    return { bySlot: [], loose: benefitOf(effects) };
  };
  const { best, gap } = search({
    children,
    giftOf,
    room: [],
    ceiling: ceilingOf(problem, others, [slot]),
    sumIsMost: mine !== undefined,
    idleIsAbsent: mine !== undefined,
    ...stackingOf(problem),
    evaluate,
  });
  return { best: bestOf([...exclusives, ...(best ? [best] : [])]), gap };
}

/** What of a candidate happens on one line. */
export function onLine(candidate: Candidate, slot: number): Candidate {
  const effects = candidate.effects.flatMap((effect) => onlyIn(effect, [slot]));
  return candidateOf(effects, candidate);
}

/** The children that act on a line, when what they do there depends on nothing but the line. */
function independentOn(
  { nodes, singles, isCapped, rules }: Problem,
  children: readonly number[],
  slot: number,
): readonly number[] | undefined {
  if (isCapped) return undefined;
  const isIndependent = children.every((index) => {
    const node = nodes[index];
    if (node === undefined || isWilful(node) || paysWithPoints(node)) return false;
    return isShrinking(node, rules.settings) && isShrinkingByLine(node, rules.settings);
  });
  if (!isIndependent) return undefined;
  return children.filter((index) =>
    (singles[index] ?? []).some(({ units }) => (units[slot] ?? 0) > 0),
  );
}

function remembering(evaluate: Problem['evaluate']): Problem['evaluate'] {
  const known = new Map<string, Candidate>();
  return (subset, way) => {
    const key = `${way}:${subset.join(',')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = evaluate(subset, way);
    known.set(key, made);
    return made;
  };
}

/** Effects of the same benefit on several lines become one again. */
export function mergeLines(parts: readonly Effect[]): readonly Effect[] {
  const merged: Effect[] = [];
  for (const part of parts) {
    const same = merged.findIndex(
      (one) => one.promotion === part.promotion && one.benefit === part.benefit,
    );
    const found = merged[same];
    if (found === undefined) merged.push(part);
    else merged[same] = addEffects(found, part);
  }
  return merged.sort((one, two) => one.promotion.position - two.promotion.position);
}

function addEffects(one: Effect, two: Effect): Effect {
  const add = (a: readonly number[], b: readonly number[]) =>
    a.map((number, slot) => number + (b[slot] ?? 0));
  return {
    ...one,
    from: undefined,
    to: undefined,
    requested: add(one.requested, two.requested),
    applied: add(one.applied, two.applied),
    units: add(one.units, two.units),
    worth: add(one.worth, two.worth),
  };
}
