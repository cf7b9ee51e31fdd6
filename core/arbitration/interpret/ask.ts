import { prorate } from '../../money/prorate.ts';
import { mulDiv } from '../../money/rounding.ts';
import type { Benefit, DiscountBenefit, PayWithPointsBenefit } from '../../rules/benefit.ts';
import type { Ask } from '../../rules/benefits/bear.ts';
import { amountPerUnit, percentOff, percentOffTotal } from '../../rules/benefits/discount.ts';
import { partnerPercent } from '../../rules/benefits/partner-discount.ts';
import { moneyForPoints } from '../../rules/benefits/pay-with-points.ts';
import { moneyOf, type Portion } from '../../rules/benefits/portion.ts';
import { fallTo, newUnitPrice } from '../../rules/benefits/price.ts';
import { fallByRounding, fallByUnitRounding } from '../../rules/benefits/round.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { Selection } from '../language.ts';
import { type Case, pointTypeOf } from './case.ts';
import { sum } from './state.ts';

/** What a benefit acts on: some units of the lines, at present prices. */
export interface Basket {
  readonly at: Case;
  /** The present price of each slot. */
  readonly net: readonly number[];
  readonly selection: Selection;
}

/** What a benefit would like to take off, slot by slot, before anybody asks what can be borne. */
export function askOf(benefit: Benefit, basket: Basket): Ask {
  switch (benefit.target) {
    case 'lines':
      return ofLines(benefit, basket);
    case 'order':
      return ofOrder(benefit, basket);
    case 'delivery':
      return ofDelivery(benefit, basket);
  }
}

/** The selected part of a line; `undefined` when nothing of it is selected. */
export function portionOf(slot: number, { at, net, selection }: Basket): Portion | undefined {
  const units = selection.units[slot] ?? 0;
  const quantity = at.lines[slot]?.quantity ?? 0;
  return units > 0 ? { net: net[slot] ?? 0, units, quantity } : undefined;
}

/** Selected money of each slot; nothing for delivery. */
export function weightsOf(basket: Basket): number[] {
  return basket.net.map((_, slot) => {
    const portion = portionOf(slot, basket);
    return portion === undefined ? 0 : moneyOf(portion);
  });
}

function ofLines(benefit: Benefit, basket: Basket): Ask {
  const split = splitOver(benefit, basket);
  if (split !== undefined) return split;
  const requested = basket.net.map((_, slot) => {
    const portion = portionOf(slot, basket);
    const line = basket.at.lines[slot];
    return portion === undefined || line === undefined
      ? 0
      : lineAsk(benefit, portion, { line, basket });
  });
  return { requested, weights: requested };
}

/** What one line is asked for by a benefit that looks at each line by itself. */
function lineAsk(
  benefit: Benefit,
  portion: Portion,
  { line, basket }: { line: OrderLine; basket: Basket },
): number {
  const { money } = basket.at;
  switch (benefit.kind) {
    case 'discount':
      return lineDiscount(benefit, portion, basket);
    case 'pay-with-points':
      return benefit.value.by === 'percent' ? percentOff(portion, benefit.value.percent, money) : 0;
    case 'partner-discount': {
      const percent = partnerPercentOf(benefit.partner, line, basket.at);
      return percent === undefined ? 0 : percentOff(portion, percent, money);
    }
    case 'price': {
      const { value } = benefit;
      const field = value.by === 'field' ? line.fields.get(value.field) : undefined;
      const unitPrice = newUnitPrice(value, field, money);
      if (unitPrice === undefined) return 0;
      const fall = fallTo(portion, unitPrice, money);
      return fall < 0 && !benefit.allowIncrease ? 0 : fall;
    }
    case 'round': {
      const room = line.gross - portion.net;
      return Math.max(fallByUnitRounding(portion, benefit.to, money), -room);
    }
    default:
      return 0;
  }
}

function lineDiscount(
  benefit: DiscountBenefit,
  portion: Portion,
  { at, selection }: Basket,
): number {
  const { value } = benefit;
  if (value.by === 'percent') return percentOff(portion, value.percent, at.money);
  const amount = value.amount * timesOf(benefit, selection);
  return value.per === 'unit' ? amountPerUnit(portion, amount, at.money) : amount;
}

/** How often a benefit counts. */
export function timesOf(benefit: Benefit, selection: Selection): number {
  return benefit.timesBundles ? selection.bundles : 1;
}

/** The terms of the partner that a line or the checkout belongs to, once they are in force. */
export function partnerPercentOf(
  named: string | undefined,
  line: OrderLine,
  at: Case,
): number | undefined {
  const id = named ?? line.partner ?? at.place.partner;
  const partner = id === undefined ? undefined : at.partners.get(id);
  if (partner === undefined) return undefined;
  const { since } = partner;
  if (since !== undefined && at.input.at < at.language.resolve(since, at.place.zone, 'start')) {
    return undefined;
  }
  return partnerPercent(partner, line);
}

/** Amounts that are one sum for all lines: split by money or by units. */
function splitOver(benefit: Benefit, basket: Basket): Ask | undefined {
  if (benefit.kind === 'pay-with-points') return splitPayment(benefit, basket);
  if (benefit.kind !== 'discount' || benefit.value.by !== 'amount') return undefined;
  const { amount, per } = benefit.value;
  const byUnits = per === 'split-quantity';
  if (!byUnits && per !== 'split-amount') return undefined;
  const weights = byUnits ? unitWeights(basket) : weightsOf(basket);
  return splitByWeights(amount * timesOf(benefit, basket.selection), weights, basket);
}

function unitWeights({ net, selection }: Basket): number[] {
  return net.map((_, slot) => selection.units[slot] ?? 0);
}

function splitPayment(benefit: PayWithPointsBenefit, basket: Basket): Ask | undefined {
  const { value } = benefit;
  if (value.by === 'percent') return undefined;
  const type = pointTypeOf(basket.at, benefit.type);
  const amount = value.by === 'points' ? moneyForPoints(value.points, type) : value.amount;
  return splitByWeights(amount * timesOf(benefit, basket.selection), weightsOf(basket), basket);
}

/** Splits a total over the selected slots only. */
function splitByWeights(total: number, weights: readonly number[], basket: Basket): Ask {
  const selected = weights.flatMap((_, slot) =>
    (basket.selection.units[slot] ?? 0) > 0 ? [slot] : [],
  );
  const requested = weights.map(() => 0);
  if (selected.length === 0) return { requested, weights };
  const shares = prorate(
    total,
    selected.map((slot) => weights[slot] ?? 0),
    basket.at.money.residual,
  );
  selected.forEach((slot, index) => {
    requested[slot] = shares[index] ?? 0;
  });
  return { requested, weights };
}

/** Order-level: one rounding of the total, then a split by money. */
function ofOrder(benefit: Benefit, basket: Basket): Ask {
  const split = splitOver(benefit, basket);
  if (split !== undefined) return split;
  const weights = weightsOf(basket);
  const total = sum(weights);
  return splitByWeights(orderAsk(benefit, total, basket), weights, basket);
}

function orderAsk(benefit: Benefit, total: number, { at, selection }: Basket): number {
  switch (benefit.kind) {
    case 'discount': {
      const { value } = benefit;
      if (value.by === 'percent') return percentOffTotal(total, value.percent, at.money);
      const amount = value.amount * timesOf(benefit, selection);
      return value.per === 'unit' ? mulDiv(amount, sum(selection.units), 1000, 'half-up') : amount;
    }
    case 'pay-with-points':
      return benefit.value.by === 'percent'
        ? percentOffTotal(total, benefit.value.percent, at.money)
        : 0;
    case 'price': {
      const fall = benefit.value.by === 'amount' ? total - benefit.value.amount : 0;
      return fall < 0 && !benefit.allowIncrease ? 0 : fall;
    }
    default:
      return 0;
  }
}

function ofDelivery(benefit: Benefit, { at, net, selection }: Basket): Ask {
  const slot = net.length - 1;
  const price = net[slot] ?? 0;
  const ask = deliveryAsk(benefit, price, { at, times: timesOf(benefit, selection) });
  const requested = net.map((_, index) => (index === slot ? ask : 0));
  return { requested, weights: requested };
}

function deliveryAsk(
  benefit: Benefit,
  price: number,
  { at, times }: { at: Case; times: number },
): number {
  switch (benefit.kind) {
    case 'discount': {
      const { value } = benefit;
      if (value.by === 'percent') return percentOffTotal(price, value.percent, at.money);
      return value.amount * times;
    }
    case 'price': {
      const fall = benefit.value.by === 'amount' ? price - benefit.value.amount : 0;
      return fall < 0 && !benefit.allowIncrease ? 0 : fall;
    }
    case 'round':
      return Math.max(
        fallByRounding(price, benefit.to, at.money),
        price - at.input.checkout.delivery,
      );
    default:
      return 0;
  }
}
