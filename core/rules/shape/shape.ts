import { type Diagnostic, type Problems, pointer } from '../diagnostic.ts';

/**
 * A shape is one definition with three uses: it decodes an untrusted value, it describes itself
 * as JSON Schema, and through that it writes the reference page. So the three never disagree.
 */
export interface Shape<T> {
  /** The decoded value; `undefined` after it has reported why there is none. */
  readonly decode: (value: unknown, at: Cursor) => T | undefined;
  readonly schema: (definitions: Definitions) => JsonSchema;
}

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonSchema = { readonly [key: string]: Json };

/** Named parts of the schema, filled while it is described. */
export type Definitions = Map<string, JsonSchema>;

/** Where in the document a shape is at work. */
export interface Cursor {
  readonly path: string;
  readonly problems: Problems;
  /** Parents of the declared places, so that regional parameters can be inherited. */
  readonly parentOf: ReadonlyMap<string, string>;
}

export function down(at: Cursor, key: string | number): Cursor {
  return { ...at, path: pointer(at.path, key) };
}

/** Reports a problem here. Returns `undefined`, which is what a failed decode returns. */
export function report(
  at: Cursor,
  problem: Pick<Diagnostic, 'code' | 'message' | 'hint'>,
): undefined {
  at.problems.error({ path: at.path, ...problem });
  return undefined;
}

/** A plain object of the document: what JSON and YAML make, and nothing with a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A shape with a name of its own in the schema. Breaks cycles: the shape is made when used. */
export function named<T>(name: string, shape: () => Shape<T>): Shape<T> {
  return {
    decode: (value, at) => shape().decode(value, at),
    schema: (definitions) => {
      if (!definitions.has(name)) {
        definitions.set(name, {});
        definitions.set(name, shape().schema(definitions));
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** The same shape with a value made of it. */
export function mapped<T, U>(
  shape: Shape<T>,
  map: (value: T, at: Cursor) => U | undefined,
): Shape<U> {
  return {
    decode: (value, at) => {
      const decoded = shape.decode(value, at);
      return decoded === undefined ? undefined : map(decoded, at);
    },
    schema: shape.schema,
  };
}
