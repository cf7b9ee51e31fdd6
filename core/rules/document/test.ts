import { DAY_MS } from '../../time/date.ts';
import { fixedMilliseconds } from '../../time/duration.ts';
import type { Area, Scalar, Test } from '../condition.ts';
import type { FactType } from '../conditions/definition.ts';
import { quoted } from '../diagnostic.ts';
import { type Decimal, parseDecimal } from '../shape/decimal.ts';
import { decimal, flag, id, money, units } from '../shape/scalars.ts';
import { type Cursor, down, type JsonSchema, mapped, report, type Shape } from '../shape/shape.ts';
import { list } from '../shape/structures.ts';
import { area } from './area.ts';
import { duration } from './time.ts';

export type Comparison = 'is' | 'atLeast' | 'atMost' | 'above' | 'below';

/** A test as written. Two kinds need the rest of the document before they are a `Test`. */
export type DocumentTest =
  | Test
  /** Compares ranks in the tier group: becomes the list of tiers that pass. */
  | { readonly operator: 'tier-rank'; readonly compare: Comparison; readonly tier: string }
  /** An amount of points, to be scaled by the type's precision. */
  | { readonly operator: 'points'; readonly compare: Comparison; readonly amount: Decimal };

/** Values one `in` may list. */
export const VALUES_MAX = 10_000;
/** Areas one `inside` may list. */
const AREAS_MAX = 100;

const COMPARISONS = ['atLeast', 'atMost', 'above', 'below'] as const;

type Operators = Readonly<Record<string, Shape<DocumentTest>>>;

const scalar: Shape<Scalar> = {
  decode: (value, at) => {
    const usable =
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value));
    if (usable) return value;
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} is not a text, a number, true or false`,
      hint: 'write one value',
    });
  },
  schema: () => ({ type: ['string', 'number', 'boolean'] }),
};

const plainNumber: Shape<number> = {
  decode: (value, at) => {
    const found = parseDecimal(value);
    if (found !== undefined) return found.digits / 10 ** found.places;
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} is not a number`,
      hint: 'write a number',
    });
  },
  schema: () => ({ type: ['number', 'string'] }),
};

const days: Shape<number> = mapped(duration, (value, at) => {
  const milliseconds = fixedMilliseconds(value);
  if (milliseconds !== undefined) return Math.floor(milliseconds / DAY_MS);
  return report(at, {
    code: 'wrong-type',
    message: 'a number of days is needed',
    hint: 'write days, such as `P3D`',
  });
});

/** The operators of each type of fact, with the shape of their operands. */
export const OPERATORS: Readonly<Record<FactType, Operators>> = {
  money: { ...equality(money), ...ordering(money) },
  number: { ...equality(plainNumber), ...ordering(plainNumber) },
  units: { ...equality(units), ...ordering(units) },
  text: equality(id),
  flag: { is: mapped(flag, (value) => ({ operator: 'is', value })) },
  field: { ...equality(scalar), ...ordering(plainNumber) },
  tier: { ...equality(id), ...ranking() },
  points: pointsOrdering(),
  birthday: { within: mapped(days, (value) => ({ operator: 'within', days: value })) },
  location: {
    inside: mapped(
      list(area, { min: 1, max: AREAS_MAX, single: true }),
      (areas: readonly Area[]) => ({
        operator: 'inside',
        areas,
      }),
    ),
  },
};

function equality(operand: Shape<Scalar>): Operators {
  return {
    is: mapped(operand, (value) => ({ operator: 'is', value })),
    in: mapped(list(operand, { min: 1, max: VALUES_MAX, single: true }), (values) => ({
      operator: 'in',
      values,
    })),
    has: mapped(operand, (value) => ({ operator: 'has', value })),
  };
}

function ordering(operand: Shape<number>): Operators {
  const pairs = COMPARISONS.map((operator) => [
    operator,
    mapped(operand, (value): DocumentTest => ({ operator, value })),
  ]);
  return { ...Object.fromEntries(pairs), between: between(operand) };
}

function between(operand: Shape<number>): Shape<DocumentTest> {
  return mapped(list(operand, { min: 2, max: 2 }), ([from = 0, to = 0], at) => {
    if (from <= to) return { operator: 'between', from, to };
    return report(at, {
      code: 'empty-range',
      message: `nothing lies between ${quoted(from)} and ${quoted(to)}`,
      hint: 'write the smaller number first',
    });
  });
}

function ranking(): Operators {
  const pairs = COMPARISONS.map((compare) => [
    compare,
    mapped(id, (tier): DocumentTest => ({ operator: 'tier-rank', compare, tier })),
  ]);
  return Object.fromEntries(pairs);
}

function pointsOrdering(): Operators {
  const pairs = (['is', ...COMPARISONS] as const).map((compare) => [
    compare,
    mapped(decimal, (amount): DocumentTest => ({ operator: 'points', compare, amount })),
  ]);
  return Object.fromEntries(pairs);
}

/** What a fact takes: `has` only with many values. */
export function operatorsOf(fact: { readonly type: FactType; readonly many: boolean }): Operators {
  const { has, ...others } = OPERATORS[fact.type];
  return fact.many && has !== undefined ? { ...others, has } : others;
}

/** Decodes the operators of one fact: `{ atLeast: 10, below: 20 }` means both. */
export function decodeOperators(
  operators: Operators,
  value: Readonly<Record<string, unknown>>,
  at: Cursor,
): readonly DocumentTest[] {
  return Object.entries(value).flatMap(([operator, operand]) => {
    const shape = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    const here = down(at, operator);
    if (shape === undefined) {
      report(here, {
        code: 'unknown-operator',
        message: `${quoted(operator)} is not an operator of this fact`,
        hint: `use one of ${Object.keys(operators).join(', ')}`,
      });
      return [];
    }
    const test = shape.decode(operand, here);
    return test === undefined ? [] : [test];
  });
}

/** The schema of what may stand after a fact's name. */
export function testSchema(
  fact: { readonly type: FactType; readonly many: boolean },
  definitions: Map<string, JsonSchema>,
): JsonSchema {
  const operators = Object.entries(operatorsOf(fact)).map(
    ([name, shape]) => [name, shape.schema(definitions)] as const,
  );
  const properties = Object.fromEntries(operators);
  const object = { type: 'object', properties, additionalProperties: false, minProperties: 1 };
  const { is, in: among } = properties;
  const shorthands = [is, among].filter((one) => one !== undefined);
  return { anyOf: [object, ...shorthands] };
}
