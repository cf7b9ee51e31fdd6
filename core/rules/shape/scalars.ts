import { type MinorUnits, minorUnits, type Thousandths, thousandths } from '../../money/units.ts';
import { quoted } from '../diagnostic.ts';
import { type Decimal, parseDecimal, scaled } from './decimal.ts';
import { type Cursor, report, type Shape } from './shape.ts';

/** No amount of money, points or units in a rule set is larger. Leaves room to multiply. */
export const AMOUNT_MAX = 1_000_000_000_000;
const TEXT_LENGTH_MAX = 1_000;
const ID_LENGTH_MAX = 128;
// Any visible text: operators name things in their own language. No control characters.
const ID = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

function wrong(at: Cursor, value: unknown, wanted: string): undefined {
  return report(at, {
    code: 'wrong-type',
    message: `${quoted(value)} is not ${wanted}`,
    hint: `write ${wanted}`,
  });
}

export function text(options: { readonly max?: number } = {}): Shape<string> {
  const max = options.max ?? TEXT_LENGTH_MAX;
  return {
    decode: (value, at) => {
      if (typeof value !== 'string') return wrong(at, value, 'a text');
      if (value.length > max) return tooLong(at, max);
      return value;
    },
    schema: () => ({ type: 'string', maxLength: max }),
  };
}

function tooLong(at: Cursor, max: number): undefined {
  return report(at, {
    code: 'too-long',
    message: `the text has more than ${max} characters`,
    hint: 'shorten it',
  });
}

/** A name that other parts of the document refer to. Numbers are taken as they are written. */
export const id: Shape<string> = {
  decode: (value, at) => {
    const name = typeof value === 'number' ? String(value) : value;
    if (typeof name !== 'string' || name === '' || !ID.test(name)) {
      return wrong(at, value, 'an id (a text without line breaks)');
    }
    return name.length > ID_LENGTH_MAX ? tooLong(at, ID_LENGTH_MAX) : name;
  },
  schema: () => ({ type: ['string', 'number'], minLength: 1, maxLength: ID_LENGTH_MAX }),
};

export const flag: Shape<boolean> = {
  decode: (value, at) => (typeof value === 'boolean' ? value : wrong(at, value, 'true or false')),
  schema: () => ({ type: 'boolean' }),
};

/** One of a closed list of words. */
export function word<const T extends string>(words: readonly T[]): Shape<T> {
  return {
    decode: (value, at) => {
      const found = words.find((one) => one === value);
      if (found !== undefined) return found;
      return report(at, {
        code: 'unknown-word',
        message: `${quoted(value)} is not known here`,
        hint: `use one of ${words.join(', ')}`,
      });
    },
    schema: () => ({ enum: words }),
  };
}

export function integer(bounds: { readonly min: number; readonly max: number }): Shape<number> {
  return {
    decode: (value, at) => {
      const decimal = parseDecimal(value);
      const whole = decimal === undefined ? undefined : scaled(decimal, 0);
      if (whole === undefined) return wrong(at, value, 'a whole number');
      return bounded(whole, bounds, at);
    },
    schema: () => ({ type: ['integer', 'string'], minimum: bounds.min, maximum: bounds.max }),
  };
}

function bounded(
  value: number,
  bounds: { readonly min: number; readonly max: number; readonly unit?: number },
  at: Cursor,
): number | undefined {
  if (value >= bounds.min && value <= bounds.max) return value;
  const unit = bounds.unit ?? 1;
  return report(at, {
    code: 'out-of-range',
    message: `${quoted(value / unit)} is out of range`,
    hint: `use a number from ${bounds.min / unit} to ${bounds.max / unit}`,
  });
}

/** A decimal with at most so many places, as an integer of `10^-places`. */
export function fixedPoint(bounds: {
  readonly places: number;
  readonly min: number;
  readonly max: number;
}): Shape<number> {
  const unit = 10 ** bounds.places;
  return {
    decode: (value, at) => {
      const decimal = parseDecimal(value);
      if (decimal === undefined) return wrong(at, value, 'a number');
      const found = scaled(decimal, bounds.places);
      if (found !== undefined) return bounded(found, { ...bounds, unit }, at);
      return report(at, {
        code: 'too-many-places',
        message: `${quoted(value)} has more than ${bounds.places} decimal places`,
        hint: `use at most ${bounds.places} decimal places`,
      });
    },
    schema: () => ({
      type: ['number', 'string'],
      minimum: bounds.min / unit,
      maximum: bounds.max / unit,
    }),
  };
}

/** Percent with at most four places, as millionths: `20` is 200_000. */
export const percent = fixedPoint({ places: 4, min: 0, max: 100 * 10_000 });
/** A percentage that may exceed 100, such as what a price is raised to. */
export const anyPercent = fixedPoint({ places: 4, min: 0, max: 10_000 * 10_000 });
/** A factor with at most six places, as millionths: `0.75` is 750_000. */
export const factor = fixedPoint({ places: 6, min: 0, max: 1_000_000_000_000 });

export const money: Shape<MinorUnits> = {
  decode: (value, at) => {
    const found = integer({ min: 0, max: AMOUNT_MAX }).decode(value, at);
    return found === undefined ? undefined : minorUnits(found);
  },
  schema: () => ({ type: ['integer', 'string'], minimum: 0, maximum: AMOUNT_MAX }),
};

export const units: Shape<Thousandths> = {
  decode: (value, at) => {
    const found = fixedPoint({ places: 3, min: 0, max: AMOUNT_MAX }).decode(value, at);
    return found === undefined ? undefined : thousandths(found);
  },
  schema: () => ({ type: ['number', 'string'], minimum: 0 }),
};

/** An exact decimal whose scale is known only later: an amount of points of some type. */
export const decimal: Shape<Decimal> = {
  decode: (value, at) => {
    const found = parseDecimal(value);
    if (found === undefined) return wrong(at, value, 'a number');
    return found.digits >= 0 && found.digits <= AMOUNT_MAX * 10 ** found.places
      ? found
      : wrong(at, value, 'a number from 0 up');
  },
  schema: () => ({ type: ['number', 'string'], minimum: 0 }),
};
