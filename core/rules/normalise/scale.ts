import { must } from '../../assert.ts';
import { type Points, points } from '../../money/units.ts';
import type { Ratio } from '../normal.ts';
import { type Decimal, scaled } from '../shape/decimal.ts';
import { DEFAULT_POINT_TYPE } from '../validate/names.ts';
import type { ValidRuleSet } from '../validate.ts';

/** Point types as amounts need them: precision, and which one is meant when none is named. */
export interface Scales {
  readonly precisionOf: (type: string) => number;
  /** The first standard type. */
  readonly defaultType: string;
  /** Decimal places of the currency. */
  readonly exponent: number;
}

export function scalesOf({ document }: ValidRuleSet): Scales {
  const precisions = new Map(document.pointTypes.map(({ id, precision }) => [id, precision]));
  const standard = document.pointTypes.find((type) => type.kind === 'standard');
  return {
    precisionOf: (type) => precisions.get(type) ?? 0,
    defaultType: standard?.id ?? DEFAULT_POINT_TYPE,
    exponent: document.program?.currency.exponent ?? 2,
  };
}

/** An amount of points in steps of its type. */
export function steps(amount: Decimal, precision: number): Points {
  return points(must(scaled(amount, precision), 'validate checked the places of every amount'));
}

/** The reduced fraction; exact whatever the size of its parts. */
export function ratio(numerator: bigint, denominator: bigint): Ratio {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = a === 0n ? 1n : a;
  return {
    numerator: Number(numerator / divisor),
    denominator: Number(denominator / divisor),
  };
}
