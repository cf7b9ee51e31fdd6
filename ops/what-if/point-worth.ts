import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { points } from '../../core/money/units.ts';

/** What points are worth, and how many steps make one. */
export interface PointWorth {
  /** Minor units; negative for what is taken away. */
  readonly worthOf: (type: string, points: number) => number;
  readonly scaleOf: (type: string) => number;
}

/** Points are worth what the candidate says, before and after, so that only counts differ. */
export function worthBy({ pointTypes }: ArbitrationTree): PointWorth {
  return {
    worthOf: (type, amount) => {
      const known = pointTypes.get(type);
      if (!known) return 0;
      return Math.sign(amount) * known.moneyOf(points(Math.abs(amount)));
    },
    scaleOf: (type) => 10 ** (pointTypes.get(type)?.precision ?? 0),
  };
}
