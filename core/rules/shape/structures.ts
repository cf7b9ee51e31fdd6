import { quoted } from '../diagnostic.ts';
import { nearest } from './nearest.ts';
import { type Cursor, down, isPlainObject, type JsonSchema, report, type Shape } from './shape.ts';

/** A field of a record: its shape, what happens without it, and a sentence for the reference. */
export interface Field<T> {
  readonly shape: Shape<unknown>;
  readonly required: boolean;
  /** The value of an absent field; also shown in the reference. */
  readonly fallback: unknown;
  readonly summary: string;
  /** The default as it is written, when it differs from the decoded value. */
  readonly shown?: string;
  /** Never read: ties the field to its decoded type. */
  readonly decoded?: T;
}

export type FieldMap = Readonly<Record<string, Field<unknown>>>;
export type Decoded<F extends FieldMap> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

export function required<T>(shape: Shape<T>, summary: string): Field<T> {
  return { shape, required: true, fallback: undefined, summary };
}

export function optional<T>(shape: Shape<T>, summary: string): Field<T | undefined> {
  return { shape, required: false, fallback: undefined, summary };
}

export function defaulted<T>(shape: Shape<T>, fallback: T, summary: string): Field<T> {
  return { shape, required: false, fallback, summary };
}

/** An object with these fields and no others. Only its own keys are looked at. */
export function record<F extends FieldMap>(fields: F): Shape<Decoded<F>> {
  const names = Object.keys(fields);
  return {
    decode: (value, at) => {
      if (!isPlainObject(value)) {
        return report(at, {
          code: 'wrong-type',
          message: `${quoted(value)} is not an object`,
          hint: `write an object with ${names.join(', ')}`,
        });
      }
      const before = at.problems.errors;
      reportUnknownKeys(value, names, at);
      const decoded: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(fields)) {
        decoded[name] = decodeField(field, name, { value, at });
      }
      // Every key is a declared field and every value came out of that field's shape.
      return at.problems.errors === before ? (decoded as Decoded<F>) : undefined;
    },
    schema: (definitions) => {
      const properties: Record<string, JsonSchema> = {};
      for (const [name, field] of Object.entries(fields)) {
        properties[name] = { ...field.shape.schema(definitions), ...remarks(field) };
      }
      const mandatory = names.filter((name) => fields[name]?.required);
      return {
        type: 'object',
        properties,
        ...(mandatory.length > 0 ? { required: mandatory } : {}),
        additionalProperties: false,
      };
    },
  };
}

function remarks(field: Field<unknown>): JsonSchema {
  const fallback = field.shown ?? field.fallback;
  const simple =
    typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean';
  return { description: field.summary, ...(simple ? { default: fallback } : {}) };
}

function decodeField(
  field: Field<unknown>,
  name: string,
  inside: { readonly value: Readonly<Record<string, unknown>>; readonly at: Cursor },
): unknown {
  const given = Object.hasOwn(inside.value, name) ? inside.value[name] : undefined;
  if (given !== undefined && given !== null)
    return field.shape.decode(given, down(inside.at, name));
  if (!field.required) return field.fallback;
  return report(down(inside.at, name), {
    code: 'missing-field',
    message: `\`${name}\` is missing`,
    hint: field.summary === '' ? `add \`${name}\`` : `add \`${name}\`: ${field.summary}`,
  });
}

export function reportUnknownKeys(
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
  at: Cursor,
): void {
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const guess = nearest(key, names);
    report(down(at, key), {
      code: 'unknown-field',
      message: `${quoted(key)} is not a field here`,
      hint: guess === undefined ? `use one of ${names.join(', ')}` : `did you mean \`${guess}\`?`,
    });
  }
}

/** A list. One value instead of a list is a list of one when `single` says so. */
export function list<T>(
  item: Shape<T>,
  bounds: { readonly max: number; readonly min?: number; readonly single?: boolean },
): Shape<readonly T[]> {
  return {
    decode: (value, at) => {
      if (!Array.isArray(value)) {
        if (bounds.single) return decodeSingle(item, value, at);
        return report(at, {
          code: 'wrong-type',
          message: `${quoted(value)} is not a list`,
          hint: 'write a list',
        });
      }
      if (value.length > bounds.max || value.length < (bounds.min ?? 0)) {
        return report(at, {
          code: 'wrong-count',
          message: `the list has ${value.length} entries`,
          hint: `use from ${bounds.min ?? 0} to ${bounds.max} entries`,
        });
      }
      const decoded = value.map((one: unknown, index) => item.decode(one, down(at, index)));
      return decoded.every((one) => one !== undefined) ? decoded : undefined;
    },
    schema: (definitions) => {
      const items = item.schema(definitions);
      const array = { type: 'array', items, minItems: bounds.min ?? 0, maxItems: bounds.max };
      return bounds.single ? { anyOf: [items, array] } : array;
    },
  };
}

function decodeSingle<T>(item: Shape<T>, value: unknown, at: Cursor): readonly T[] | undefined {
  const decoded = item.decode(value, at);
  return decoded === undefined ? undefined : [decoded];
}

/** An object whose keys are the operator's own. A list of pairs, so no key can be a trick. */
export function dictionary<T>(
  item: Shape<T>,
  bounds: { readonly max: number },
): Shape<readonly (readonly [string, T])[]> {
  return {
    decode: (value, at) => {
      if (!isPlainObject(value) || Object.keys(value).length > bounds.max) {
        return report(at, {
          code: 'wrong-type',
          message: `${quoted(value)} is not an object of at most ${bounds.max} entries`,
          hint: 'write an object',
        });
      }
      const before = at.problems.errors;
      const decoded: (readonly [string, T])[] = [];
      for (const [key, one] of Object.entries(value)) {
        const found = item.decode(one, down(at, key));
        if (found !== undefined) decoded.push([key, found]);
      }
      return at.problems.errors === before ? decoded : undefined;
    },
    schema: (definitions) => ({
      type: 'object',
      additionalProperties: item.schema(definitions),
      maxProperties: bounds.max,
    }),
  };
}
