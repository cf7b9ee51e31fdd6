import { type Bound, boundOf } from './bound.ts';
import { type Candidate, isBetter, WAYS, type Way } from './candidate.ts';

/**
 * Maximum benefit, exactly: branch and bound over the subsets of children that depend on each
 * other. A branch whose children could not reach the best found so far, whatever they gave, is
 * left out; so is a subset of children that cannot all act, because a smaller one does the same.
 *
 * The work is bounded by a number of evaluations, never by time: the same checkout always gets
 * the same answer. When the budget ends, the best found is kept, with how far it may be from the
 * best there is.
 */

/** Subsets evaluated for one group of one checkout. Twelve children need at most 8,190. */
export const EVALUATIONS_MAX = 10_000;

export interface Question extends Bound {
  /** The children to combine, by index; ascending in the tree. */
  readonly children: readonly number[];
  /** True when a chain never gives more than the sum of the same children. */
  readonly sumIsMost: boolean;
  /**
   * True when a child that does nothing in a subset could as well be left out of it. On one line
   * of many it may do nothing and yet move what others do there, by what it does elsewhere.
   */
  readonly idleIsAbsent: boolean;
  readonly evaluate: (subset: readonly number[], way: Way) => Candidate;
}

export interface Answer {
  readonly best: Candidate | undefined;
  readonly evaluations: number;
  /** Proven distance from the best there is: 0 when the search was exhaustive. */
  readonly gap: number;
}

/** The best subset under one way or any. */
export function search(question: Question, ways: readonly Way[] = WAYS): Answer {
  const seeker = new Seeker(question, ways);
  return seeker.run();
}

class Seeker {
  readonly #question: Question;
  readonly #ways: readonly Way[];
  /** Children that could give most come first: good answers early, and long branches cut. */
  readonly #order: readonly number[];
  #best: Candidate | undefined;
  #evaluations = 0;
  /** The most that a branch left for lack of budget could have given. */
  #missed = 0;

  constructor(question: Question, ways: readonly Way[]) {
    this.#question = question;
    this.#ways = ways;
    const most = new Map(question.children.map((child) => [child, boundOf(question, [], [child])]));
    this.#order = question.children.toSorted(
      (one, two) => (most.get(two) ?? 0) - (most.get(one) ?? 0) || one - two,
    );
  }

  run(): Answer {
    this.#extend([], this.#order);
    const benefit = this.#best?.benefit ?? 0;
    const gap = Math.max(0, this.#missed - benefit);
    return { best: this.#best, evaluations: this.#evaluations, gap };
  }

  /** Tries a subset with one more child, for each of those that may still join it. */
  #extend(subset: readonly number[], open: readonly number[]): void {
    for (let at = 0; at < open.length; at += 1) {
      const child = open[at];
      if (child === undefined) return;
      const bound = boundOf(this.#question, subset, open.slice(at));
      if (!this.#canWin(bound, subset.length + 1)) return;
      if (this.#evaluations >= EVALUATIONS_MAX) {
        this.#missed = Math.max(this.#missed, bound);
        return;
      }
      const larger = [...subset, child];
      this.#try(larger.toSorted((one, two) => one - two));
      const after = open.slice(at + 1);
      this.#extend(
        larger,
        after.filter((other) => this.#question.mayJoin(larger, other)),
      );
    }
  }

  /** Equal benefit can still win with fewer promotions, or with earlier ones. */
  #canWin(bound: number, children: number): boolean {
    const best = this.#best;
    if (best === undefined || best.effects.length === 0 || bound > best.benefit) return true;
    if (bound < best.benefit) return false;
    return !this.#question.idleIsAbsent || children <= best.positions.length;
  }

  #try(subset: readonly number[]): void {
    if (subset.length === 1 && this.#ways.length > 1) {
      this.#evaluate(subset, 'chain');
      return;
    }
    if (this.#ways.length === 1 || !this.#question.sumIsMost) {
      for (const way of this.#ways) this.#evaluate(subset, way);
      return;
    }
    const most = this.#evaluate(subset, 'sum').benefit;
    if (most >= (this.#best?.benefit ?? 0)) this.#evaluate(subset, 'chain');
  }

  #evaluate(subset: readonly number[], way: Way): Candidate {
    this.#evaluations += 1;
    const candidate = this.#question.evaluate(subset, way);
    if (this.#best === undefined || isBetter(candidate, this.#best)) this.#best = candidate;
    return candidate;
  }
}
