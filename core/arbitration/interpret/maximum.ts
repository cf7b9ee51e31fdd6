import type { ArbitrationNode, GroupNode } from '../../rules/normal.ts';
import { bestOf, type Candidate, candidateOf, type Way } from '../maximum/candidate.ts';
import { mergeLines, onLine, solveLines } from '../maximum/lines.ts';
import { weighMultipliers } from '../maximum/multipliers.ts';
import { couldWake, followsPrices, mayRaise } from '../maximum/shrinking.ts';
import { isAlone, type Problem, positionOf, solve } from '../maximum/solve.ts';
import { allowedByOrder } from './caps.ts';
import { factsOf, promotionsOf } from './case.ts';
import { bodyOf, eligibility } from './eligibility.ts';
import { chain, evaluate, left, limited, summation, trying } from './group.ts';
import { actsAt, type Frame } from './promotion.ts';
import { appliedPromotions, hasApplied } from './stacking.ts';
import type { Effect, Note, Result, State } from './state.ts';

/**
 * Maximum benefit: of all that could be built from the children, what gives the member most.
 * Here every subset is tried, both as a chain and as a sum.
 */

/** With more children than this that do anything, the search of `maximum/` has to do. */
export const SUBSETS_TRIED_MAX = 12;

interface Where {
  readonly state: State;
  readonly frame: Frame;
}

export function maximum(group: GroupNode, state: State, frame: Frame): Result {
  const where = { state, frame };
  const singles = group.children.map((child) => evaluate(child, state, frame));
  const raises = group.children.some(mayRaise);
  const isLive = group.children.map(
    (child, index) =>
      (singles[index]?.effects.length ?? 0) > 0 ||
      ((raises || couldWake(child, frame.at.rules.settings)) && mayWake(child, where)),
  );
  const live = group.children.filter((_, index) => isLive[index]);
  const problem: Problem = {
    nodes: live,
    singles: singles.map(({ effects }) => effects).filter((_, index) => isLive[index]),
    net: state.net,
    isCapped: group.limits.maxDiscount !== undefined,
    allowed: allowedByOrder(
      {
        cap: group.limits.maxDiscount,
        earlier: state.effects.filter((effect) => hasApplied(group, [effect])),
      },
      state,
    ),
    floors: frame.floors,
    rules: frame.at.rules,
    evaluate: (subset, way) => built(group, { live, subset, way }, where),
  };
  const byLine = group.scope === 'line' && frame.level === 'product';
  const chosen = byLine
    ? chosenByLine(group, problem, where)
    : chosenForOrder(group, problem, where);
  return { effects: chosen, notes: notesOf(group, { singles, chosen }, where) };
}

/** Whether anything of a child could still become eligible when prices move. */
function mayWake(child: ArbitrationNode, { state, frame }: Where): boolean {
  const { at } = frame;
  const facts = factsOf(at, state);
  const promotions = child.kind === 'promotion' ? [child.promotion] : promotionsOf(at, child);
  return promotions.some((promotion) => {
    const body = bodyOf(promotion, at);
    if (!actsAt(body, frame.level)) return false;
    return followsPrices(body.when) || eligibility(promotion, facts, at) === undefined;
  });
}

/** Puts a subset of children together in one of the two ways, under the limits of the group. */
function built(
  group: GroupNode,
  { live, subset, way }: { live: readonly ArbitrationNode[]; subset: readonly number[]; way: Way },
  { state, frame }: Where,
): Candidate {
  const children = subset.flatMap((index) => live[index] ?? []);
  const run = way === 'chain' ? chain : summation;
  const built = trying(frame, () => run({ ...group, children }, state, frame));
  const effects = weighMultipliers(built.effects, state, frame.at);
  const members = subset.map((index) => positionOf({ nodes: live }, index));
  const candidate = candidateOf(effects, { way, members });
  const promotions = appliedPromotions(effects).map(({ id }) => id);
  frame.at.trace?.compared({ way, promotions, benefit: candidate.benefit });
  return candidate;
}

function chosenForOrder(group: GroupNode, problem: Problem, where: Where): readonly Effect[] {
  const { trace } = where.frame.at;
  const isSmall = group.combine === 'none' || problem.nodes.length <= SUBSETS_TRIED_MAX;
  const { best, gap } = isSmall
    ? { best: bestOf(everything(group, problem)), gap: 0 }
    : solve(problem);
  trace?.foundWithin(gap);
  if (best === undefined) return [];
  trace?.retelling(() => {
    const isMember = (_: unknown, at: number) => best.members.includes(positionOf(problem, at));
    const children = problem.nodes.filter(isMember);
    (best.way === 'chain' ? chain : summation)({ ...group, children }, where.state, where.frame);
  });
  return best.effects;
}

function chosenByLine(group: GroupNode, problem: Problem, where: Where): readonly Effect[] {
  const isSmall = group.combine === 'none' || problem.nodes.length <= SUBSETS_TRIED_MAX;
  const { effects, gap } = isSmall ? eachLine(group, problem) : solveLines(problem);
  where.frame.at.trace?.foundWithin(gap);
  return limited(group, { results: [{ effects, notes: [] }], way: 'pro-rata' }, where).effects;
}

/** A decision for each line: the candidate that gives most on it, and of it only that line. */
function eachLine(group: GroupNode, problem: Problem): { effects: readonly Effect[]; gap: number } {
  const candidates = everything(group, problem);
  const parts = problem.net.slice(0, -1).flatMap((_, slot) => {
    const onThis = candidates.map((candidate) => onLine(candidate, slot));
    return bestOf(onThis)?.effects ?? [];
  });
  return { effects: mergeLines(parts), gap: 0 };
}

/** All that can be built. With `combine: none`, one child at a time. */
function everything(group: GroupNode, { nodes, evaluate: build }: Problem): readonly Candidate[] {
  const indices = nodes.map((_, index) => index);
  const subsets = group.combine === 'none' ? indices.map((index) => [index]) : powerSet(indices);
  return subsets
    .filter((subset) => subset.length === 1 || !subset.some((index) => isAlone(nodes[index])))
    .flatMap((subset) => {
      if (subset.length === 0) return [];
      const asChain = build(subset, 'chain');
      return subset.length === 1 ? [asChain] : [asChain, build(subset, 'sum')];
    });
}

function powerSet<T>(items: readonly T[]): readonly (readonly T[])[] {
  let sets: (readonly T[])[] = [[]];
  for (const item of items) sets = sets.concat(sets.map((set) => [...set, item]));
  return sets;
}

/** Losers are told that they lost; those that would have done nothing anyway, why. */
function notesOf(
  group: GroupNode,
  { singles, chosen }: { singles: readonly Result[]; chosen: readonly Effect[] },
  where: Where,
): readonly Note[] {
  const winners = new Set(appliedPromotions(chosen));
  return group.children.flatMap((child, index) => {
    const single = singles[index];
    const notes =
      single !== undefined && single.effects.length === 0
        ? single.notes
        : left(child, 'outbid', where).notes;
    return notes.filter((note) => !winners.has(note.promotion));
  });
}
