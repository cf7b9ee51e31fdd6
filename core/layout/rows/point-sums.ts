import { isMembers, type Movement, type Transfer } from '../../ledger/transfer.ts';

/** One line of the points report of a record. */
export interface PointSum {
  readonly promotion: string;
  readonly unit: string;
  readonly movement: Movement;
  /** Signed: how the members' points of this unit changed. */
  points: number;
}

/**
 * Sums waiting to be written, at most. A tick may touch any number of promotions; beyond this
 * their sums are written out early, which costs rows and never changes a total.
 */
export const POINT_SUMS_MAX = 64;

/** Adds up transfers by promotion, unit and movement: one redemption may take from many lots. */
export class PointSums {
  readonly #write: (sum: PointSum) => void;
  readonly #sums: PointSum[] = [];

  constructor(write: (sum: PointSum) => void) {
    this.#write = write;
  }

  add(move: Transfer): void {
    const change = memberPointsOf(move);
    if (change === 0) return;
    for (const sum of this.#sums) {
      if (isSameLine(sum, move, change)) {
        sum.points += change;
        return;
      }
    }
    if (this.#sums.length === POINT_SUMS_MAX) this.flush();
    const { promotion, unit, movement } = move;
    this.#sums.push({ promotion, unit, movement, points: change });
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
function isSameLine(sum: PointSum, move: Transfer, change: number): boolean {
  return (
    sum.promotion === move.promotion &&
    sum.movement === move.movement &&
    sum.unit === move.unit &&
    sum.points > 0 === change > 0
  );
}

/** How a transfer changes what members own, waiting points included. */
function memberPointsOf({ from, to, points }: Transfer): number {
  return (isMembers(to) ? points : 0) - (isMembers(from) ? points : 0);
}
