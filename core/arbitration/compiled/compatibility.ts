import {
  categoryOf,
  goTogether,
  limitOf,
  neversAllowed,
  type StackingRules,
} from '../../rules/categories.ts';
import type { NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import type { Effect } from '../interpret/state.ts';
import type { Reason } from '../reasons.ts';

const WORD = 32;

/**
 * The compatibility matrix of stacking categories (001-12) as bit masks: a row a category, with a
 * bit for each that it does not go with. What it decides is said in `interpret/stacking.ts`.
 */
export class Compatibility {
  /** The category of each promotion, by position, as a number. */
  readonly #categoryOf: Uint16Array;
  readonly #words: number;
  readonly #barred: Uint32Array;
  /** By category: how many of it may apply, and of never stackable ones, how many at all. */
  readonly #limits: readonly (number | undefined)[];
  readonly #isNever: readonly boolean[];
  readonly #nevers: number;

  constructor(rules: Pick<NormalRuleSet, 'promotions'> & StackingRules) {
    const ids = [...new Set(rules.promotions.map(({ stacking }) => stacking.category))];
    const categories = ids.map((id) => categoryOf(id, rules));
    const numbers = new Map(ids.map((id, index) => [id, index]));
    this.#categoryOf = Uint16Array.from(
      rules.promotions,
      ({ stacking }) => numbers.get(stacking.category) ?? 0,
    );
    this.#words = Math.ceil(ids.length / WORD);
    this.#barred = new Uint32Array(ids.length * this.#words);
    for (const [row, one] of categories.entries()) {
      for (const [column, two] of categories.entries()) {
        if (!goTogether(one, two, rules)) this.#bar(row, column);
      }
    }
    this.#limits = categories.map((one) => limitOf(one, rules));
    this.#isNever = categories.map(({ eligibility }) => eligibility === 'never');
    this.#nevers = neversAllowed(rules);
  }

  #bar(row: number, column: number): void {
    const word = row * this.#words + Math.floor(column / WORD);
    this.#barred[word] = (this.#barred[word] ?? 0) | (1 << (column % WORD));
  }

  /** Whether two categories do not go together. */
  #isBarred(row: number, column: number): boolean {
    const word = this.#barred[row * this.#words + (column >>> 5)] ?? 0;
    return ((word >>> (column & (WORD - 1))) & 1) === 1;
  }

  /** Whether two promotions may apply to one checkout at all. */
  areCompatible(one: NormalPromotion, two: NormalPromotion): boolean {
    return !this.#isBarred(this.#category(one), this.#category(two));
  }

  isNever(promotion: NormalPromotion): boolean {
    return this.#isNever[this.#category(promotion)] === true;
  }

  /** Whether it matters to a promotion who else applied. */
  cares(promotion: NormalPromotion): boolean {
    const row = this.#category(promotion);
    if (this.#limits[row] !== undefined || this.#isNever[row] === true) return true;
    return this.#isNever.some((_, column) => this.#isBarred(row, column));
  }

  /** Why a promotion may not join those that have applied; `undefined` when it may. */
  admission(promotion: NormalPromotion, effects: readonly Effect[]): Reason | undefined {
    const row = this.#category(promotion);
    for (const { promotion: other } of effects) {
      if (other !== promotion && this.#isBarred(row, this.#category(other))) return 'not-stackable';
    }
    const isNever = this.#isNever[row] === true;
    if (isNever) {
      const nevers = countOf(effects, (one) => one !== promotion && this.isNever(one));
      if (nevers >= this.#nevers) return 'not-stackable';
    }
    const limit = this.#limits[row];
    if (limit === undefined) return undefined;
    const isOne = (one: NormalPromotion) => one !== promotion && this.#category(one) === row;
    return countOf(effects, isOne) >= limit ? 'category-limit-reached' : undefined;
  }

  #category({ position }: NormalPromotion): number {
    return this.#categoryOf[position] ?? 0;
  }
}

/** How many different promotions of a kind have had an effect. */
function countOf(effects: readonly Effect[], is: (one: NormalPromotion) => boolean): number {
  let count = 0;
  for (let at = 0; at < effects.length; at += 1) {
    const promotion = effects[at]?.promotion;
    if (promotion === undefined || !is(promotion)) continue;
    let isNew = true;
    for (let before = 0; before < at; before += 1) {
      if (effects[before]?.promotion === promotion) isNew = false;
    }
    if (isNew) count += 1;
  }
  return count;
}
