import { mulDiv } from '../../money/rounding.ts';
import { MILLION, type Millionths } from '../normal.ts';
import type { MoneyRules } from './portion.ts';

/** `multiply-points`: what is added to points that other promotions granted. */
export function extraPoints(points: number, factor: Millionths, rules: MoneyRules): number {
  return mulDiv(points, factor - MILLION, MILLION, rules.pointsRounding);
}
