import type { Thousandths } from '../../money/units.ts';
import { quoted } from '../diagnostic.ts';
import type { MaxDiscount, MinPrice } from '../normal.ts';
import { decimal, flag, id, integer, money, percent, units, word } from '../shape/scalars.ts';
import { type Cursor, isPlainObject, report, type Shape } from '../shape/shape.ts';
import { type Decoded, defaulted, optional, record, required } from '../shape/structures.ts';

const USES_MAX = 1_000_000_000;
const uses = integer({ min: 1, max: USES_MAX });

const maxDiscountRecord = record({
  amount: optional(money, 'minor units'),
  percent: optional(percent, "percent of the node's input"),
  per: defaulted(word(['order', 'line']), 'order', 'over the order, or for each line'),
});

/** The most that everything below a node may take off. */
export const maxDiscount: Shape<MaxDiscount> = {
  decode: (value, at): MaxDiscount | undefined => {
    const found = maxDiscountRecord.decode(value, at);
    if (found === undefined) return undefined;
    const { amount, percent: share, per } = found;
    if (amount !== undefined && share === undefined) return { kind: 'amount', amount, per };
    if (share !== undefined && amount === undefined)
      return { kind: 'percent', percent: share, per };
    return oneOf(value, ['amount', 'percent'], at);
  },
  schema: maxDiscountRecord.schema,
};

const minPriceRecord = record({
  field: optional(id, 'the field of the line that holds its floor'),
  amount: optional(money, 'minor units'),
  percent: optional(percent, 'percent of the unit price before discounts'),
});

/** The floor of the unit price. */
export const minPrice: Shape<MinPrice> = {
  decode: (value, at): MinPrice | undefined => {
    const found = minPriceRecord.decode(value, at);
    if (found === undefined) return undefined;
    const options: readonly (MinPrice | undefined)[] = [
      found.field === undefined ? undefined : { kind: 'field', field: found.field },
      found.amount === undefined ? undefined : { kind: 'amount', amount: found.amount },
      found.percent === undefined ? undefined : { kind: 'percent', percent: found.percent },
    ];
    const given = options.filter((one) => one !== undefined);
    return given.length === 1 ? given[0] : oneOf(value, ['field', 'amount', 'percent'], at);
  },
  schema: minPriceRecord.schema,
};

function oneOf(value: unknown, names: readonly string[], at: Cursor): undefined {
  return report(at, {
    code: 'ambiguous-amount',
    message: `${quoted(value)} needs one of ${names.join(', ')}`,
    hint: `keep one of ${names.join(', ')}`,
  });
}

const NODE_LIMITS = {
  maxDiscount: optional(maxDiscount, 'the most that may be taken off'),
  minPrice: optional(minPrice, 'the floor of the unit price'),
};

/** Limits that any node may have. */
export const nodeLimits = record(NODE_LIMITS);
export type DocumentNodeLimits = Decoded<typeof NODE_LIMITS>;

const perMember = record({
  uses: optional(uses, 'checkouts in which it applies'),
  units: optional(units, 'units it applies to'),
  per: defaulted(word(['ever', 'day', 'week', 'month', 'year']), 'ever', 'counted per period'),
});

const budget = record({
  discount: optional(money, 'minor units of discount'),
  points: optional(decimal, 'points'),
  uses: optional(uses, 'checkouts in which it applies'),
  units: optional(units, 'units it applies to'),
  per: defaulted(
    word(['ever', 'sku', 'day', 'week', 'month', 'year']),
    'ever',
    'for each article, or counted per period',
  ),
  partial: optional(flag, 'whether the last use may take what is left; else as `partial` says'),
});

const unitsTimes = record({
  units: required(units, 'units'),
  times: optional(word(['bundles']), 'for each complete bundle'),
});

/** A number of units, or `{ units, times: bundles }`. */
const unitsPerLine: Shape<{
  readonly units: Thousandths;
  readonly times: 'bundles' | undefined;
}> = {
  decode: (value, at) => {
    if (isPlainObject(value)) return unitsTimes.decode(value, at);
    const found = units.decode(value, at);
    return found === undefined ? undefined : { units: found, times: undefined };
  },
  schema: (definitions) => ({
    anyOf: [units.schema(definitions), unitsTimes.schema(definitions)],
  }),
};

const LIMITS = {
  ...NODE_LIMITS,
  perMember: optional(perMember, 'for each member'),
  unitsPerOrder: optional(units, 'units of one checkout'),
  unitsPerLine: optional(unitsPerLine, 'units of one line'),
  budget: optional(budget, 'for all members together'),
};

/** Limits of a promotion. */
export const promotionLimits = record(LIMITS);
export type DocumentLimits = Decoded<typeof LIMITS>;
export const LIMIT_NAMES: readonly string[] = Object.keys(LIMITS);
