import type { Scalar } from '../condition.ts';
import { addInto, type Bits, bitsOf, noBits, setBit } from './bits.ts';
import type { Required } from './requirement.ts';

/** For people: by what, and how many promotions it tells apart. */
export interface DimensionSummary {
  readonly name: string;
  /** Promotions that require something of this dimension. */
  readonly promotions: number;
  /** Different values they require. */
  readonly values: number;
}

/** A list of few promotions, or a set of many: whichever costs fewer steps. */
export type Found = readonly number[] | Bits;

export function foundOf(positions: readonly number[], count: number): Found {
  return positions.length <= count / 32 ? positions : bitsOf(positions, count);
}

/**
 * The set of one dimension in a lookup. It starts with the promotions that require nothing,
 * takes in those of each value that the checkout has, and ends.
 */
export class Gathering {
  /** Promotions that do not care about this dimension. */
  readonly #indifferent: Bits;
  /** Made once, because lookups are many. */
  readonly #scratch: Bits;
  #isTouched = false;

  constructor(indifferent: Bits) {
    this.#indifferent = indifferent;
    this.#scratch = indifferent.slice();
  }

  take(found: Found): void {
    if (!this.#isTouched) {
      this.#scratch.set(this.#indifferent);
      this.#isTouched = true;
    }
    if (found instanceof Uint32Array) addInto(this.#scratch, found);
    else for (const position of found) setBit(this.#scratch, position);
  }

  /** The set; valid until something is taken in, which starts another. */
  end(): Bits {
    if (!this.#isTouched) return this.#indifferent;
    this.#isTouched = false;
    return this.#scratch;
  }
}

/** The promotions of one dimension by the values they require. */
export class Postings {
  readonly summary: DimensionSummary;
  readonly #gathering: Gathering;
  readonly #byValue: ReadonlyMap<Scalar, Found>;

  constructor(name: string, required: readonly Required[]) {
    const count = required.length;
    const indifferent = noBits(count);
    const lists = new Map<Scalar, number[]>();
    let caring = 0;
    for (const [position, values] of required.entries()) {
      if (values === undefined) setBit(indifferent, position);
      else caring += 1;
      for (const value of values ?? []) {
        const list = lists.get(value);
        if (list === undefined) lists.set(value, [position]);
        else list.push(position);
      }
    }
    this.#byValue = new Map([...lists].map(([value, list]) => [value, foundOf(list, count)]));
    this.#gathering = new Gathering(indifferent);
    this.summary = { name, promotions: caring, values: lists.size };
  }

  add(value: Scalar): void {
    const found = this.#byValue.get(value);
    if (found !== undefined) this.#gathering.take(found);
  }

  end(): Bits {
    return this.#gathering.end();
  }
}
