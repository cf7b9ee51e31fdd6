import type { GeoPoint } from '../../transaction/transaction.ts';
import type { Scalar } from '../condition.ts';
import type { Facts, LineFacts } from '../facts.ts';

/**
 * What a fact's value is, and so which operators it takes and in which unit an operand is
 * written. A list fact passes a test when any of its values does.
 */
export const FACT_TYPES = [
  'money',
  'number',
  'units',
  'text',
  'flag',
  'field',
  'tier',
  'points',
  'birthday',
  'location',
] as const;
export type FactType = (typeof FACT_TYPES)[number];

export type FactValue = Scalar | readonly Scalar[] | ReadonlySet<string> | GeoPoint;

/** One kind of fact: everything the compiler, the form, the reference and `explain` need. */
export interface FactDefinition {
  /** The name, or for a family the part before its parameter, with the dot. */
  readonly name: string;
  /** Of a family: what follows the name. `undefined` for a fact that stands alone. */
  readonly parameter: FactParameter | undefined;
  readonly type: FactType;
  /** True when it has many values: `has` is allowed and a plain value means `has`. */
  readonly many: boolean;
  /** For the form and the reference. */
  readonly summary: string;
  /** Relative effort of reading it. Cheap facts are looked at first. */
  readonly cost: number;
  /** Made once per condition, so that the parameter is read at compile time. */
  readonly reader: (parameter: string) => (facts: Facts) => FactValue | undefined;
  /** The reason when it is missing, if it has a better one than `fact-missing`. */
  readonly missing?: string;
}

export interface FactParameter {
  /** How the reference writes it, such as `NAME` or `lastNd`. */
  readonly label: string;
  readonly pattern: RegExp;
}

/** A fact of one order line. In `when` it is `line.<name>` and has a value per line. */
export interface LineFactDefinition {
  readonly name: string;
  readonly parameter: FactParameter | undefined;
  readonly type: FactType;
  readonly many: boolean;
  readonly summary: string;
  readonly cost: number;
  readonly reader: (parameter: string) => (line: LineFacts) => FactValue | undefined;
}

export const FIELD_NAME: FactParameter = { label: 'NAME', pattern: /^[^\p{Cc}]{1,128}$/u };

/** States a fact that stands alone. */
export function fact(
  definition: Omit<FactDefinition, 'parameter' | 'many' | 'cost' | 'reader'> & {
    readonly many?: boolean;
    readonly cost?: number;
    readonly read: (facts: Facts) => FactValue | undefined;
  },
): FactDefinition {
  const { read, ...rest } = definition;
  return { parameter: undefined, many: false, cost: 1, ...rest, reader: () => read };
}

/** States a fact of a line that stands alone. */
export function lineFact({
  read,
  ...rest
}: Pick<LineFactDefinition, 'name' | 'type' | 'summary'> & {
  readonly many?: boolean;
  readonly read: ReturnType<LineFactDefinition['reader']>;
}): LineFactDefinition {
  return { parameter: undefined, many: false, cost: 1, ...rest, reader: () => read };
}
