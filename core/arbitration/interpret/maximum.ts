import type { ArbitrationNode, GroupNode } from '../../rules/normal.ts';
import { chain, evaluate, left, limited, onlyIn, summation } from './group.ts';
import type { Frame } from './promotion.ts';
import { appliedPromotions } from './stacking.ts';
import { benefitOf, type Effect, type Note, type Result, type State } from './state.ts';

/**
 * Maximum benefit: of all that could be built from the children, what gives the member most.
 * Here every subset is tried, both as a chain and as a sum.
 */

/** With more children than this that do anything, the search of `maximum/` takes over. */
export const SUBSETS_TRIED_MAX = 12;

export interface Candidate {
  readonly result: Result;
  readonly benefit: number;
  readonly positions: readonly number[];
}

export function maximum(group: GroupNode, state: State, frame: Frame): Result {
  const where = { state, frame };
  const singles = group.children.map((child) => evaluate(child, state, frame));
  const candidates = subsetsOf(group, singles).flatMap((children) =>
    waysOf(children).map((run) => {
      const result = run({ ...group, children: [...children] }, state, frame);
      return candidate(result);
    }),
  );
  const byLine = group.scope === 'line' && frame.level === 'product';
  const effects = byLine
    ? bestPerLine(candidates, where)
    : (best(candidates)?.result.effects ?? []);
  const way = 'pro-rata';
  const chosen = byLine
    ? limited(group, { results: [{ effects, notes: [] }], way }, where).effects
    : effects;
  return { effects: chosen, notes: notesOf(group, { singles, chosen }, where) };
}

function waysOf(children: readonly ArbitrationNode[]) {
  return children.length > 1 ? [chain, summation] : [chain];
}

export function candidate(result: Result): Candidate {
  const promotions = appliedPromotions(result.effects);
  return {
    result,
    benefit: benefitOf(result.effects),
    positions: promotions.map(({ position }) => position).sort((one, two) => one - two),
  };
}

/** All subsets that may differ from each other. With `combine: none`, one child at a time. */
function subsetsOf(
  group: GroupNode,
  singles: readonly Result[],
): readonly (readonly ArbitrationNode[])[] {
  const live = group.children.filter((_, index) => (singles[index]?.effects.length ?? 0) > 0);
  if (group.combine === 'none') return live.map((child) => [child]);
  return powerSet(live).filter(
    (subset) => subset.length === 1 || (subset.length > 1 && !subset.some(isExclusive)),
  );
}

export function isExclusive(child: ArbitrationNode): boolean {
  return child.kind === 'promotion' && child.promotion.stacking.exclusive;
}

function powerSet<T>(items: readonly T[]): readonly (readonly T[])[] {
  let sets: (readonly T[])[] = [[]];
  for (const item of items) sets = sets.concat(sets.map((set) => [...set, item]));
  return sets;
}

/** K10: more benefit, then fewer promotions, then the earlier places in the tree. */
export function isBetter(one: Omit<Candidate, 'result'>, two: Omit<Candidate, 'result'>): boolean {
  if (one.benefit !== two.benefit) return one.benefit > two.benefit;
  if (one.positions.length !== two.positions.length) {
    return one.positions.length < two.positions.length;
  }
  const at = one.positions.findIndex((position, index) => position !== two.positions[index]);
  return at >= 0 && (one.positions[at] ?? 0) < (two.positions[at] ?? 0);
}

function best(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (soFar, one) => (soFar === undefined || isBetter(one, soFar) ? one : soFar),
    undefined,
  );
}

/** A decision for each line: the candidate that gives most on it, and of it only that line. */
export function bestPerLine(
  candidates: readonly Candidate[],
  { frame }: { state: State; frame: Frame },
): readonly Effect[] {
  const parts = frame.at.lines.flatMap((_, slot) => {
    const onLine = candidates.map(({ result }) =>
      candidate({ effects: result.effects.flatMap((one) => onlyIn(one, [slot])), notes: [] }),
    );
    return best(onLine)?.result.effects ?? [];
  });
  return mergeLines(parts);
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
    requested: add(one.requested, two.requested),
    applied: add(one.applied, two.applied),
    units: add(one.units, two.units),
    worth: add(one.worth, two.worth),
  };
}

/** Losers are told that they lost; those that would have done nothing anyway, why. */
function notesOf(
  group: GroupNode,
  { singles, chosen }: { singles: readonly Result[]; chosen: readonly Effect[] },
  where: { state: State; frame: Frame },
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
