import type { Benefit, BenefitBase, BenefitKind } from '../benefit.ts';
import type { BenefitContext } from '../normalise/benefits.ts';
import type { Decoded, FieldMap } from '../shape/structures.ts';

/** A benefit of one kind in its normal form. */
export type BenefitOf<K extends BenefitKind> = Extract<Benefit, { readonly kind: K }>;

/**
 * The whole story of a benefit kind as an operator meets it: what may be written, what it means,
 * and how it is shown. Decoder, JSON Schema and reference page are made from it. How the engine
 * computes it stands in the same file, where there is anything to compute.
 */
export interface BenefitDefinition<K extends BenefitKind, F extends FieldMap> {
  readonly kind: K;
  /** What it does, after "This benefit". */
  readonly summary: string;
  /** The argument meant by a plain value, as in `round: tens`. */
  readonly plain: keyof F & string;
  /** Of these, exactly one says how much. */
  readonly oneOf?: readonly (keyof F & string)[];
  readonly fields: F;
  /** Fills in the defaults and brings every amount to its unit. */
  readonly normal: (given: Decoded<F>, base: BenefitBase, context: BenefitContext) => BenefitOf<K>;
  /** What it gives, in a few words. */
  readonly describe: (benefit: BenefitOf<K>) => string;
}

export function defineBenefit<const K extends BenefitKind, F extends FieldMap>(
  definition: BenefitDefinition<K, F>,
): BenefitDefinition<K, F> {
  return definition;
}

/** A percentage as people write it. */
export function percentText(millionths: number): string {
  return `${millionths / 10_000} %`;
}
