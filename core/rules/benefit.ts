import type { MinorUnits, Points } from '../money/units.ts';
import type { CalendarDuration } from '../time/duration.ts';
import type { Moment } from '../time/moment.ts';
import type { LineScope } from './condition.ts';
import type { Millionths, Ratio } from './normal.ts';

export const BENEFIT_KINDS = [
  'discount',
  'price',
  'round',
  'pay-with-points',
  'points',
  'multiply-points',
  'partner-discount',
  'text',
  'issue-code',
  'top-up',
] as const;
export type BenefitKind = (typeof BENEFIT_KINDS)[number];

/** What every benefit has. */
export interface BenefitBase {
  readonly target: 'lines' | 'order' | 'delivery';
  /** The promotion's steps and then its own: the whole chain, ready to apply. */
  readonly lines: readonly LineScope[];
  /** Multiplied by the number of complete bundles. */
  readonly timesBundles: boolean;
}

export type Benefit =
  | DiscountBenefit
  | PriceBenefit
  | RoundBenefit
  | PayWithPointsBenefit
  | PointsBenefit
  | MultiplyPointsBenefit
  | PartnerDiscountBenefit
  | TextBenefit
  | IssueCodeBenefit
  | TopUpBenefit;

export interface DiscountBenefit extends BenefitBase {
  readonly kind: 'discount';
  readonly value:
    | { readonly by: 'percent'; readonly percent: Millionths }
    | {
        readonly by: 'amount';
        readonly amount: MinorUnits;
        /** Default `subtotal`; with target `order`, `split-amount`. */
        readonly per: 'subtotal' | 'unit' | 'split-amount' | 'split-quantity';
      };
}

/** A new unit price, never higher than the present one unless `allowIncrease`. */
export interface PriceBenefit extends BenefitBase {
  readonly kind: 'price';
  readonly value:
    | { readonly by: 'amount'; readonly amount: MinorUnits }
    /** `field × factor + plus`. A line without the field is not touched. */
    | {
        readonly by: 'field';
        readonly field: string;
        readonly factor: Millionths;
        readonly plus: MinorUnits;
      };
  readonly allowIncrease: boolean;
}

export interface RoundBenefit extends BenefitBase {
  readonly kind: 'round';
  /** In major units: integer half-up, to 0.50, integer down, tens down, nearest ten. */
  readonly to: 'integer' | 'half' | 'floor' | 'tens' | 'nearest-ten';
}

export interface PayWithPointsBenefit extends BenefitBase {
  readonly kind: 'pay-with-points';
  readonly type: string;
  readonly value:
    | { readonly by: 'percent'; readonly percent: Millionths }
    | { readonly by: 'amount'; readonly amount: MinorUnits }
    | { readonly by: 'points'; readonly points: Points };
  /** True for `as: discount`: it lowers prices and takes part in arbitration as a discount. */
  readonly asDiscount: boolean;
}

export interface PointsBenefit extends BenefitBase {
  readonly kind: 'points';
  readonly type: string;
  readonly value:
    | { readonly by: 'fixed'; readonly points: Points }
    /** Steps = base in minor units × rate, rounded once by `pointsRounding`. */
    | { readonly by: 'rate'; readonly rate: Ratio }
    /** `floor(base / spend) × points`; `continuous`: base × points / spend, rounded once. */
    | {
        readonly by: 'every';
        readonly spend: MinorUnits;
        readonly points: Points;
        readonly continuous: boolean;
      }
    /** The line's field (in points) × quantity. A line without a number there gives nothing. */
    | { readonly by: 'field'; readonly field: string }
    /** Of a trigger: the caller's value within the range; `from` when it gives none. */
    | { readonly by: 'range'; readonly from: Points; readonly to: Points };
  readonly credit:
    | { readonly kind: 'at-checkout' }
    | { readonly kind: 'on-delivery' }
    | { readonly kind: 'after'; readonly duration: CalendarDuration }
    | { readonly kind: 'at'; readonly at: Moment };
}

/** Multiplies what other promotions accrue on these lines. */
export interface MultiplyPointsBenefit extends BenefitBase {
  readonly kind: 'multiply-points';
  /** `undefined` = every standard type. */
  readonly type: string | undefined;
  readonly factor: Millionths;
}

/** The discount of the partner's own product table, funded by that partner. */
export interface PartnerDiscountBenefit extends BenefitBase {
  readonly kind: 'partner-discount';
  /** `undefined` = the partner of each line, or else of the checkout. */
  readonly partner: string | undefined;
}

export interface TextBenefit extends BenefitBase {
  readonly kind: 'text';
  readonly template: Template;
}

export interface IssueCodeBenefit extends BenefitBase {
  readonly kind: 'issue-code';
  readonly pool: string;
  readonly message: Template;
}

export interface TopUpBenefit extends BenefitBase {
  readonly kind: 'top-up';
  readonly type: string;
  readonly at: Points;
}

/** Text with holes. Never code: a hole only names a variable of `template.ts`. */
export type Template = readonly (string | { readonly variable: string })[];
