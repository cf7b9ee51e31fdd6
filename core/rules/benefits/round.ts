import { type Rounding, roundRatio } from '../../money/rounding.ts';
import type { RoundBenefit } from '../benefit.ts';
import { word } from '../shape/scalars.ts';
import { required } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';
import { type MoneyRules, type Portion, withUnitPrice } from './portion.ts';

/** `round`: a price to a rounder one. It may rise, but never above the price before discounts. */

interface Grid {
  /** In minor units. */
  readonly step: number;
  readonly rounding: Rounding;
}

function gridOf(to: RoundBenefit['to'], major: number): Grid {
  switch (to) {
    case 'integer':
      return { step: major, rounding: 'half-up' };
    case 'half':
      return { step: Math.max(1, major / 2), rounding: 'half-up' };
    case 'floor':
      return { step: major, rounding: 'floor' };
    case 'tens':
      return { step: 10 * major, rounding: 'floor' };
    case 'nearest-ten':
      return { step: 10 * major, rounding: 'half-up' };
  }
}

/** How far one amount falls when it is rounded; negative when it rises. */
export function fallByRounding(total: number, to: RoundBenefit['to'], rules: MoneyRules): number {
  const { step, rounding } = gridOf(to, rules.major);
  return total - step * roundRatio({ a: total, b: 1, c: 1, d: step, e: 1 }, rounding);
}

/** How far a line falls when the price of its selected units is rounded. */
export function fallByUnitRounding(
  portion: Portion,
  to: RoundBenefit['to'],
  rules: MoneyRules,
): number {
  const { step, rounding } = gridOf(to, rules.major);
  const ratio = { a: portion.net, b: 1000, c: 1, d: portion.quantity, e: step };
  const unitPrice = step * roundRatio(ratio, rounding);
  return portion.net - withUnitPrice(portion, unitPrice, rules.rounding);
}

export const round = defineBenefit({
  kind: 'round',
  summary: 'rounds the price',
  plain: 'to',
  fields: {
    to: required(
      word(['integer', 'half', 'floor', 'tens', 'nearest-ten']),
      'nearest whole, nearest half, whole down, tens down, nearest ten',
    ),
  },
  normal: ({ to }, base) => ({ ...base, kind: 'round', to }),
  describe: ({ to }) => `to ${to}`,
});
