import type { Movement } from '../../ledger/transfer.ts';

/** One line of the points report of a record. */
export interface PointSum<T> {
  readonly promotion: T;
  readonly unit: T;
  readonly movement: Movement;
  /** Signed: how the members' points of this unit changed. */
  points: number;
}

/**
 * Sums waiting to be written, at most. A tick may touch any number of promotions; beyond this
 * their sums are written out early, which costs rows and never changes a total.
 */
export const POINT_SUMS_MAX = 64;

/**
 * Adds up transfers by promotion, unit and movement: one redemption may take from many lots. `T`
 * is how the caller knows texts, equal ones by equal values.
 */
export class PointSums<T> {
  readonly #write: (sum: PointSum<T>) => void;
  readonly #sums: PointSum<T>[] = [];

  constructor(write: (sum: PointSum<T>) => void) {
    this.#write = write;
  }

  /** Keeps the given sum, or adds it to one of the same line. */
  add(change: PointSum<T>): void {
    if (change.points === 0) return;
    for (const sum of this.#sums) {
      if (isSameLine(sum, change)) {
        sum.points += change.points;
        return;
      }
    }
    if (this.#sums.length === POINT_SUMS_MAX) this.flush();
    this.#sums.push(change);
  }

  flush(): void {
    for (const sum of this.#sums) this.#write(sum);
    this.clear();
  }

  clear(): void {
    this.#sums.length = 0;
  }
}

/** Adjustments up and down stay apart, so that `applied` is what was moved either way. */
function isSameLine<T>(sum: PointSum<T>, change: PointSum<T>): boolean {
  return (
    sum.promotion === change.promotion &&
    sum.movement === change.movement &&
    sum.unit === change.unit &&
    sum.points > 0 === change.points > 0
  );
}
