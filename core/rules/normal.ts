import type { ReturnPolicy } from '../arbitration/tree.ts';
import type { Residual } from '../money/prorate.ts';
import type { MinorUnits, Points, Thousandths } from '../money/units.ts';
import type { Moment } from '../time/moment.ts';
import type { NormalPeriod } from '../time/period.ts';
import type { Recurrence } from '../time/recurrence.ts';
import type { Validity } from '../time/validity.ts';
import type { WeeklyHours } from '../time/weekly.ts';
import type { Benefit } from './benefit.ts';
import type { Condition, LineScope } from './condition.ts';

/**
 * The normal form of a rule set: what `normalise` makes and everything after it reads. Plain,
 * immutable, printable data. Two documents that mean the same have the same normal form.
 *
 * Decided here once, so that nobody downstream decides it again:
 * - every default is filled in, every shorthand is spelled out, every reference resolves;
 * - percentages and factors are integers of millionths (100 % = 1_000_000);
 * - money is in minor units, points in steps of their type's precision, quantities in thousandths;
 * - children stand in the order of evaluation (priority first, then place in the document);
 * - regional parameters (`with`) are whole bodies, one per place that differs;
 * - promotions that are not active are not in the tree (they are listed in `dormant`);
 * - absent values are `undefined`, absent lists are `[]`; no key is ever missing.
 *
 * Conditions and line scopes are in `condition.ts`, benefits in `benefit.ts`.
 */
export interface NormalRuleSet {
  readonly programme: Programme;
  readonly settings: Settings;
  readonly categories: readonly StackingCategory[];
  readonly pointTypes: readonly NormalPointType[];
  readonly tierGroups: readonly TierGroup[];
  readonly places: readonly NormalPlace[];
  readonly partners: readonly NormalPartner[];
  /** Main arbitration. Its limits are applied last, to everything. */
  readonly root: GroupNode;
  /** All promotions of the tree in order of evaluation: `promotions[p.position] === p`. */
  readonly promotions: readonly NormalPromotion[];
  /** Promotions that exist and cannot apply, with their state. */
  readonly dormant: readonly DormantPromotion[];
  /** True when stores and partners that are only used, not declared, are refused. */
  readonly closedWorld: boolean;
}

/** Parts in a million: 100 % = 1_000_000, 0.0001 % = 1. Also factors: 0.75 = 750_000. */
export type Millionths = number;
export const MILLION = 1_000_000;

/** An exact, reduced fraction of safe integers; the denominator is positive. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

export interface Programme {
  readonly id: string;
  readonly currency: string;
  /** Decimal places of the currency. */
  readonly exponent: number;
  /** The programme's own IANA zone. */
  readonly zone: string;
}

/** The switches of the programme. The first value of each is the default. */
export interface Settings {
  readonly rounding: 'half-up' | 'half-even' | 'half-down' | 'floor' | 'ceil';
  readonly roundPer: 'line' | 'unit';
  readonly pointsRounding: 'floor' | 'half-up' | 'half-even' | 'ceil';
  readonly residual: Residual;
  readonly partial: 'allow' | 'reject';
  readonly overflow: 'by-kind' | 'clip' | 'redistribute';
  readonly noEffect: 'prevent' | 'force';
  /** Never stackable promotions of one checkout; `undefined`: one. */
  readonly neverStackable: number | undefined;
  /** Of these, as many of one category; `undefined`: as many as there may be. */
  readonly neverStackablePerCategory: number | undefined;
  readonly codes: 'partial' | 'all';
  readonly consumption: 'expiry' | 'fifo';
  readonly shortBalance: 'partial' | 'skip' | 'reject';
  readonly graceDays: number;
  readonly transferValidity: 'keep' | 'reset';
  /** The first day of a week of limits, Tuesday = 2 … Sunday = 7; `undefined`: Monday. */
  readonly weekStart: number | undefined;
  /** Milliseconds after which a receipt counts as late. */
  readonly lateAfter: number;
  readonly missingGeo: 'fail' | 'pass';
  /** What a partial return does with what promotions gave, where they do not say it. */
  readonly returns: ReturnPolicy;
  /** Milliseconds a return waits for its checkout. */
  readonly parkReturns: number;
}

/** Beside whom the promotions of a category apply: `never` goes with nobody but `always`. */
export const STACKING_ELIGIBILITIES = ['common', 'never', 'always'] as const;
export type StackingEligibility = (typeof STACKING_ELIGIBILITIES)[number];

/** Never stackable promotions of one checkout, whatever the programme says. */
export const NEVERS_MAX = 5;
/** The hierarchy of a category that states none, and of the built-in ones. */
export const DEFAULT_HIERARCHY = 1;

/**
 * A stacking category of the programme's own. `common`, `never`, `always` are built in. What must
 * hold for its promotions has become a part of their own conditions.
 */
export interface StackingCategory {
  readonly id: string;
  readonly eligibility: StackingEligibility;
  /** Categories that it does not go with, sorted; each of them says the same of it. */
  readonly excludes: readonly string[];
  /** At most so many promotions of the category apply to one checkout. */
  readonly limit: number | undefined;
  /** Where a group goes by hierarchy, the lower goes first. */
  readonly hierarchy: number;
  readonly calculation: Calculation | undefined;
}

/** K4: percentages of prices before all discounts, or after those so far. */
export type Calculation = 'initial' | 'discounted';

// --- places and partners ------------------------------------------------------------------

export interface NormalPlace {
  readonly id: string;
  readonly kind: 'country' | 'zone' | 'region' | 'store';
  readonly parent: string | undefined;
  /** IANA zone, inherited; the programme's when no ancestor names one. */
  readonly zone: string;
  /** The partner that runs the place, inherited. */
  readonly partner: string | undefined;
  /** What is paid there, inherited; `undefined`: the programme's currency. */
  readonly currency: PlaceCurrency | undefined;
  readonly location: { readonly lat: number; readonly lon: number } | undefined;
  /** Ids from the most specific to the country: the place itself first. */
  readonly path: readonly string[];
}

/**
 * A currency beside the programme's, with as many decimal places. Amounts of a promotion are in
 * the currency of the place; points are worth the same everywhere, by this rate.
 */
export interface PlaceCurrency {
  readonly code: string;
  /** Units of it for one unit of the programme's currency. */
  readonly rate: Ratio;
}

/**
 * Where a promotion runs. From the store upwards, the first place that is mentioned decides;
 * when none is, it runs unless `in` names any place.
 */
export interface Regions {
  readonly in: readonly string[];
  readonly except: readonly string[];
}

export interface NormalPartner {
  readonly id: string;
  readonly roles: readonly ('issuer' | 'acceptor' | 'manufacturer')[];
  /** Benefits of the partner are inactive before it. */
  readonly since: Moment | undefined;
  readonly reward: { readonly percent: Millionths } | undefined;
  /** Terms per product for `partner-discount`; the first that matches a line decides. */
  readonly products: readonly PartnerProduct[];
  /** How far points pay for what it sells; `undefined`: all of it. */
  readonly accepts:
    | { readonly percent: Millionths; readonly products: readonly AcceptedProduct[] }
    | undefined;
  /** The most points that it issues or accepts, over all members. */
  readonly caps: readonly PartnerCap[];
  readonly block:
    | { readonly balance: number; readonly perPoint: number; readonly alertBelow: number }
    | undefined;
}

export interface PartnerCap {
  readonly of: 'issued' | 'accepted';
  readonly type: string;
  readonly points: Points;
  readonly per: LimitPeriod;
}

export interface PartnerProduct {
  readonly sku: string | undefined;
  readonly category: string | undefined;
  readonly percent: Millionths;
}

export interface AcceptedProduct extends PartnerProduct {
  /** Points that may pay for one unit, in millionths of a point; `undefined`: any number. */
  readonly pointsPerUnit: number | undefined;
}

// --- points -------------------------------------------------------------------------------

export interface NormalPointType {
  readonly id: string;
  readonly kind: 'standard' | 'qualification';
  /** Decimal places of a point; amounts are integers of 10^-precision points. */
  readonly precision: number;
  /** What points are worth: so many steps are worth so many minor units. */
  readonly ratio: { readonly points: Points; readonly money: MinorUnits };
  readonly validity: Validity | undefined;
  /** `earning`: points that are credited later live since they were earned; else since then. */
  readonly validFrom: 'earning' | undefined;
  readonly refund: boolean;
  readonly negative: 'unlimited' | 'within-balance' | 'only-pending';
  readonly initialBalance: Points;
  readonly deactivateAt: Moment | undefined;
  /** Whenever the balance reaches `at`, so much is taken and the phone account is topped up. */
  readonly topUp: { readonly at: Points } | undefined;
  /** Points that one movement by hand may move without a second person's approval. */
  readonly adjustUpTo: Points | undefined;
  /** The most that one checkout may pay with these points. */
  readonly payUpTo:
    | { readonly percent: Millionths | undefined; readonly points: Points | undefined }
    | undefined;
  /** The part of their worth by which maximum benefit compares them; `undefined`: all of it. */
  readonly weight: Millionths | undefined;
  /** Still being prepared: declared, and of no use to anybody yet. */
  readonly state: 'draft' | undefined;
  /** The group that a qualification type feeds. */
  readonly tierGroup: string | undefined;
}

export interface TierGroup {
  readonly id: string;
  readonly model: 'cumulative' | 'cyclic' | 'dynamic';
  /** The qualification point type that is counted. */
  readonly points: string;
  readonly period: { readonly months: number; readonly align: 'calendar' | 'entry' } | undefined;
  readonly upgrade: 'immediate' | 'at-period-end';
  /** When qualification points start again. */
  readonly reset: 'none' | 'at-period-end' | { readonly months: number };
  readonly extendToMonthEnd: boolean;
  /** Do returns take a tier back that the returned purchases had reached? */
  readonly clawback: boolean;
  readonly graceDays: number;
  /** Ascending by `from`. */
  readonly tiers: readonly { readonly id: string; readonly from: Points }[];
}

// --- the arbitration tree -----------------------------------------------------------------

export type ArbitrationMode = 'sequential' | 'exclusive' | 'sum' | 'max';

export type ArbitrationNode = GroupNode | PromotionNode;

export interface GroupNode {
  readonly kind: 'group';
  /** `main` for the root. */
  readonly id: string;
  /** 0 for the root, 1 to 9 below it. */
  readonly depth: number;
  readonly mode: ArbitrationMode;
  /** Of `max`: one decision for the order, or one for each line. */
  readonly scope: 'order' | 'line';
  /** Of `max`: may candidates be built from several children? */
  readonly combine: 'any' | 'none';
  /** Of `exclusive`: one decision per level (product, order), or one for both. */
  readonly decides: 'per-level' | 'across-levels';
  /**
   * Who was asked for by an earlier code of the checkout goes first, or first of those whose
   * categories have one hierarchy; `undefined`: as listed.
   */
  readonly orderBy: 'requested' | 'hierarchy' | undefined;
  readonly limits: NodeLimits;
  /** In the order of evaluation, but for what `orderBy` says. */
  readonly children: readonly ArbitrationNode[];
  /** Positions of all promotions below this node are in `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

export interface PromotionNode {
  readonly kind: 'promotion';
  readonly promotion: NormalPromotion;
}

/** Limits that any node may have. */
export interface NodeLimits {
  readonly maxDiscount: MaxDiscount | undefined;
  readonly minPrice: MinPrice | undefined;
}

export type MaxDiscount =
  | { readonly kind: 'amount'; readonly amount: MinorUnits; readonly per: 'order' | 'line' }
  /** Of the node's input. */
  | { readonly kind: 'percent'; readonly percent: Millionths; readonly per: 'order' | 'line' };

/** Floor of the unit price. */
export type MinPrice =
  /** A line without the field has no floor. */
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'amount'; readonly amount: MinorUnits }
  /** Of the unit price before discounts. */
  | { readonly kind: 'percent'; readonly percent: Millionths };

export const PROMOTION_TYPES = [
  'product-discount',
  'order-discount',
  'points-accrual',
  'points-payment',
  'partner-offer',
  'code',
  'trigger',
] as const;
export type PromotionType = (typeof PROMOTION_TYPES)[number];

export interface NormalPromotion {
  readonly id: string;
  readonly type: PromotionType;
  /** Index in `NormalRuleSet.promotions`, the order of evaluation and the last tie-break. */
  readonly position: number;
  /** `undefined`: everywhere, a checkout without a known place included. */
  readonly regions: Regions | undefined;
  readonly stacking: Stacking;
  /** Of a trigger: its points are taken instead of given. */
  readonly deducts: boolean;
  /** What a partial return does with what it gave. */
  readonly returns: ReturnPolicy;
  /** What it does where nothing else is said. */
  readonly body: PromotionBody;
  /** What it does at a place that differs; the nearest place of the path wins. Sorted by place. */
  readonly variants: readonly { readonly place: string; readonly body: PromotionBody }[];
}

/** Everything of a promotion that `regions.with` may change. */
export interface PromotionBody {
  readonly period: NormalPeriod;
  /** Within the period, only in these occurrences. */
  readonly repeat: Recurrence | undefined;
  /** Any of these; `[]` = always. */
  readonly hours: readonly WeeklyHours[];
  /** `[]` = every channel. */
  readonly channels: readonly string[];
  readonly when: Condition;
  /** Lines the promotion looks at; steps apply one after the other, `[]` = every line. */
  readonly lines: readonly LineScope[];
  /** In-promotion arbitration. */
  readonly mode: 'sequential' | 'parallel';
  readonly benefits: readonly Benefit[];
  readonly limits: PromotionLimits;
}

export interface Stacking {
  /** `common`, `never`, `always`, or one of `NormalRuleSet.categories`. */
  readonly category: string;
  /** Already used to order the children; 0 when not given. */
  readonly priority: number;
  /** Of its category; `undefined`: as its group does. */
  readonly calculation: Calculation | undefined;
  readonly exclusive: boolean;
  /** Ends its group once it applied. */
  readonly stopAfter: boolean;
}

export interface DormantPromotion {
  readonly id: string;
  readonly type: PromotionType;
  readonly state: 'draft' | 'inactive' | 'ended';
}

/** `ever` = over the whole life of the promotion. Periods are local to the programme's zone. */
export type LimitPeriod = 'ever' | 'day' | 'week' | 'month' | 'year';

export interface PromotionLimits extends NodeLimits {
  readonly perMember:
    | {
        readonly uses: number | undefined;
        readonly units: Thousandths | undefined;
        readonly per: LimitPeriod;
      }
    | undefined;
  readonly unitsPerOrder: Thousandths | undefined;
  readonly unitsPerLine:
    | { readonly units: Thousandths; readonly timesBundles: boolean }
    | undefined;
  readonly budget: Budget | undefined;
}

/** Shared by all members. */
export interface Budget {
  readonly discount: MinorUnits | undefined;
  readonly points: Points | undefined;
  readonly uses: number | undefined;
  readonly units: Thousandths | undefined;
  readonly per: LimitPeriod;
  /** One counter for each sku instead of one for all. */
  readonly perSku: boolean;
  /** Whether the last use may take what is left; `undefined`: as the programme's K7 says. */
  readonly partial: boolean | undefined;
}
