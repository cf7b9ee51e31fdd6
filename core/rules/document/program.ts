import { ANY_CURRENCY } from '../../money/currency.ts';
import { RESIDUALS } from '../../money/prorate.ts';
import { fixedMilliseconds } from '../../time/duration.ts';
import { DEFAULT_HIERARCHY, NEVERS_MAX, STACKING_ELIGIBILITIES } from '../normal.ts';
import { id, integer, text, word } from '../shape/scalars.ts';
import { isPlainObject, mapped, report, type Shape } from '../shape/shape.ts';
import { type Decoded, defaulted, list, optional, record, required } from '../shape/structures.ts';
import { condition } from './condition.ts';
import { duration, WEEKDAYS, zone } from './time.ts';

const CATEGORIES_MAX = 100;
const GRACE_DAYS_MAX = 3_660;

const currencyRecord = record({
  code: required(id, 'ISO 4217'),
  exponent: defaulted(integer({ min: 0, max: 4 }), 2, 'decimal places of the currency'),
});

const currency: Shape<{ readonly code: string; readonly exponent: number }> = {
  decode: (value, at) => currencyRecord.decode(isPlainObject(value) ? value : { code: value }, at),
  schema: (definitions) => ({
    anyOf: [{ type: 'string' }, currencyRecord.schema(definitions)],
  }),
};

/** What a partial return may do; see the settings and promotions. */
export const RETURN_POLICIES = ['keep', 'reevaluate', 'return-group'] as const;

const fixedTime = mapped(duration, (value, at) => {
  const milliseconds = fixedMilliseconds(value);
  if (milliseconds !== undefined) return milliseconds;
  return report(at, {
    code: 'wrong-time',
    message: 'months have no fixed length',
    hint: 'write days, hours or minutes',
  });
});

const SETTINGS = {
  rounding: defaulted(
    word(['half-up', 'half-even', 'half-down', 'floor', 'ceil']),
    'half-up',
    'how a price is rounded',
  ),
  roundPer: defaulted(word(['line', 'unit']), 'line', 'what is rounded'),
  pointsRounding: defaulted(
    word(['floor', 'half-up', 'half-even', 'ceil']),
    'floor',
    'how accrued points are rounded',
  ),
  residual: defaulted(word(RESIDUALS), 'largest-remainder', 'where residual cents go'),
  partial: defaulted(
    word(['allow', 'reject']),
    'allow',
    'may a discount larger than the price apply in part?',
  ),
  overflow: defaulted(
    word(['by-kind', 'clip', 'redistribute']),
    'by-kind',
    'what happens above the floor',
  ),
  noEffect: defaulted(
    word(['prevent', 'force']),
    'prevent',
    'does a promotion without effect count?',
  ),
  neverStackable: defaulted(
    integer({ min: 1, max: NEVERS_MAX }),
    1,
    'never stackable promotions on one checkout',
  ),
  neverStackablePerCategory: defaulted(
    integer({ min: 1, max: NEVERS_MAX }),
    NEVERS_MAX,
    'of these, as many of one category',
  ),
  codes: defaulted(word(['partial', 'all']), 'partial', 'does one invalid code spoil all?'),
  consumption: defaulted(word(['expiry', 'fifo']), 'expiry', 'which points go first'),
  shortBalance: defaulted(
    word(['partial', 'skip', 'reject']),
    'partial',
    'when points do not suffice',
  ),
  graceDays: defaulted(
    integer({ min: 0, max: GRACE_DAYS_MAX }),
    0,
    'days that expired points live after a return',
  ),
  transferValidity: defaulted(word(['keep', 'reset']), 'keep', 'validity of transferred points'),
  weekStart: defaulted(word(WEEKDAYS), 'mon', 'the first day of a week of limits'),
  lateAfter: {
    ...defaulted(fixedTime, 300_000, 'a receipt older than this is late'),
    shown: 'PT5M',
  },
  missingGeo: defaulted(word(['fail', 'pass']), 'fail', 'a checkout without coordinates'),
  approval: defaulted(
    word(['none', 'second-person']),
    'none',
    'who may apply a version: anybody, or nobody who wrote a part of it',
  ),
  returns: defaulted(
    word(RETURN_POLICIES),
    'keep',
    'partial returns: frozen shares, the rest decided again, or joined lines together',
  ),
  parkReturns: {
    ...defaulted(
      fixedTime,
      604_800_000,
      'so long a return waits for its checkout; PT0S: not at all',
    ),
    shown: 'P7D',
  },
};
const settings = record(SETTINGS);
export type DocumentSettings = Decoded<typeof SETTINGS>;

const CATEGORY = {
  id: required(id, 'the name'),
  eligibility: defaulted(
    word(STACKING_ELIGIBILITIES),
    'common',
    'beside whom its promotions apply: `never` goes with nobody but `always`',
  ),
  excludes: defaulted(
    list(id, { max: CATEGORIES_MAX, single: true }),
    [],
    'categories that it does not go with, nor they with it',
  ),
  limit: optional(integer({ min: 1, max: 1_000 }), 'promotions of it on one checkout'),
  hierarchy: defaulted(
    integer({ min: 0, max: 1_000_000 }),
    DEFAULT_HIERARCHY,
    'where a group goes by `hierarchy`: lower goes first',
  ),
  calculation: optional(
    word(['initial', 'discounted']),
    'percentages of prices before all discounts, or after those so far; default as the group does',
  ),
  when: optional(condition, 'what must hold for any promotion of it'),
};
const category = record(CATEGORY);

export type DocumentCategory = Decoded<typeof CATEGORY>;

const PROGRAM = {
  id: defaulted(id, 'programme', 'the name of the programme'),
  title: optional(text(), 'what people call it; no effect'),
  description: optional(text(), 'no effect'),
  currency: defaulted(
    currency,
    { code: ANY_CURRENCY, exponent: 2 },
    'all money is in its minor units',
  ),
  timezone: defaulted(zone, 'UTC', 'the zone of places that name none'),
  settings: optional(settings, 'the switches of the programme'),
  categories: defaulted(
    list(category, { max: CATEGORIES_MAX }),
    [],
    'stacking categories beside common, never and always',
  ),
};

export const program = record(PROGRAM);
export type DocumentProgram = Decoded<typeof PROGRAM>;
/** The settings of a document that has none. */
export const DEFAULT_SETTINGS = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, field]) => [name, field.fallback]),
) as DocumentSettings; // every field of a setting has a fallback of its own type
