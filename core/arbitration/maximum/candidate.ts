import { benefitOf, type Effect } from '../interpret/state.ts';

/** How a subset of children is put together. */
export const WAYS = ['chain', 'sum'] as const;
export type Way = (typeof WAYS)[number];

/** A subset of children as it was built. */
export interface Built {
  readonly way: Way;
  /** Where the children stand in the tree, ascending. */
  readonly members: readonly number[];
}

/** What a group could do, with all that decides between it and others. */
export interface Candidate extends Built {
  readonly effects: readonly Effect[];
  readonly benefit: number;
  /** The promotions that do something, ascending. */
  readonly positions: readonly number[];
}

export function candidateOf(effects: readonly Effect[], built: Built): Candidate {
  const positions: number[] = [];
  for (const { promotion } of effects) {
    if (!positions.includes(promotion.position)) positions.push(promotion.position);
  }
  if (positions.length > 1) positions.sort((one, two) => one - two);
  const { way, members } = built;
  return { way, members, effects, benefit: benefitOf(effects), positions };
}

/**
 * K10: something before nothing, then more benefit, then fewer promotions, then the earlier
 * places in the tree. The rest makes the order total, so that the answer does not depend on who
 * searched: a chain before a sum, then fewer children, then the earlier.
 */
export function isBetter(one: Candidate, two: Candidate): boolean {
  const [isSomething, isOther] = [one.effects.length > 0, two.effects.length > 0];
  if (isSomething !== isOther) return isSomething;
  if (one.benefit !== two.benefit) return one.benefit > two.benefit;
  const places = compareLists(one.positions, two.positions);
  if (places !== 0) return places < 0;
  if (one.way !== two.way) return one.way === 'chain';
  return compareLists(one.members, two.members) < 0;
}

/** Shorter lists first, then by the first number that differs. */
function compareLists(one: readonly number[], two: readonly number[]): number {
  if (one.length !== two.length) return one.length - two.length;
  for (let at = 0; at < one.length; at += 1) {
    const difference = (one[at] ?? 0) - (two[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The best of several; `undefined` of none. */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const one of candidates) if (best === undefined || isBetter(one, best)) best = one;
  return best;
}
