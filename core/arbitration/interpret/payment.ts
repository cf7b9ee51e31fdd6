import { prorate, prorateWithin } from '../../money/prorate.ts';
import { minorUnits, points } from '../../money/units.ts';
import type { PayWithPointsBenefit } from '../../rules/benefit.ts';
import { percentOffTotal } from '../../rules/benefits/discount.ts';
import { moneyForPoints, pointsForMoney } from '../../rules/benefits/pay-with-points.ts';
import { moneyOf } from '../../rules/benefits/portion.ts';
import type { Redemption } from '../decision.ts';
import { stepsOf } from '../refusal.ts';
import { withinAcceptance } from './acceptance.ts';
import { type Case, isInactive, pointTypeOf } from './case.ts';
import { acceptedOf, leftOfType } from './payment-limits.ts';
import { type Effect, type State, sum } from './state.ts';
import type { PaymentLimit } from './trace-limits.ts';

/** Points that pay. Payment is no discount: it counts against no cap and no floor. */
export interface Payments {
  readonly list: readonly Redemption[];
  /** What points paid of each line. */
  readonly paid: readonly number[];
}

/** Discounts in points first, as they stand; then the member's own wish; then promotions. */
export function pay(at: Case, state: State): Payments {
  const discounts = state.effects.flatMap((effect) => discountInPoints(at, effect));
  const start: Payments = { list: discounts, paid: at.lines.map(() => 0) };
  const wished = payWish(at, state, start);
  return state.effects.reduce((soFar, effect) => {
    const { benefit } = effect;
    if (benefit.kind !== 'pay-with-points' || benefit.asDiscount) return soFar;
    return payByPromotion(at, state, { soFar, effect, benefit });
  }, wished);
}

function discountInPoints(
  at: Case,
  { promotion, benefit, applied }: Effect,
): readonly Redemption[] {
  if (benefit.kind !== 'pay-with-points' || !benefit.asDiscount) return [];
  const amountShares = applied.slice(0, -1);
  const amount = sum(amountShares);
  if (amount === 0) return [];
  const wanted = { promotion: promotion.id, type: benefit.type, asDiscount: true, amountShares };
  return [redemption(at, wanted)];
}

type Paying = Pick<Redemption, 'promotion' | 'type' | 'asDiscount'> & {
  readonly amountShares: readonly number[];
};

function redemption(at: Case, what: Paying): Redemption {
  const one = charge(at, what);
  const of = `points of ${what.promotion ?? 'the wish'}`;
  at.trace?.split({ of, total: one.points, weights: what.amountShares }, at.money.residual);
  return one;
}

/** The points that pay for amounts. */
function charge(at: Case, what: Paying): Redemption {
  const amount = sum(what.amountShares);
  const charged = pointsForMoney(amount, pointTypeOf(at, what.type));
  return {
    promotion: what.promotion,
    type: what.type,
    points: points(charged),
    amount: minorUnits(amount),
    asDiscount: what.asDiscount,
    pointShares: prorate(charged, what.amountShares, at.money.residual).map(points),
    amountShares: what.amountShares.map(minorUnits),
  };
}

/** Points of a type that neither discounts nor payments so far have taken. */
function pointsLeft(at: Case, type: string, soFar: Payments): number {
  const balance = at.input.member?.points.get(type) ?? 0;
  const taken = sum(soFar.list.filter((one) => one.type === type).map((one) => one.points));
  return Math.max(0, balance - taken);
}

function payWish(at: Case, state: State, soFar: Payments): Payments {
  const { pay: wish } = at.input.checkout;
  if (wish === undefined) return soFar;
  const type = pointTypeOf(at, wish.type);
  if (isInactive(at, type)) return soFar;
  const wanted = stepsOf(wish.amount, type.precision) ?? 0;
  const left = pointsLeft(at, wish.type, soFar);
  if (left < wanted && at.rules.settings.shortBalance !== 'partial') return soFar;
  const amount = moneyForPoints(Math.min(wanted, left), type);
  const limit = { kind: 'balance', type: wish.type } as const;
  const before = [moneyForPoints(wanted, type)];
  at.trace?.paymentCut({ promotion: undefined, limit, before, after: [amount] });
  const open = openAmounts(at, state, soFar);
  const payment = { promotion: undefined, type: wish.type, amount, open };
  return paidBy(at, { state, soFar }, payment);
}

/** What of each line is still to be paid. */
function openAmounts({ lines }: Case, { net }: State, { paid }: Payments): readonly number[] {
  return lines.map((_, slot) => (net[slot] ?? 0) - (paid[slot] ?? 0));
}

function payByPromotion(
  at: Case,
  state: State,
  { soFar, effect, benefit }: { soFar: Payments; effect: Effect; benefit: PayWithPointsBenefit },
): Payments {
  if (benefit.target === 'delivery') return soFar;
  const open = openAmounts(at, state, soFar).map((net, slot) => {
    const units = effect.units[slot] ?? 0;
    const quantity = at.lines[slot]?.quantity ?? 1;
    return units === 0 ? 0 : moneyOf({ net, units, quantity });
  });
  const type = pointTypeOf(at, benefit.type);
  const wanted = Math.min(sum(open), wantedBy(benefit, { effect, open, at }));
  const left = moneyForPoints(pointsLeft(at, benefit.type, soFar), type);
  if (left < wanted && at.rules.settings.shortBalance !== 'partial') return soFar;
  const amount = Math.min(wanted, left);
  const { id: promotion } = effect.promotion;
  const limit = { kind: 'balance', type: benefit.type } as const;
  at.trace?.paymentCut({ promotion, limit, before: [wanted], after: [amount] });
  const payment = { promotion, type: benefit.type, amount, open };
  return paidBy(at, { state, soFar }, payment);
}

function wantedBy(
  { value, type, timesBundles }: PayWithPointsBenefit,
  { effect, open, at }: { effect: Effect; open: readonly number[]; at: Case },
): number {
  const times = timesBundles ? effect.bundles : 1;
  switch (value.by) {
    case 'percent':
      return percentOffTotal(sum(open), value.percent, at.money);
    case 'amount':
      return value.amount * times;
    case 'points':
      return moneyForPoints(value.points * times, pointTypeOf(at, type));
  }
}

interface Payment {
  readonly promotion: string | undefined;
  readonly type: string;
  readonly amount: number;
  /** What each line has open for it: the amount goes by these. */
  readonly open: readonly number[];
}

function paidBy(
  at: Case,
  { state, soFar }: { readonly state: State; readonly soFar: Payments },
  { promotion, type, amount, open }: Payment,
): Payments {
  const total = Math.min(amount, leftOfType(at, pointTypeOf(at, type), { state, soFar }));
  const capacities = acceptedOf(at, state, { open, paid: soFar.paid, type });
  const weights = open;
  const redeem = (room: readonly number[]): Redemption => {
    const amountShares = prorateWithin({ total, weights, capacities: room }, at.money.residual);
    return charge(at, { promotion, type, asDiscount: false, amountShares });
  };
  const room = withinAcceptance(at, { capacities, redeem, soFar: soFar.list });
  const cut = (kind: PaymentLimit, before: readonly number[], after: readonly number[]) =>
    at.trace?.paymentCut({ promotion, limit: { kind, type }, before, after });
  cut('type-limit', [amount], [total]);
  cut('acceptance', open, capacities);
  cut('partner-cap', capacities, room);
  const split = { total, weights, capacities: room };
  const amountShares = prorateWithin(split, at.money.residual);
  const of = `amount of ${promotion ?? 'the wish'}`;
  at.trace?.split({ of, ...split }, at.money.residual);
  if (sum(amountShares) === 0) return soFar;
  const paid = soFar.paid.map((money, slot) => money + (amountShares[slot] ?? 0));
  const one = redemption(at, { promotion, type, asDiscount: false, amountShares });
  return { list: [...soFar.list, one], paid };
}
