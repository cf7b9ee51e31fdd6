import type { Thousandths } from '../money/units.ts';

/**
 * A condition over the facts of a checkout, or, in a `LineScope`, over those of one line.
 * `conditions/compile.ts` makes a closure of it; `conditions/interpret.ts` says what it means.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  /** At least two parts, none of them `all`; sorted cheapest first. */
  | { readonly kind: 'all'; readonly parts: readonly Condition[] }
  /** At least two parts, none of them `any`; sorted cheapest first. */
  | { readonly kind: 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | FactCondition;

/** `fact` names a definition of `conditions/list.ts`. A missing fact makes it false. */
export interface FactCondition {
  readonly kind: 'fact';
  /** As written by the operator, e.g. `member.fields.city`, `member.purchases.last30d`. */
  readonly fact: string;
  readonly test: Test;
}

export type Scalar = string | number | boolean;

/** Operands are in the fact's unit: minor units, thousandths, steps, days, plain numbers. */
export type Test =
  | { readonly operator: 'is'; readonly value: Scalar }
  | { readonly operator: 'in'; readonly values: readonly Scalar[] }
  /** Of a list fact: contains the value. */
  | { readonly operator: 'has'; readonly value: Scalar }
  | { readonly operator: 'atLeast'; readonly value: number }
  | { readonly operator: 'atMost'; readonly value: number }
  | { readonly operator: 'above'; readonly value: number }
  | { readonly operator: 'below'; readonly value: number }
  /** Both ends included. */
  | { readonly operator: 'between'; readonly from: number; readonly to: number }
  /** Of a yearly date: at most so many days before or after it, either way. */
  | { readonly operator: 'within'; readonly days: number }
  /** In any of the areas; the edge is inside. */
  | { readonly operator: 'inside'; readonly areas: readonly Area[] };

export type Area =
  | { readonly kind: 'circle'; readonly lat: number; readonly lon: number; readonly metres: number }
  | {
      readonly kind: 'polygon';
      readonly points: readonly { readonly lat: number; readonly lon: number }[];
    };

/** `lines/select.ts` applies it. First filter, then rank and count, or form bundles. */
export interface LineScope {
  /** Over the facts of one line (`sku`, `category`, `brand`, `partner`, `price`, …). */
  readonly where: Condition;
  readonly ranking: Ranking | undefined;
  /** Complete sets of these; `[]` = no bundles. */
  readonly bundle: readonly BundlePart[];
}

/** After skipping, `take` of each `every`; an incomplete last window counts. */
export interface Ranking {
  readonly order: 'cheapest-first' | 'most-expensive-first' | 'as-listed';
  readonly skip: number;
  /** `undefined` = all of the window. */
  readonly take: number | undefined;
  /** `undefined` = one window of all that is left. */
  readonly every: number | undefined;
  readonly count: 'lines' | 'units';
}

export interface BundlePart {
  readonly sku: string | undefined;
  readonly category: string | undefined;
  readonly quantity: Thousandths;
}
