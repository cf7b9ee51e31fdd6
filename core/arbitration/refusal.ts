import type { NormalPointType, NormalRuleSet } from '../rules/normal.ts';
import { resolveMoment } from '../time/moment.ts';
import type { ArbitrationInput, Refusal } from './decision.ts';

/** Why a checkout cannot be decided at all: only a wish to pay with points can ask too much. */
export function refusalOf(rules: NormalRuleSet, input: ArbitrationInput): Refusal | undefined {
  const { pay } = input.checkout;
  if (pay === undefined) return undefined;
  const type = rules.pointTypes.find((one) => one.id === pay.type);
  if (type === undefined || type.state === 'draft') {
    return { reason: 'unknown-point-type', path: '/pay/points' };
  }
  if (type.kind === 'qualification') {
    return { reason: 'points-not-spendable', path: '/pay/points' };
  }
  if (input.member === undefined) return { reason: 'member-required', path: '/pay' };
  if (isOver(type, rules, input)) {
    return { reason: 'point-type-deactivated', path: '/pay/points' };
  }
  const steps = stepsOf(pay.amount, type.precision);
  if (steps === undefined) return { reason: 'too-many-decimals', path: '/pay/amount' };
  const short = steps > (input.member.points.get(type.id) ?? 0);
  if (short && rules.settings.shortBalance === 'reject') {
    return { reason: 'insufficient-points', path: '/pay/amount' };
  }
  return undefined;
}

/** Whether the type was switched off before the purchase. */
function isOver(
  { deactivateAt }: NormalPointType,
  { programme }: NormalRuleSet,
  { at }: ArbitrationInput,
): boolean {
  return deactivateAt !== undefined && at >= resolveMoment(deactivateAt, programme.zone, 'start');
}

/** Points as written, in steps of their type; `undefined` when they are finer than that. */
export function stepsOf(amount: number, precision: number): number | undefined {
  const steps = Math.round(amount * 10 ** precision);
  if (!Number.isSafeInteger(steps)) return undefined;
  return Math.abs(steps / 10 ** precision - amount) < 1e-9 ? steps : undefined;
}
