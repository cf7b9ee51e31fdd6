import { must, unreachable } from '../../assert.ts';
import { mulDiv, roundRatio } from '../../money/rounding.ts';
import type { FieldValue } from '../../transaction/transaction.ts';
import type { PointsBenefit } from '../benefit.ts';
import { credit } from '../document/credit.ts';
import { MILLION } from '../normal.ts';
import { ratio, type Scales, steps } from '../normalise/scale.ts';
import { decimal, fixedPoint, flag, id, money } from '../shape/scalars.ts';
import { type Decoded, defaulted, optional, record, required } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';
import type { MoneyRules } from './portion.ts';

/** `points`: what a member earns, from the money that was paid or as a fixed number. */

/** Fields are decimals of at most this many places. */
const FIELD_SCALE = 1_000_000;

type Value = PointsBenefit['value'];

/** Points for a base of money. A field is per line and not meant here. */
export function pointsFor(value: Value, base: number, rules: MoneyRules): number {
  switch (value.by) {
    case 'fixed':
      return value.points;
    case 'range':
      return value.from;
    case 'rate':
      return mulDiv(base, value.rate.numerator, value.rate.denominator, rules.pointsRounding);
    case 'every':
      return value.continuous
        ? mulDiv(base, value.points, value.spend, rules.pointsRounding)
        : Math.floor(base / value.spend) * value.points;
    case 'field':
      return 0;
  }
}

/** Points that a line's own field grants for its units; nothing when it is not a number. */
export function pointsFromField(
  field: FieldValue | undefined,
  units: number,
  rules: MoneyRules & { readonly step: number },
): number {
  if (typeof field !== 'number' || !(field > 0)) return 0;
  const scaled = Math.round(field * FIELD_SCALE);
  if (!Number.isSafeInteger(scaled)) return 0;
  return roundRatio(
    { a: scaled, b: units, c: rules.step, d: FIELD_SCALE, e: 1000 },
    rules.pointsRounding,
  );
}

/** In millionths of a point. Reduced with currency and precision it stays a safe fraction. */
const rate = fixedPoint({ places: 6, min: 0, max: 1_000_000_000_000 });
const every = {
  spend: required(money, 'for every so many minor units'),
  points: required(decimal, 'so many points'),
  continuous: defaulted(flag, false, 'in proportion, not only for full steps'),
};
const range = {
  from: required(decimal, 'fewest points, and those given when the caller names none'),
  to: required(decimal, 'most points'),
};

const fields = {
  fixed: optional(decimal, 'so many points'),
  rate: optional(rate, 'points per major unit of currency'),
  every: optional(record(every), 'points for every step of spending'),
  field: optional(id, 'the field of the line that holds points per unit'),
  range: optional(record(range), 'of a trigger: the caller chooses within it'),
  credit: defaulted(credit, { kind: 'at-checkout' }, 'when they become spendable'),
  type: optional(id, 'the point type; default the first standard type'),
};

export const pointsBenefit = defineBenefit({
  kind: 'points',
  summary: 'gives points',
  plain: 'fixed',
  oneOf: ['fixed', 'rate', 'every', 'field', 'range'],
  fields,
  normal: (given, base, { scales }) => {
    const type = given.type ?? scales.defaultType;
    return {
      ...base,
      kind: 'points',
      type,
      credit: given.credit,
      value: normalValue(given, scales),
    };
  },
  describe: (benefit) => `${describeValue(benefit.value)} ${benefit.type}, ${benefit.credit.kind}`,
});

function normalValue(given: Decoded<typeof fields>, scales: Scales): PointsBenefit['value'] {
  const precision = scales.precisionOf(given.type ?? scales.defaultType);
  if (given.fixed !== undefined) return { by: 'fixed', points: steps(given.fixed, precision) };
  if (given.rate !== undefined) {
    // Millionths of a point a major unit, as steps a minor unit.
    const numerator = BigInt(given.rate) * 10n ** BigInt(precision);
    const denominator = BigInt(MILLION) * 10n ** BigInt(scales.exponent);
    return { by: 'rate', rate: ratio(numerator, denominator) };
  }
  if (given.every !== undefined) {
    const { spend, continuous } = given.every;
    return { by: 'every', spend, points: steps(given.every.points, precision), continuous };
  }
  if (given.range !== undefined) {
    const { from, to } = given.range;
    return { by: 'range', from: steps(from, precision), to: steps(to, precision) };
  }
  return { by: 'field', field: must(given.field, 'decode found a field') };
}

function describeValue(value: PointsBenefit['value']): string {
  switch (value.by) {
    case 'fixed':
      return `${value.points} steps`;
    case 'rate':
      return `${value.rate.numerator}/${value.rate.denominator} steps a minor unit`;
    case 'every':
      return `${value.points} steps ${value.continuous ? 'in proportion to' : 'for every'} ${value.spend}`;
    case 'field':
      return `of the field ${value.field}`;
    case 'range':
      return `${value.from} to ${value.to} steps`;
    default:
      return unreachable(value);
  }
}
