import type { PointsBenefit } from '../../rules/benefit.ts';
import { moneyForPoints, pointsForMoney } from '../../rules/benefits/pay-with-points.ts';
import { pointsFor } from '../../rules/benefits/points.ts';
import { stepsOf } from '../refusal.ts';
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

/** Points for a base of money, or those that the sender of an event chose. */
export function pointsOn(base: number, { value, type }: PointsBenefit, at: Case): number {
  const chosen = value.by === 'range' ? chosenSteps(type, at) : undefined;
  return chosen ?? pointsFor(value, base, at.money);
}

/** Whether the sender of an event chose points that a range does not allow. */
export function isOutOfRange({ value, type }: PointsBenefit, at: Case): boolean {
  if (value.by !== 'range' || at.input.event?.points === undefined) return false;
  const steps = chosenSteps(type, at);
  return steps === undefined || steps < value.from || steps > value.to;
}

function chosenSteps(type: string, at: Case): number | undefined {
  const points = at.input.event?.points;
  return points === undefined ? undefined : stepsOf(points, pointTypeOf(at, type).precision);
}
