import { moneyForPoints, pointsForMoney } from '../../rules/benefits/pay-with-points.ts';
import { type Case, pointTypeOf } from './case.ts';
import { type State, sum } from './state.ts';

/** Points of a type that earlier discounts in points took on the way here. */
export function pointsTaken(type: string, { effects }: State, at: Case): number {
  const pointType = pointTypeOf(at, type);
  return sum(
    effects.map(({ benefit, applied }) =>
      benefit.kind === 'pay-with-points' && benefit.asDiscount && benefit.type === type
        ? pointsForMoney(sum(applied), pointType)
        : 0,
    ),
  );
}

/** What the member's points of a type can still pay for. */
export function moneyLeft(type: string, state: State, at: Case): number {
  const balance = at.input.member?.points.get(type) ?? 0;
  const left = Math.max(0, balance - pointsTaken(type, state, at));
  return moneyForPoints(left, pointTypeOf(at, type));
}
