import { prorate } from '../../money/prorate.ts';
import { points } from '../../money/units.ts';
import type { MultiplyPointsBenefit, PointsBenefit } from '../../rules/benefit.ts';
import { extraPoints } from '../../rules/benefits/multiply-points.ts';
import { pointsFromField } from '../../rules/benefits/points.ts';
import { moneyOf } from '../../rules/benefits/portion.ts';
import type { Accrual, Credit } from '../decision.ts';
import { type Case, isInactive, pointTypeOf } from './case.ts';
import { bodyOf } from './eligibility.ts';
import { groupsAround } from './path.ts';
import type { Payments } from './payment.ts';
import { pointsOn } from './points.ts';
import { type Effect, type State, sum } from './state.ts';
import { budgetLeft } from './usage.ts';

/** Points granted by this checkout. */
export interface Accruals {
  readonly list: readonly Accrual[];
}

/** One benefit's points, slot by slot, while they are still being multiplied. */
export interface Grant {
  readonly effect: Effect;
  readonly type: string;
  readonly credit: Credit;
  readonly requested: number;
  readonly shares: readonly number[];
  readonly multiplied: boolean;
}

/** Points on what was really paid, then the multipliers, then the budgets of points. */
export function accrue(at: Case, state: State, payments: Payments): Accruals {
  const paid = state.net.map((price, slot) => price - (payments.paid[slot] ?? 0));
  const granted = state.effects.flatMap((effect) =>
    effect.benefit.kind === 'points' ? grant(at, effect, { benefit: effect.benefit, paid }) : [],
  );
  let all: readonly Grant[] = granted;
  for (const effect of state.effects) {
    if (effect.benefit.kind !== 'multiply-points') continue;
    all = all.concat(multiply(at, effect, { benefit: effect.benefit, soFar: all }));
  }
  const merged = merge(all);
  return { list: merged.flatMap((one) => toAccrual(at, one)) };
}

/** What one benefit grants, before multipliers and budgets. */
export function grant(
  at: Case,
  effect: Effect,
  { benefit, paid }: { benefit: PointsBenefit; paid: readonly number[] },
): readonly Grant[] {
  const bases = paid.map((money, slot) => baseIn(at, effect, { slot, money }));
  const times = benefit.timesBundles ? effect.bundles : 1;
  const fields = fieldPoints(at, effect, benefit);
  const own = benefit.value.by === 'field' ? sum(fields) : pointsOn(sum(bases), benefit, at);
  const requested = own * times;
  if (requested <= 0) return [];
  const weights = benefit.value.by === 'field' ? fields : weightsFor(bases, effect);
  const shares = prorate(requested, weights, at.money.residual);
  const credit = creditOf(at, benefit.credit);
  return [{ effect, type: benefit.type, credit, requested, shares, multiplied: false }];
}

/** The paid money of a slot that a benefit counts. */
function baseIn(
  at: Case,
  { benefit, units }: Effect,
  { slot, money }: { slot: number; money: number },
): number {
  const line = at.lines[slot];
  if (line === undefined) return benefit.target === 'lines' ? 0 : money;
  if (benefit.target === 'delivery') return 0;
  const selected = units[slot] ?? 0;
  return selected === 0 ? 0 : moneyOf({ net: money, units: selected, quantity: line.quantity });
}

/** Where nothing was paid, points that do not depend on money go by units. */
function weightsFor(bases: readonly number[], { units }: Effect): readonly number[] {
  return sum(bases) > 0 ? bases : bases.map((_, slot) => units[slot] ?? 0);
}

function fieldPoints(at: Case, { units }: Effect, benefit: PointsBenefit): readonly number[] {
  const { value } = benefit;
  if (value.by !== 'field') return [];
  const step = 10 ** pointTypeOf(at, benefit.type).precision;
  const each = at.lines.map((line, slot) =>
    pointsFromField(line.fields.get(value.field), units[slot] ?? 0, { ...at.money, step }),
  );
  return [...each, 0];
}

/** When granted points become spendable. */
export function creditOf(at: Case, credit: PointsBenefit['credit']): Credit {
  const { zone } = at.place;
  switch (credit.kind) {
    case 'after':
      return { kind: 'at', at: at.language.addDuration(at.input.at, credit.duration, zone) };
    case 'at':
      return { kind: 'at', at: at.language.resolve(credit.at, zone, 'start') };
    default:
      return credit;
  }
}

/** What a multiplier adds to each grant so far, on its lines. */
function multiply(
  at: Case,
  effect: Effect,
  { benefit, soFar }: { benefit: MultiplyPointsBenefit; soFar: readonly Grant[] },
): readonly Grant[] {
  const addsUp = groupsAround(at.rules, effect.promotion).at(-1)?.mode === 'sum';
  return soFar.flatMap((one) => {
    if (!isMultiplied(at, one, benefit) || (addsUp && one.multiplied)) return [];
    const weights = one.shares.map((share, slot) => multiplied(at, effect, { share, slot }));
    const requested = extraPoints(sum(weights), benefit.factor, at.money);
    if (requested <= 0) return [];
    const shares = prorate(requested, weights, at.money.residual);
    const { type, credit } = one;
    return [{ effect, type, credit, requested, shares, multiplied: true }];
  });
}

/** Whether a multiplier means a grant. */
export function isMultiplied(at: Case, { type }: Grant, benefit: MultiplyPointsBenefit): boolean {
  if (benefit.type !== undefined) return benefit.type === type;
  return pointTypeOf(at, type).kind === 'standard';
}

/** The part of a slot's points that a multiplier sees. */
function multiplied(
  at: Case,
  { benefit, units }: Effect,
  { share, slot }: { share: number; slot: number },
): number {
  const line = at.lines[slot];
  if (line === undefined) return benefit.target === 'lines' ? 0 : share;
  const selected = benefit.target === 'delivery' ? 0 : (units[slot] ?? 0);
  return selected === 0 ? 0 : moneyOf({ net: share, units: selected, quantity: line.quantity });
}

/** One promotion grants points of one type at one time once, however many benefits do it. */
export function merge(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length <= 1) return grants;
  const merged = new Map<string, Grant>();
  for (const one of grants) {
    const { credit, effect, type } = one;
    const when = credit.kind === 'at' ? String(credit.at) : credit.kind;
    const key = `${effect.promotion.position}|${type}|${when}`;
    const same = merged.get(key);
    merged.set(key, same === undefined ? one : join(same, one));
  }
  return [...merged.values()];
}

function join(one: Grant, two: Grant): Grant {
  const shares = one.shares.map((share, slot) => share + (two.shares[slot] ?? 0));
  return { ...one, requested: one.requested + two.requested, shares };
}

/** A grant as the decision tells it, within its budget; nothing when it comes to nothing. */
export function toAccrual(at: Case, one: Grant): readonly Accrual[] {
  const { effect, type, credit, requested } = one;
  const within = withinBudget(at, one);
  const granted = sum(within);
  if (granted <= 0 || isInactive(at, pointTypeOf(at, type))) return [];
  return [
    {
      promotion: effect.promotion.id,
      benefit: effect.benefit.kind,
      type,
      requested: points(requested),
      points: points(granted),
      credit,
      shares: onLines(at, within).map(points),
      issuer: effect.promotion.type === 'partner-offer' ? at.place.partner : undefined,
    },
  ];
}

/** The shares that the promotion's budget of points still covers. */
function withinBudget(at: Case, { effect, requested, shares }: Grant): readonly number[] {
  const { promotion } = effect;
  const { budget } = bodyOf(promotion, at).limits;
  if (budget?.points === undefined) return shares;
  const leftOf = (sku: string) => budgetLeft(promotion, { budget, of: 'points', sku }, at) ?? 0;
  if (!budget.perSku) {
    const left = leftOf('');
    if (left < requested && budget.partial === false) return shares.map(() => 0);
    const granted = Math.min(requested, left);
    return granted === requested ? shares : prorate(granted, shares, at.money.residual);
  }
  const left = new Map<string, number>();
  return shares.map((share, slot) => {
    const sku = at.lines[slot]?.sku;
    if (sku === undefined) return 0;
    const rest = left.get(sku) ?? leftOf(sku);
    const some = Math.min(share, rest);
    left.set(sku, rest - some);
    return some;
  });
}

/** Points for the delivery go back with the goods, so they belong to the lines. */
function onLines(at: Case, shares: readonly number[]): readonly number[] {
  const lines = shares.slice(0, -1);
  const forDelivery = shares.at(-1) ?? 0;
  if (forDelivery === 0 || lines.length === 0) return lines;
  const weights = at.lines.map((line) => line.gross);
  const extra = prorate(forDelivery, weights, at.money.residual);
  return lines.map((share, slot) => share + (extra[slot] ?? 0));
}
