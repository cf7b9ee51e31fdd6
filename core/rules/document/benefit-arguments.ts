import type { BenefitKind } from '../benefit.ts';
import { BENEFITS, definitionOf } from '../benefits/list.ts';
import { type Cursor, type Definitions, type JsonSchema, report } from '../shape/shape.ts';
import { type Decoded, record } from '../shape/structures.ts';

/** The arguments of a benefit as written, by kind. */
export type BenefitArguments = {
  readonly [K in BenefitKind]: {
    readonly kind: K;
    readonly arguments: Decoded<(typeof BENEFITS)[K]['fields']>;
  };
}[BenefitKind];

interface ArgumentShape {
  readonly decode: (value: unknown, at: Cursor) => BenefitArguments | undefined;
  readonly schema: (definitions: Definitions) => JsonSchema;
  /** The argument meant by a plain value, as in `round: tens`. */
  readonly plain: string;
  readonly summary: string;
}

/** How the arguments of a kind are read, made from its definition. */
export function argumentsOf(kind: BenefitKind): ArgumentShape {
  const { plain, summary, fields } = definitionOf(kind);
  const shape = record(fields);
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
  const names = definitionOf(kind).oneOf;
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
  Object.values(BENEFITS).flatMap(({ fields }) => Object.keys(fields)),
);
