import type { MinorUnits } from '../../money/units.ts';
import { minorUnits } from '../../money/units.ts';
import { DAY_MS } from '../../time/date.ts';
import { fixedMilliseconds } from '../../time/duration.ts';
import type { Validity } from '../../time/validity.ts';
import { quoted } from '../diagnostic.ts';
import type { TierGroup } from '../normal.ts';
import { anyPercent, decimal, flag, id, integer, percent, text, word } from '../shape/scalars.ts';
import { type Cursor, isPlainObject, report, type Shape } from '../shape/shape.ts';
import { type Decoded, defaulted, list, optional, record, required } from '../shape/structures.ts';
import { duration, moment } from './time.ts';

/** Longest validity or period, in each of its units. */
const SPAN_MAX = 1_200;
const TIERS_MAX = 50;
/** Decimal places of a point, as in K1. */
const PRECISION_MAX = 7;

const span = integer({ min: 0, max: SPAN_MAX });
const validityRecord = record({
  days: optional(span, 'so many days'),
  weeks: optional(span, 'so many weeks'),
  months: optional(span, 'so many months'),
  years: optional(span, 'so many years'),
  roundUp: optional(
    word(['month', 'quarter', 'half-year', 'year']),
    'then to the end of the month, quarter, half-year or year',
  ),
  through: optional(moment, 'instead: through this date'),
});

const validity: Shape<Validity> = {
  decode: (value, at) => {
    const found = validityRecord.decode(value, at);
    return found === undefined ? undefined : validityOf(found, value, at);
  },
  schema: validityRecord.schema,
};

type ValidityRecord = Exclude<ReturnType<typeof validityRecord.decode>, undefined>;

function validityOf(found: ValidityRecord, value: unknown, at: Cursor): Validity | undefined {
  const { through, roundUp, ...spans } = found;
  const lengths = Object.values(spans).filter((length) => length !== undefined);
  if (through?.kind === 'local' && lengths.length === 0 && roundUp === undefined) {
    return { kind: 'through', date: through.date };
  }
  if (through !== undefined || lengths.length === 0) {
    return report(at, {
      code: 'wrong-time',
      message: `${quoted(value)} does not say how long points live`,
      hint: 'write days, weeks, months or years, or `through` with a date',
    });
  }
  return {
    kind: 'span',
    months: (found.months ?? 0) + 12 * (found.years ?? 0),
    days: (found.days ?? 0) + 7 * (found.weeks ?? 0),
    roundUp: roundUp ?? 'none',
  };
}

const positiveMoney: Shape<MinorUnits> = {
  decode: (value, at) => {
    const found = integer({ min: 1, max: 1_000_000_000 }).decode(value, at);
    return found === undefined ? undefined : minorUnits(found);
  },
  schema: () => ({ type: ['integer', 'string'], minimum: 1 }),
};

const ratio = record({
  points: required(decimal, 'so many points'),
  money: required(positiveMoney, 'are worth so many minor units'),
});

const POINT_TYPE = {
  id: required(id, 'the name'),
  title: optional(text(), 'what people call it; no effect'),
  kind: defaulted(
    word(['standard', 'qualification']),
    'standard',
    'points to spend, or points that only raise a tier',
  ),
  precision: defaulted(integer({ min: 0, max: PRECISION_MAX }), 0, 'decimal places of a point'),
  ratio: optional(ratio, 'what points are worth; default 1 point = 1 major unit'),
  validity: optional(validity, 'how long points live; default for ever'),
  validFrom: defaulted(
    word(['activation', 'earning']),
    'activation',
    'since when points that are credited later live: since then, or since they were earned',
  ),
  refund: defaulted(flag, true, 'does a return move points?'),
  negative: defaulted(
    word(['unlimited', 'within-balance', 'only-pending']),
    'unlimited',
    'when a return takes back more than is left',
  ),
  initialBalance: optional(decimal, 'points given at enrolment'),
  deactivateAt: optional(moment, 'from then on neither given nor spent'),
  topUp: optional(
    record({ at: required(decimal, 'points that make one top-up') }),
    'turned into a top-up of the phone account whenever the balance reaches it',
  ),
  weight: {
    ...defaulted(anyPercent, 1_000_000, 'percent of their value that maximum benefit counts'),
    shown: '100',
  },
  payUpTo: optional(
    record({
      percent: optional(percent, 'percent of what the goods cost after discounts'),
      points: optional(decimal, 'so many points'),
    }),
    'the most that one checkout may pay with them; default all of it',
  ),
  state: defaulted(
    word(['active', 'draft']),
    'active',
    'a draft is declared and cannot be used yet',
  ),
  adjustUpTo: optional(
    decimal,
    'points one movement by hand may move; a second person approves more',
  ),
  tierGroup: optional(id, 'the tier group that a qualification type feeds'),
};

export const pointType = record(POINT_TYPE);
export type DocumentPointType = Decoded<typeof POINT_TYPE>;

const tier = record({
  id: required(id, 'the name'),
  title: optional(text(), 'what people call it; no effect'),
  from: required(decimal, 'points from which it is held'),
});

const resetWord = word(['none', 'at-period-end']);
const resetRecord = record({
  months: required(integer({ min: 1, max: SPAN_MAX }), 'so many months apart'),
});

/** When qualification points start again. */
const reset: Shape<TierGroup['reset']> = {
  decode: (value, at) => (isPlainObject(value) ? resetRecord : resetWord).decode(value, at),
  schema: (definitions) => ({
    anyOf: [resetWord.schema(definitions), resetRecord.schema(definitions)],
  }),
};

const graceDays = integer({ min: 0, max: 366 });
/** A number of days, or a duration such as P14D. */
const grace: Shape<number> = {
  decode: (value, at) => {
    const fixed = typeof value === 'string' && value.startsWith('P') ? value : undefined;
    if (fixed === undefined) return graceDays.decode(value, at);
    const found = duration.decode(fixed, at);
    const milliseconds = found === undefined ? undefined : fixedMilliseconds(found);
    if (milliseconds !== undefined) return graceDays.decode(Math.floor(milliseconds / DAY_MS), at);
    return found === undefined ? undefined : graceDays.decode(value, at);
  },
  schema: () => ({ type: ['integer', 'string'] }),
};

const TIER_GROUP = {
  id: required(id, 'the name'),
  title: optional(text(), 'what people call it; no effect'),
  model: defaulted(
    word(['cumulative', 'cyclic', 'dynamic']),
    'cumulative',
    'kept for ever, re-evaluated by period, or following the balance',
  ),
  points: required(id, 'the qualification point type that is counted'),
  period: optional(
    record({
      months: required(integer({ min: 1, max: SPAN_MAX }), 'length in months'),
      align: defaulted(word(['calendar', 'entry']), 'calendar', 'where periods begin'),
    }),
    'of a cyclic group',
  ),
  upgrade: defaulted(
    word(['immediate', 'at-period-end']),
    'immediate',
    'when a higher tier is reached',
  ),
  reset: defaulted(
    reset,
    'none',
    'when qualification points start again: none, at-period-end, or { months } for an interval',
  ),
  extendToMonthEnd: defaulted(flag, false, 'a tier ends with the month'),
  grace: optional(grace, 'days a tier outlives its period'),
  clawback: defaulted(flag, false, 'returns take back a tier that the purchases had reached'),
  tiers: required(list(tier, { min: 1, max: TIERS_MAX }), 'the tiers'),
};

export const tierGroup = record(TIER_GROUP);
export type DocumentTierGroup = Decoded<typeof TIER_GROUP>;
