import type { CalendarDuration } from '../../time/duration.ts';
import type { Moment } from '../../time/moment.ts';
import type { BenefitKind } from '../benefit.ts';
import { quoted } from '../diagnostic.ts';
import {
  decimal,
  factor,
  fixedPoint,
  flag,
  id,
  money,
  percent,
  text,
  word,
} from '../shape/scalars.ts';
import {
  type Cursor,
  type Definitions,
  isPlainObject,
  type JsonSchema,
  report,
  type Shape,
} from '../shape/shape.ts';
import {
  type Decoded,
  defaulted,
  type FieldMap,
  optional,
  record,
  required,
} from '../shape/structures.ts';
import { duration, moment } from './time.ts';

/** Characters of a template. */
const TEMPLATE_MAX = 1_000;
const template = text({ max: TEMPLATE_MAX });

/** When points become spendable, as written. */
export type DocumentCredit =
  | { readonly kind: 'at-checkout' }
  | { readonly kind: 'on-delivery' }
  | { readonly kind: 'after'; readonly duration: CalendarDuration }
  | { readonly kind: 'at'; readonly at: Moment };

const creditWord = word(['at-checkout', 'on-delivery']);
const creditRecord = record({
  after: optional(duration, 'so long after the checkout'),
  at: optional(moment, 'at this moment'),
});

const credit: Shape<DocumentCredit> = {
  decode: (value, at): DocumentCredit | undefined => {
    if (!isPlainObject(value)) {
      const kind = creditWord.decode(value, at);
      return kind === undefined ? undefined : { kind };
    }
    const found = creditRecord.decode(value, at);
    if (found?.after !== undefined && found.at === undefined) {
      return { kind: 'after', duration: found.after };
    }
    if (found?.at !== undefined && found.after === undefined) return { kind: 'at', at: found.at };
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} does not say when points are credited`,
      hint: 'write at-checkout, on-delivery, { after: P14D } or { at: 2026-12-31 }',
    });
  },
  schema: (definitions) => ({
    anyOf: [creditWord.schema(definitions), creditRecord.schema(definitions)],
  }),
};

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
const signedMoney = fixedPoint({ places: 0, min: -1_000_000_000_000, max: 1_000_000_000_000 });

const FIELDS = {
  discount: {
    percent: optional(percent, 'percent of the price'),
    amount: optional(money, 'minor units'),
    per: optional(
      word(['subtotal', 'unit', 'split-amount', 'split-quantity']),
      'off each line or unit, or divided over them; default subtotal, of the order split-amount',
    ),
  },
  price: {
    amount: optional(money, 'the new unit price'),
    field: optional(id, 'the field of the line that holds the new unit price'),
    factor: optional(factor, 'the field times this; default 1'),
    plus: optional(signedMoney, 'and this added; default 0'),
    allowIncrease: defaulted(flag, false, 'may the price rise?'),
  },
  round: {
    to: required(
      word(['integer', 'half', 'floor', 'tens', 'nearest-ten']),
      'nearest whole, nearest half, whole down, tens down, nearest ten',
    ),
  },
  'pay-with-points': {
    percent: optional(percent, 'so much of the price'),
    amount: optional(money, 'so many minor units'),
    points: optional(decimal, 'so many points'),
    as: defaulted(word(['payment', 'discount']), 'payment', 'a payment, or a discount in points'),
    type: optional(id, 'the point type; default the first standard type'),
  },
  points: {
    fixed: optional(decimal, 'so many points'),
    rate: optional(rate, 'points per major unit of currency'),
    every: optional(record(every), 'points for every step of spending'),
    field: optional(id, 'the field of the line that holds points per unit'),
    range: optional(record(range), 'of a trigger: the caller chooses within it'),
    credit: defaulted(credit, { kind: 'at-checkout' }, 'when they become spendable'),
    type: optional(id, 'the point type; default the first standard type'),
  },
  'multiply-points': {
    factor: required(factor, 'what other promotions accrue, times this'),
    type: optional(id, 'only of this point type'),
  },
  'partner-discount': {
    partner: optional(id, 'whose terms; default the partner of each line'),
  },
  text: { template: required(template, 'what to say, with variables such as {member.id}') },
  'issue-code': {
    pool: required(id, 'where the code is drawn from'),
    message: defaulted(template, '', 'what to say with it, {code} included'),
  },
  'top-up': {
    type: optional(id, 'the point type that is turned into a top-up'),
    at: optional(decimal, 'so many points make one; default that of the point type'),
  },
} satisfies Record<BenefitKind, FieldMap>;

/** Of these, exactly one says how much. */
const AMOUNTS: Readonly<Partial<Record<BenefitKind, readonly string[]>>> = {
  discount: ['percent', 'amount'],
  price: ['amount', 'field'],
  'pay-with-points': ['percent', 'amount', 'points'],
  points: ['fixed', 'rate', 'every', 'field', 'range'],
};

/** The arguments of a benefit as written, by kind. */
export type BenefitArguments = {
  readonly [K in BenefitKind]: {
    readonly kind: K;
    readonly arguments: Decoded<(typeof FIELDS)[K]>;
  };
}[BenefitKind];

interface ArgumentShape {
  readonly decode: (value: unknown, at: Cursor) => BenefitArguments | undefined;
  readonly schema: (definitions: Definitions) => JsonSchema;
  /** The argument meant by a plain value, as in `round: tens`. */
  readonly plain: string;
  readonly summary: string;
}

export const BENEFIT_ARGUMENTS: Readonly<Record<BenefitKind, ArgumentShape>> = {
  discount: argumentsOf('discount', 'percent', 'lowers prices by a percentage or an amount'),
  price: argumentsOf('price', 'amount', 'sets a new unit price'),
  round: argumentsOf('round', 'to', 'rounds the price'),
  'pay-with-points': argumentsOf('pay-with-points', 'percent', 'pays a part with points'),
  points: argumentsOf('points', 'fixed', 'gives points'),
  'multiply-points': argumentsOf('multiply-points', 'factor', 'multiplies the points of others'),
  'partner-discount': argumentsOf('partner-discount', 'partner', "applies a partner's terms"),
  text: argumentsOf('text', 'template', 'shows a text'),
  'issue-code': argumentsOf('issue-code', 'pool', 'draws a code from a pool'),
  'top-up': argumentsOf('top-up', 'at', 'turns points into a top-up of the phone account'),
};

function argumentsOf(kind: BenefitKind, plain: string, summary: string): ArgumentShape {
  const shape = record<FieldMap>(FIELDS[kind]);
  return {
    plain,
    summary,
    schema: shape.schema,
    decode: (value, at) => {
      const decoded = shape.decode(value, at);
      if (decoded === undefined || !oneAmount(kind, decoded, at)) return undefined;
      // The record was made from the fields of this kind, so its values are theirs.
      return { kind, arguments: decoded } as BenefitArguments;
    },
  };
}

function oneAmount(kind: BenefitKind, decoded: object, at: Cursor): boolean {
  const names = AMOUNTS[kind];
  if (names === undefined) return true;
  const given = Object.entries(decoded).filter(
    ([name, value]) => names.includes(name) && value !== undefined,
  );
  if (given.length === 1) return true;
  report(at, {
    code: given.length === 0 ? 'missing-field' : 'ambiguous-amount',
    message: `\`${kind}\` needs one of ${names.join(', ')}, and has ${given.length}`,
    hint: `keep one of ${names.join(', ')}`,
  });
  return false;
}

/** Names that regional parameters may change in a benefit. */
export const PARAMETER_NAMES: ReadonlySet<string> = new Set(
  Object.values(FIELDS).flatMap((fields) => Object.keys(fields)),
);

/** What one benefit looks like after decoding, for a kind. */
export type ArgumentsOf<K extends BenefitKind> = Extract<
  BenefitArguments,
  { readonly kind: K }
>['arguments'];
