import { type Candidate, isBetter, WAYS, type Way } from './candidate.ts';

/**
 * Maximum benefit, exactly: branch and bound over the subsets of children that depend on each
 * other. What one child could give at most, it gives alone; so a branch whose children could not
 * reach the best found so far even if all of them gave that much is left out.
 *
 * The work is bounded by a number of evaluations, never by time: the same checkout always gets
 * the same answer. When the budget ends, the best found is kept, with how far it may be from the
 * best there is.
 */

/** Subsets evaluated for one group of one checkout. Twelve children need at most 8,190. */
export const EVALUATIONS_MAX = 10_000;

export interface Question {
  /** The children to combine, by index; ascending in the tree. */
  readonly children: readonly number[];
  /** The most a child can give in any company; `Infinity` when nobody knows. */
  readonly atMost: (child: number) => number;
  /** The most that all together can give. */
  readonly ceiling: number;
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
  /** What the children from an index of the order on could give together. */
  readonly #rest: readonly number[];
  #best: Candidate | undefined;
  #evaluations = 0;
  /** The most that a branch left for lack of budget could have given. */
  #missed = 0;

  constructor(question: Question, ways: readonly Way[]) {
    this.#question = question;
    this.#ways = ways;
    const { children, atMost } = question;
    this.#order = children.toSorted((one, two) => atMost(two) - atMost(one) || one - two);
    const rest = [0];
    for (const child of this.#order.toReversed()) rest.push((rest.at(-1) ?? 0) + atMost(child));
    this.#rest = rest.reverse();
  }

  run(): Answer {
    const { children } = this.#question;
    if (children.length > 1) this.#try(children);
    this.#extend([], { from: 0, soFar: 0 });
    const benefit = this.#best?.benefit ?? 0;
    const gap = Math.max(0, this.#missed - benefit);
    return { best: this.#best, evaluations: this.#evaluations, gap };
  }

  /** Tries a subset with one more child, for each of those that come after in the order. */
  #extend(subset: readonly number[], { from, soFar }: { from: number; soFar: number }): void {
    for (let at = from; at < this.#order.length; at += 1) {
      const bound = Math.min(this.#question.ceiling, soFar + (this.#rest[at] ?? 0));
      if (!this.#canWin(bound, subset.length + 1)) return;
      if (this.#evaluations >= EVALUATIONS_MAX) {
        this.#missed = Math.max(this.#missed, bound);
        return;
      }
      const child = this.#order[at];
      if (child === undefined) return;
      const larger = [...subset, child];
      this.#try(larger.toSorted((one, two) => one - two));
      this.#extend(larger, { from: at + 1, soFar: soFar + this.#question.atMost(child) });
    }
  }

  /** Equal benefit can still win with fewer promotions, or with earlier ones. */
  #canWin(bound: number, children: number): boolean {
    const best = this.#best;
    if (best === undefined || bound > best.benefit) return true;
    return bound === best.benefit && children <= best.positions.length;
  }

  #try(subset: readonly number[]): void {
    for (const way of this.#ways) {
      if (subset.length === 1 && way === 'sum' && this.#ways.length > 1) continue;
      this.#evaluations += 1;
      const candidate = this.#question.evaluate(subset, way);
      if (this.#best === undefined || isBetter(candidate, this.#best)) this.#best = candidate;
    }
  }
}
