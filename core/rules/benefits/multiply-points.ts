import { mulDiv } from '../../money/rounding.ts';
import { MILLION, type Millionths } from '../normal.ts';
import { factor, id } from '../shape/scalars.ts';
import { optional, required } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';
import type { MoneyRules } from './portion.ts';

/** `multiply-points`: what is added to points that other promotions granted. */
export function extraPoints(points: number, factor: Millionths, rules: MoneyRules): number {
  return mulDiv(points, factor - MILLION, MILLION, rules.pointsRounding);
}

export const multiplyPoints = defineBenefit({
  kind: 'multiply-points',
  summary: 'multiplies the points of others',
  plain: 'factor',
  fields: {
    factor: required(factor, 'what other promotions accrue, times this'),
    type: optional(id, 'only of this point type'),
  },
  normal: (given, base) => ({ ...base, kind: 'multiply-points', ...given }),
  describe: (benefit) =>
    `× ${benefit.factor / MILLION}${benefit.type === undefined ? '' : ` ${benefit.type}`}`,
});
