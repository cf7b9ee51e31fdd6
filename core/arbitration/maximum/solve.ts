import type { ArbitrationNode, NormalRuleSet } from '../../rules/normal.ts';
import { appliedIn, type Effect, sum } from '../interpret/state.ts';
import type { Gift } from './bound.ts';
import { bestOf, type Candidate, isBetter, WAYS, type Way } from './candidate.ts';
import { componentsOf } from './components.ts';
import { type Question, search } from './search.ts';
import { grantsPoints, isShrinking, isShrinkingByLine, isWilful, mayRaise } from './shrinking.ts';
import { areRivals, quotaOf } from './stacking.ts';

/** A group that looks for the maximum benefit, as one level of one checkout meets it. */
export interface Problem {
  /** Children that do something, alone or perhaps in company, ascending in the tree. */
  readonly nodes: readonly ArbitrationNode[];
  /** What each does alone, before the limits of the group. */
  readonly singles: readonly (readonly Effect[])[];
  /** Present prices, the most that could be given away. */
  readonly net: readonly number[];
  /** The least each slot may cost here. */
  readonly floors: readonly number[];
  /** True when the group has a limit that all children share. */
  readonly isCapped: boolean;
  /** The most that it leaves to take off the goods; `Infinity` without such a limit. */
  readonly allowed: number;
  readonly rules: Pick<NormalRuleSet, 'settings' | 'categories'>;
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
function allShrink({ nodes, singles, rules }: Problem, children: readonly number[]): boolean {
  if (nodes.some(mayRaise)) return false;
  return children.every((index) => {
    const node = nodes[index];
    const doesAnything = (singles[index]?.length ?? 0) > 0;
    return doesAnything && node !== undefined && isShrinking(node, rules.settings);
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

function questionOf(problem: Problem, children: readonly number[], shrinks: boolean): Question {
  const slots = problem.net.map((_, slot) => slot);
  const gifts = new Map(
    children.map((child) => [child, shrinks ? giftOf(problem, child) : UNKNOWN]),
  );
  return {
    children,
    giftOf: (child) => gifts.get(child) ?? UNKNOWN,
    room: roomIn(problem),
    ceiling: ceilingOf(problem, children, slots),
    idleIsAbsent: true,
    sumIsMost: shrinks && children.every((child) => isLocalAt(problem, child)),
    ...stackingOf(problem),
    evaluate: problem.evaluate,
  };
}

const UNKNOWN: Gift = { bySlot: [], loose: Number.POSITIVE_INFINITY };

/** What stacking lets stand side by side. */
export function stackingOf({ nodes, rules }: Problem): Pick<Question, 'mayJoin' | 'quotaOf'> {
  const quotas = nodes.map((node) => quotaOf(node, rules));
  return {
    quotaOf: (child) => quotas[child],
    mayJoin: (subset, child) => {
      const quota = quotas[child];
      if (subset.some((other) => areRivals(nodes[other], nodes[child], rules))) return false;
      if (quota === undefined) return true;
      const same = subset.filter((other) => quotas[other]?.category === quota.category);
      return same.length < quota.limit;
    },
  };
}

function roomIn({ net, floors }: Problem): readonly number[] {
  return net.map((price, slot) => Math.max(0, price - (floors[slot] ?? 0)));
}

function isLocalAt({ nodes, rules }: Problem, index: number): boolean {
  const node = nodes[index];
  return node !== undefined && isShrinkingByLine(node, rules.settings);
}

/** What a child takes off each line at most, where lines do not depend on each other. */
function giftOf(problem: Problem, index: number): Gift {
  const effects = problem.singles[index] ?? [];
  if (!isLocalAt(problem, index)) return { bySlot: [], loose: askedBy(effects, problem) };
  const bySlot = problem.net.map((_, slot) => appliedIn(effects, slot));
  return { bySlot, loose: sum(effects.map(({ worth }) => sum(worth))) };
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
  const { nodes, singles, rules } = problem;
  const all = children.flatMap((index) => nodes[index] ?? []);
  if (nodes.some(mayRaise)) return Number.POSITIVE_INFINITY;
  if (all.some((node) => grantsPoints(node) && !isShrinking(node, rules.settings))) {
    return Number.POSITIVE_INFINITY;
  }
  const room = roomIn(problem);
  const delivery = room.length - 1;
  const goods = sum(slots.map((slot) => (slot === delivery ? 0 : (room[slot] ?? 0))));
  const prices = [
    Math.min(goods, Math.max(0, problem.allowed)),
    slots.includes(delivery) ? (room[delivery] ?? 0) : 0,
  ];
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
