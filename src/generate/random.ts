/**
 * A seeded source of chance (sfc32): the same seed draws the same traffic on every machine. Not
 * for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9;
    // The first draws still look like the seed.
    for (let index = 0; index < 16; index += 1) this.#next();
  }

  /** In [0, 1). */
  unit(): number {
    return (this.#next() >>> 0) / 2 ** 32;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** A whole number in [from, to], both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** An index drawn by weights that were summed up: `[1, 3, 6]` are the weights 1, 2 and 3. */
  weighted(cumulative: ArrayLike<number>): number {
    const target = this.unit() * (cumulative[cumulative.length - 1] ?? 0);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** At least 1, with this mean: most are small, a few are large. */
  geometric(mean: number): number {
    if (mean <= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.unit()) / Math.log(1 - 1 / mean));
  }

  #next(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn;
  }
}

/** Weights to their running sums, as `weighted` wants them. */
export function cumulative(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, index) => {
    sum += weight;
    sums[index] = sum;
  });
  return sums;
}

/**
 * Ranks by a law like Zipf's, from 0: the first ranks are drawn most, but none of them alone
 * makes a dent. With 100,000 ranks a fifth of them is drawn in 58 % of all cases.
 */
export function zipf(random: Random, ranks: number): number {
  const low = ZIPF_OFFSET ** ZIPF_POWER;
  const high = (ranks + ZIPF_OFFSET) ** ZIPF_POWER;
  const drawn = (low + random.unit() * (high - low)) ** (1 / ZIPF_POWER) - ZIPF_OFFSET;
  return Math.min(ranks - 1, Math.floor(drawn));
}

/** One minus the exponent of the law; the offset flattens its head. */
const ZIPF_POWER = 0.2;
const ZIPF_OFFSET = 500;
