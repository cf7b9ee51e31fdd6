/**
 * Buckets of tokens that refill steadily, one a key, in bounded memory. A bucket is kept as the
 * one instant at which it is full again, so that a question is two look-ups and an addition.
 */

export interface Rate {
  /** What a key may have in the long run. */
  readonly perSecond: number;
  /** What it may have at once. */
  readonly burst: number;
}

/** Keys that are remembered; of more, the ones not heard of for longest begin anew. */
const KEYS_MAX = 20_000;

export class RateLimit {
  readonly #interval: number;
  readonly #depth: number;
  readonly #keysMax: number;
  /** When the bucket of a key is full again. Keys move from the old map to the young one. */
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  constructor({ perSecond, burst }: Rate, keysMax: number = KEYS_MAX) {
    this.#interval = 1_000 / perSecond;
    this.#depth = burst * this.#interval;
    this.#keysMax = keysMax;
  }

  /** Takes one for a key: 0, or after how many milliseconds there is one. Nothing is taken then. */
  take(key: string, now: number): number {
    const fullAt = Math.max(this.#young.get(key) ?? this.#old.get(key) ?? 0, now);
    const next = fullAt + this.#interval;
    const early = next - this.#depth - now;
    if (early > 0) return early;
    if (this.#young.size >= this.#keysMax / 2 && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, next);
    return 0;
  }

  /** Fills the bucket of a key. */
  forget(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  get keys(): number {
    return this.#young.size + this.#old.size;
  }
}
