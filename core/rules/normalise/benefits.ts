import { must } from '../../assert.ts';
import { minorUnits } from '../../money/units.ts';
import type {
  Benefit,
  BenefitBase,
  DiscountBenefit,
  PayWithPointsBenefit,
  PointsBenefit,
  PriceBenefit,
} from '../benefit.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { ArgumentsOf } from '../document/benefit-arguments.ts';
import type { DocumentLines } from '../document/lines.ts';
import { MILLION } from '../normal.ts';
import { parseTemplate } from '../template.ts';
import type { ConditionContext } from './conditions.ts';
import { normalLines } from './lines.ts';
import { ratio, type Scales, steps } from './scale.ts';

export interface BenefitContext extends ConditionContext {
  /** The promotion's own scope, which every benefit starts from. */
  readonly promotionLines: DocumentLines | undefined;
  /** Template variables that the rule set itself knows. */
  readonly constants: Readonly<Record<string, string>>;
  /** What the point type says about top-ups. */
  readonly topUpOf: (type: string) => number | undefined;
}

/** Fills in the defaults of a benefit and brings every amount to its unit. */
export function normalBenefit(benefit: DocumentBenefit, context: BenefitContext): Benefit {
  const { scales } = context;
  const { common } = benefit;
  const base: BenefitBase = {
    target: common.target,
    lines: normalLines([context.promotionLines, common.lines], context),
    timesBundles: common.times === 'bundles',
  };
  switch (benefit.kind) {
    case 'discount':
      return { ...base, kind: 'discount', value: discountValue(benefit.arguments, base.target) };
    case 'price':
      return { ...base, kind: 'price', ...priceOf(benefit.arguments) };
    case 'round':
      return { ...base, kind: 'round', to: benefit.arguments.to };
    case 'pay-with-points':
      return { ...base, kind: 'pay-with-points', ...paymentOf(benefit.arguments, scales) };
    case 'points':
      return { ...base, kind: 'points', ...pointsOf(benefit.arguments, scales) };
    case 'multiply-points':
      return { ...base, kind: 'multiply-points', ...benefit.arguments };
    case 'partner-discount':
      return { ...base, kind: 'partner-discount', ...benefit.arguments };
    case 'text':
      return {
        ...base,
        kind: 'text',
        template: parseTemplate(benefit.arguments.template, context.constants),
      };
    case 'issue-code': {
      const { pool, message } = benefit.arguments;
      return {
        ...base,
        kind: 'issue-code',
        pool,
        message: parseTemplate(message, context.constants),
      };
    }
    case 'top-up':
      return { ...base, kind: 'top-up', ...topUpOf(benefit.arguments, context) };
  }
}

function discountValue(
  given: ArgumentsOf<'discount'>,
  target: BenefitBase['target'],
): DiscountBenefit['value'] {
  if (given.percent !== undefined) return { by: 'percent', percent: given.percent };
  const per = given.per ?? (target === 'lines' ? 'subtotal' : 'split-amount');
  return { by: 'amount', amount: must(given.amount, 'decode found an amount'), per };
}

function priceOf(given: ArgumentsOf<'price'>): Pick<PriceBenefit, 'value' | 'allowIncrease'> {
  const { allowIncrease, amount, field } = given;
  if (amount !== undefined) return { allowIncrease, value: { by: 'amount', amount } };
  const value = {
    by: 'field',
    field: must(field, 'decode found a field'),
    factor: given.factor ?? MILLION,
    plus: minorUnits(given.plus ?? 0),
  } as const;
  return { allowIncrease, value };
}

function paymentOf(
  given: ArgumentsOf<'pay-with-points'>,
  scales: Scales,
): Pick<PayWithPointsBenefit, 'type' | 'value' | 'asDiscount'> {
  const type = given.type ?? scales.defaultType;
  const asDiscount = given.as === 'discount';
  const { percent, amount } = given;
  if (percent !== undefined) return { type, asDiscount, value: { by: 'percent', percent } };
  if (amount !== undefined) return { type, asDiscount, value: { by: 'amount', amount } };
  const points = steps(must(given.points, 'decode found points'), scales.precisionOf(type));
  return { type, asDiscount, value: { by: 'points', points } };
}

function pointsOf(
  given: ArgumentsOf<'points'>,
  scales: Scales,
): Pick<PointsBenefit, 'type' | 'value' | 'credit'> {
  const type = given.type ?? scales.defaultType;
  return { type, credit: given.credit, value: pointsValue(given, type, scales) };
}

function pointsValue(
  given: ArgumentsOf<'points'>,
  type: string,
  scales: Scales,
): PointsBenefit['value'] {
  const precision = scales.precisionOf(type);
  const { fixed, rate, every, field, range } = given;
  if (fixed !== undefined) return { by: 'fixed', points: steps(fixed, precision) };
  if (rate !== undefined) {
    // Millionths of a point a major unit, as steps a minor unit.
    const numerator = BigInt(rate) * 10n ** BigInt(precision);
    const denominator = BigInt(MILLION) * 10n ** BigInt(scales.exponent);
    return { by: 'rate', rate: ratio(numerator, denominator) };
  }
  if (every !== undefined) {
    const { spend, continuous } = every;
    return { by: 'every', spend, points: steps(every.points, precision), continuous };
  }
  if (range !== undefined) {
    return { by: 'range', from: steps(range.from, precision), to: steps(range.to, precision) };
  }
  return { by: 'field', field: must(field, 'decode found a field') };
}

function topUpOf(given: ArgumentsOf<'top-up'>, context: BenefitContext) {
  const type = given.type ?? context.scales.defaultType;
  const precision = context.scales.precisionOf(type);
  if (given.at !== undefined) return { type, at: steps(given.at, precision) };
  const declared = context.topUpOf(type);
  return { type, at: steps({ digits: declared ?? 10 ** precision, places: precision }, precision) };
}
