import { prorate } from '../../money/prorate.ts';
import { mulDiv } from '../../money/rounding.ts';
import type { Benefit } from '../../rules/benefit.ts';
import { moneyForPoints } from '../../rules/benefits/pay-with-points.ts';
import { pointsFromField } from '../../rules/benefits/points.ts';
import { MILLION } from '../../rules/normal.ts';
import { type Basket, timesOf, weightsOf } from './asks/basket.ts';
import { pointTypeOf } from './case.ts';
import { pointsOn } from './points.ts';
import { type State, sum } from './state.ts';

/**
 * What granted points would be worth at present prices. Only arbitration compares by it; the
 * points themselves are computed once the prices are final. Granting any points at all is worth
 * at least a little, so that a promotion of few points is not taken for one without effect.
 */
export function worthOf(benefit: Benefit, basket: Basket, state: State): readonly number[] {
  const none = state.net.map(() => 0);
  if (benefit.kind !== 'points') return none;
  const points = pointsAtPresent(benefit, basket);
  if (points <= 0) return none;
  const type = pointTypeOf(basket.at, benefit.type);
  const worth = moneyForPoints(points, type);
  const counted = type.weight === undefined ? worth : mulDiv(worth, type.weight, MILLION, 'floor');
  const money = Math.max(1, counted);
  const weights = baseOf(benefit, basket);
  return prorate(money, weights, 'largest-remainder');
}

/** The money that points are counted on: selected lines, with or without delivery. */
export function baseOf(benefit: Benefit, basket: Basket): readonly number[] {
  const goods = weightsOf(basket);
  const delivery = goods.length - 1;
  if (benefit.target === 'lines') return goods;
  const price = basket.net[delivery] ?? 0;
  if (benefit.target === 'order')
    return goods.map((money, slot) => (slot === delivery ? price : money));
  return goods.map((_, slot) => (slot === delivery ? price : 0));
}

/** Points of a benefit on a basket. */
export function pointsAtPresent(
  benefit: Extract<Benefit, { kind: 'points' }>,
  basket: Basket,
): number {
  const { at, selection } = basket;
  const times = timesOf(benefit, selection);
  const { value } = benefit;
  if (value.by !== 'field') {
    return pointsOn(sum(baseOf(benefit, basket)), benefit, at) * times;
  }
  const step = 10 ** pointTypeOf(at, benefit.type).precision;
  const each = at.lines.map((line, slot) =>
    pointsFromField(line.fields.get(value.field), selection.units[slot] ?? 0, {
      ...at.money,
      step,
    }),
  );
  return sum(each) * times;
}
