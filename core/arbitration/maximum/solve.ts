import type { ArbitrationNode, Settings } from '../../rules/normal.ts';
import { type Effect, sum } from '../interpret/state.ts';
import { bestOf, type Candidate, isBetter, WAYS, type Way } from './candidate.ts';
import { componentsOf } from './components.ts';
import { search } from './search.ts';
import { grantsPoints, isShrinking, isWilful, mayRaise } from './shrinking.ts';

/** A group that looks for the maximum benefit, as one level of one checkout meets it. */
export interface Problem {
  /** Children that do something, alone or perhaps in company, ascending in the tree. */
  readonly nodes: readonly ArbitrationNode[];
  /** What each does alone, before the limits of the group. */
  readonly singles: readonly (readonly Effect[])[];
  /** Present prices, the most that could be given away. */
  readonly net: readonly number[];
  /** True when the group has a limit that all children share. */
  readonly isCapped: boolean;
  readonly settings: Settings;
  readonly evaluate: (subset: readonly number[], way: Way) => Candidate;
}

export interface Solution {
  readonly best: Candidate | undefined;
  /** How far the best found may be from the best there is; 0 when that is proven. */
  readonly gap: number;
}

/** The best that can be built from the children. */
export function solve(problem: Problem): Solution {
  const all = problem.nodes.map((_, index) => index);
  const alone = all.filter((index) => isAlone(problem.nodes[index]));
  const exclusives = alone.map((index) => problem.evaluate([index], 'chain'));
  const rest = all.filter((index) => !alone.includes(index));
  const found = orNothing(problem, rest, combine(problem, rest));
  return { best: bestOf([...exclusives, ...(found.best ? [found.best] : [])]), gap: found.gap };
}

/** Where limits leave nothing to give, the earliest of those that do anything else counts. */
function orNothing(problem: Problem, children: readonly number[], found: Solution): Solution {
  if (found.best === undefined || found.best.benefit !== 0) return found;
  return { best: singleBest(problem, children), gap: found.gap };
}

/** Exclusive promotions are never combined. */
export function isAlone(node: ArbitrationNode | undefined): boolean {
  return node?.kind === 'promotion' && node.promotion.stacking.exclusive;
}

function combine(problem: Problem, children: readonly number[]): Solution {
  if (children.length <= 1) return { best: singleBest(problem, children), gap: 0 };
  const { nodes, singles } = problem;
  if (!allShrink(problem, children)) return searched(problem, children, false);
  const asks = singles.map((effects) => askedBy(effects, problem));
  const giving = children.filter((index) => (asks[index] ?? 0) > 0);
  if (giving.length <= 1)
    return { best: singleBest(problem, giving.length > 0 ? giving : children), gap: 0 };
  const together = problem.evaluate(giving, 'sum');
  if (together.benefit === sum(giving.map((index) => asks[index] ?? 0))) {
    // Everybody gives all there is to give: no other subset reaches it.
    return { best: bestOf([problem.evaluate(giving, 'chain'), together]), gap: 0 };
  }
  if (problem.isCapped || giving.some((index) => isWilfulAt(nodes, index))) {
    return searched(problem, giving, true);
  }
  return solvedByParts(problem, giving);
}

/** Whether no child can give more in company than it asks for alone. */
function allShrink({ nodes, singles, settings }: Problem, children: readonly number[]): boolean {
  if (nodes.some(mayRaise)) return false;
  return children.every((index) => {
    const node = nodes[index];
    const doesAnything = (singles[index]?.length ?? 0) > 0;
    return doesAnything && node !== undefined && isShrinking(node, settings);
  });
}

function isWilfulAt(nodes: readonly ArbitrationNode[], index: number): boolean {
  const node = nodes[index];
  return node !== undefined && isWilful(node);
}

function singleBest({ evaluate }: Problem, children: readonly number[]): Candidate | undefined {
  return bestOf(children.map((index) => evaluate([index], 'chain')));
}

function searched(problem: Problem, children: readonly number[], shrinks: boolean): Solution {
  const { best, gap } = search(questionOf(problem, children, shrinks));
  return { best, gap };
}

function questionOf(problem: Problem, children: readonly number[], shrinks: boolean) {
  const slots = problem.net.map((_, slot) => slot);
  const asks = problem.singles.map((effects) => askedBy(effects, problem));
  return {
    children,
    atMost: (child: number) => (shrinks ? (asks[child] ?? 0) : Number.POSITIVE_INFINITY),
    ceiling: ceilingOf(problem, children, slots),
    evaluate: problem.evaluate,
  };
}

/** The most a child can give in any company: what it asks for, as far as prices go, and points. */
function askedBy(effects: readonly Effect[], { net }: Problem): number {
  const points = sum(effects.map(({ worth }) => sum(worth)));
  const asked = sum(effects.map(({ requested }) => sum(requested)));
  const touched = net.map((price, slot) =>
    effects.some(({ units, applied }) => (units[slot] ?? 0) > 0 || (applied[slot] ?? 0) > 0)
      ? Math.max(0, price)
      : 0,
  );
  return Math.min(asked, sum(touched)) + points;
}

/** The most all children together can give in some slots; `Infinity` when nobody knows. */
export function ceilingOf(
  problem: Problem,
  children: readonly number[],
  slots: readonly number[],
): number {
  const { nodes, singles, net, settings } = problem;
  const all = children.flatMap((index) => nodes[index] ?? []);
  if (nodes.some(mayRaise)) return Number.POSITIVE_INFINITY;
  if (all.some((node) => grantsPoints(node) && !isShrinking(node, settings))) {
    return Number.POSITIVE_INFINITY;
  }
  const prices = slots.map((slot) => Math.max(0, net[slot] ?? 0));
  const worths = children.flatMap((index) => (singles[index] ?? []).map(({ worth }) => sum(worth)));
  return sum(prices) + sum(worths);
}

/** Children on different lines do not meet: each part is solved for itself, then all as one. */
function solvedByParts(problem: Problem, children: readonly number[]): Solution {
  const parts = componentsOf(problem, children);
  let best: Candidate | undefined;
  let gap = 0;
  for (const way of WAYS) {
    const answers = parts.map((part) => search(questionOf(problem, part, true), [way]));
    const members = answers.flatMap((answer) => answer.best?.members ?? []);
    const subset = children.filter((index) => members.includes(positionOf(problem, index)));
    const candidate = problem.evaluate(subset, subset.length === 1 ? 'chain' : way);
    gap = Math.max(gap, sum(answers.map((answer) => answer.gap)));
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return { best, gap };
}

/** Where a child stands in the tree. */
export function positionOf({ nodes }: Pick<Problem, 'nodes'>, index: number): number {
  const node = nodes[index];
  if (node === undefined) return -1;
  return node.kind === 'group' ? node.from : node.promotion.position;
}
