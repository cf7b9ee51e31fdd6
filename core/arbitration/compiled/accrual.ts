import { prorate } from '../../money/prorate.ts';
import { points } from '../../money/units.ts';
import type { MultiplyPointsBenefit, PointsBenefit } from '../../rules/benefit.ts';
import { extraPoints } from '../../rules/benefits/multiply-points.ts';
import { moneyOf } from '../../rules/benefits/portion.ts';
import type { Accrual } from '../decision.ts';
import {
  creditOf,
  type Grant,
  grant as grantByField,
  isMultiplied,
  merge,
  toAccrual,
} from '../interpret/accrual.ts';
import { isInactive, pointTypeOf } from '../interpret/case.ts';
import type { Payments } from '../interpret/payment.ts';
import { pointsOn } from '../interpret/points.ts';
import type { Effect, State } from '../interpret/state.ts';
import type { Session } from './session.ts';

/** Points granted by this checkout: what `accrue` of the interpreter says, slot by slot. */
export function accruedBy(session: Session, state: State, payments: Payments): readonly Accrual[] {
  const paid = state.net.slice();
  for (let slot = 0; slot < paid.length; slot += 1) {
    const byPoints = payments.paid[slot] ?? 0;
    if (byPoints !== 0) paid[slot] = (paid[slot] ?? 0) - byPoints;
  }
  const grants: Grant[] = [];
  for (const effect of state.effects) {
    const { benefit } = effect;
    if (benefit.kind !== 'points') continue;
    const granted = grant(session, effect, { benefit, paid });
    if (granted !== undefined) grants.push(granted);
  }
  for (const effect of state.effects) {
    const { benefit } = effect;
    if (benefit.kind === 'multiply-points') multiply(session, effect, { benefit, grants });
  }
  const accruals: Accrual[] = [];
  for (const one of areApart(grants) ? grants : merge(grants)) {
    addAccrual(accruals, session, one);
  }
  return accruals;
}

function grant(
  { at }: Session,
  effect: Effect,
  { benefit, paid }: { benefit: PointsBenefit; paid: readonly number[] },
): Grant | undefined {
  if (benefit.value.by === 'field') return grantByField(at, effect, { benefit, paid })[0];
  const bases = partsOf(at.lines, effect, paid);
  let base = 0;
  for (const money of bases) base += money;
  const times = benefit.timesBundles ? effect.bundles : 1;
  const requested = pointsOn(base, benefit, at) * times;
  if (requested <= 0) return undefined;
  const weights = base > 0 ? bases : unitsOf(effect, bases.length);
  const shares = prorate(requested, weights, at.money.residual);
  const credit = creditOf(at, benefit.credit);
  return { effect, type: benefit.type, credit, requested, shares, multiplied: false };
}

/** Of an amount in each slot, the part that a benefit acts on. */
function partsOf(
  lines: Session['at']['lines'],
  { benefit, units }: Effect,
  amounts: readonly number[],
): readonly number[] {
  const parts: number[] = [];
  for (let slot = 0; slot < lines.length; slot += 1) {
    const selected = benefit.target === 'delivery' ? 0 : (units[slot] ?? 0);
    const quantity = lines[slot]?.quantity ?? 0;
    const net = amounts[slot] ?? 0;
    const isWhole = selected === quantity && selected !== 0;
    if (isWhole) parts.push(net);
    else parts.push(selected === 0 ? 0 : moneyOf({ net, units: selected, quantity }));
  }
  parts.push(benefit.target === 'lines' ? 0 : (amounts[lines.length] ?? 0));
  return parts;
}

/** Where nothing was paid, points that do not depend on money go by units. */
function unitsOf({ units }: Effect, slots: number): readonly number[] {
  const weights: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) weights.push(units[slot] ?? 0);
  return weights;
}

/** Adds what a multiplier makes of each grant so far, on its lines. */
function multiply(
  { at, plan }: Session,
  effect: Effect,
  { benefit, grants }: { benefit: MultiplyPointsBenefit; grants: Grant[] },
): void {
  const addsUp = plan.promotions[effect.promotion.position]?.groups.at(-1)?.mode === 'sum';
  const until = grants.length;
  for (let index = 0; index < until; index += 1) {
    const one = grants[index];
    if (one === undefined || !isMultiplied(at, one, benefit) || (addsUp && one.multiplied))
      continue;
    const weights = partsOf(at.lines, effect, one.shares);
    let base = 0;
    for (const share of weights) base += share;
    const requested = extraPoints(base, benefit.factor, at.money);
    if (requested <= 0) continue;
    const shares = prorate(requested, weights, at.money.residual);
    grants.push({
      effect,
      type: one.type,
      credit: one.credit,
      requested,
      shares,
      multiplied: true,
    });
  }
}

/** Whether no promotion grants points of the same type twice: then nothing has to be merged. */
function areApart(grants: readonly Grant[]): boolean {
  for (let one = 1; one < grants.length; one += 1) {
    for (let two = 0; two < one; two += 1) {
      const [a, b] = [grants[one], grants[two]];
      if (a?.effect.promotion === b?.effect.promotion && a?.type === b?.type) return false;
    }
  }
  return true;
}

function addAccrual(accruals: Accrual[], session: Session, one: Grant): void {
  const { at } = session;
  const { promotion, benefit } = one.effect;
  const lines = at.lines.length;
  const planned = session.plan.promotions[promotion.position];
  const budget = planned && session.bodyOf(planned).body.limits.budget;
  const isPlain = budget?.points === undefined && (one.shares[lines] ?? 0) === 0;
  if (!isPlain) {
    for (const accrual of toAccrual(at, one)) accruals.push(accrual);
    return;
  }
  if (isInactive(at, pointTypeOf(at, one.type))) return;
  const shares = [];
  for (let slot = 0; slot < lines; slot += 1) shares.push(points(one.shares[slot] ?? 0));
  accruals.push({
    promotion: promotion.id,
    benefit: benefit.kind,
    type: one.type,
    requested: points(one.requested),
    points: points(one.requested),
    credit: one.credit,
    shares,
    issuer: promotion.type === 'partner-offer' ? at.place.partner : undefined,
  });
}
