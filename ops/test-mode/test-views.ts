import type { Decision, LineAward } from '../../core/arbitration/decision.ts';
import { REASONS } from '../../core/arbitration/reasons.ts';
import { type MinorUnits, minorUnits } from '../../core/money/units.ts';
import type { PointsRow } from '../../core/outcome/outcome.ts';
import type { NormalRuleSet, PromotionType } from '../../core/rules/normal.ts';
import { ELIGIBILITY_REASONS } from '../../core/rules/reasons.ts';
import type { OrderLine } from '../../core/transaction/transaction.ts';

/** What an order costs before or after its benefits. */
export interface Costs {
  readonly goods: MinorUnits;
  readonly delivery: MinorUnits;
  readonly total: MinorUnits;
}

/** The result at a glance: counts, and the order before and after (003-72). */
export interface ResultView {
  readonly orders: number;
  readonly lines: number;
  /** Sum of the quantities. */
  readonly items: number;
  /** Pairs of promotion and benefit that did something. */
  readonly benefits: number;
  readonly before: Costs;
  readonly after: Costs;
  readonly discount: MinorUnits;
  readonly deliveryDiscount: MinorUnits;
  readonly paidWithPoints: MinorUnits;
  readonly payable: MinorUnits;
}

/** One account of the member, in points (003-73). */
export interface PointsView {
  readonly type: string;
  readonly before: number;
  readonly accrued: number;
  readonly redeemed: number;
  readonly pending: number;
  readonly after: number;
}

/** One benefit on one line; the rows of a unit add up to what the result says (003-74). */
export interface OrderRow {
  /** Position of the line, from 1; 0 for the delivery, or for the order as a whole. */
  readonly number: number;
  /** The line's id; `delivery`, or `order` for what belongs to no line. */
  readonly line: string;
  readonly sku: string;
  readonly quantity: number;
  readonly price: MinorUnits;
  readonly benefit: string;
  /** What the amount does: lowers the price, pays with points, or is a number of points. */
  readonly unit: 'discount' | 'payment' | 'points';
  /** Of `points`. */
  readonly points: string;
  readonly requested: number;
  readonly result: number;
  /** '' where the member's own wish did it. */
  readonly promotion: string;
  /** Campaign type of the promotion. */
  readonly type: string;
}

/** A promotion that gave nothing, and why. */
export interface NotAppliedRow {
  readonly promotion: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** Benefits whose line awards are points, counted by accruals instead. */
const POINT_BENEFITS: ReadonlySet<string> = new Set(['points', 'multiply-points', 'top-up']);
const PAY_WITH_POINTS = 'pay-with-points';

export function resultView(decision: Decision, lines: readonly OrderLine[]): ResultView {
  const { gross, discount, delivery, deliveryDiscount, paidWithPoints, payable } = decision.totals;
  const goods = minorUnits(gross - discount);
  const left = minorUnits(delivery - deliveryDiscount);
  return {
    orders: 1,
    lines: lines.length,
    items: lines.reduce((sum, { quantity }) => sum + quantity, 0) / 1_000,
    benefits: benefitsOf(decision).size,
    before: { goods: gross, delivery, total: minorUnits(gross + delivery) },
    after: { goods, delivery: left, total: minorUnits(goods + left) },
    discount,
    deliveryDiscount,
    paidWithPoints,
    payable,
  };
}

function benefitsOf(decision: Decision): ReadonlySet<string> {
  const named = new Set<string>();
  const add = (promotion: string, benefit: string): void => {
    named.add(JSON.stringify([promotion, benefit]));
  };
  for (const award of awardsOf(decision)) {
    if (award.applied !== 0) add(award.promotion, award.benefit);
  }
  for (const { promotion, benefit, points } of decision.accruals) {
    if (points !== 0) add(promotion, benefit);
  }
  for (const { promotion } of decision.texts) add(promotion, 'text');
  for (const { promotion } of decision.codes) add(promotion, 'issue-code');
  return named;
}

function awardsOf({ lines, deliveryAwards }: Decision): readonly LineAward[] {
  return [...lines.flatMap(({ awards }) => awards), ...deliveryAwards];
}

export function pointsView(rows: readonly PointsRow[]): readonly PointsView[] {
  return rows.map(({ type, precision, before, accrued, redeemed, pending, after }) => {
    const scale = 10 ** precision;
    return {
      type,
      before: before / scale,
      accrued: accrued / scale,
      redeemed: redeemed / scale,
      pending: pending / scale,
      after: after / scale,
    };
  });
}

/** Finds the campaign type of a promotion. */
export type TypeOf = (promotion: string) => PromotionType | undefined;

export function typesOf({ promotions, dormant }: NormalRuleSet): TypeOf {
  const types = new Map([...promotions, ...dormant].map(({ id, type }) => [id, type]));
  return (promotion) => types.get(promotion);
}

interface Place {
  readonly number: number;
  readonly line: string;
  readonly sku: string;
  readonly quantity: number;
  readonly price: MinorUnits;
}

const ZERO = minorUnits(0);
const DELIVERY: Place = { number: 0, line: 'delivery', sku: '', quantity: 0, price: ZERO };
const ORDER: Place = { ...DELIVERY, line: 'order' };

/** The order line by line: what each benefit did there. */
export function orderRows(
  decision: Decision,
  lines: readonly OrderLine[],
  { typeOf, scaleOf }: { readonly typeOf: TypeOf; readonly scaleOf: (type: string) => number },
): readonly OrderRow[] {
  const rows: OrderRow[] = [];
  const add = (place: Place, row: Omit<OrderRow, keyof Place | 'type'>): void => {
    if (row.requested === 0 && row.result === 0) return;
    rows.push({ ...place, ...row, type: typeOf(row.promotion) ?? '' });
  };
  const places = lines.map(placeOf);
  for (const [index, { awards }] of decision.lines.entries()) {
    for (const award of awards) addAward(add, places[index] ?? ORDER, { award, decision });
  }
  for (const award of decision.deliveryAwards) addAward(add, DELIVERY, { award, decision });
  for (const redemption of decision.redemptions) {
    if (redemption.promotion !== undefined) continue;
    for (const [index, amount] of redemption.amountShares.entries()) {
      const about = { benefit: 'pay', unit: 'payment', points: redemption.type } as const;
      const moved = { requested: amount, result: amount, promotion: '' };
      add(places[index] ?? DELIVERY, { ...about, ...moved });
    }
  }
  for (const { promotion, benefit, type, points, requested, shares } of decision.accruals) {
    const about = { promotion, benefit, unit: 'points', points: type } as const;
    const scale = scaleOf(type);
    const onLines = shares.reduce((sum, share) => sum + share, 0);
    for (const [index, share] of shares.entries()) {
      add(places[index] ?? ORDER, { ...about, requested: share / scale, result: share / scale });
    }
    const lost = { requested: (requested - onLines) / scale, result: (points - onLines) / scale };
    add(ORDER, { ...about, ...lost });
  }
  return rows;
}

function placeOf({ id, sku, quantity, price }: OrderLine, index: number): Place {
  return { number: index + 1, line: id, sku, quantity: quantity / 1_000, price };
}

function addAward(
  add: (place: Place, row: Omit<OrderRow, keyof Place | 'type'>) => void,
  place: Place,
  { award, decision }: { readonly award: LineAward; readonly decision: Decision },
): void {
  const { promotion, benefit, requested, applied: result } = award;
  if (POINT_BENEFITS.has(benefit)) return;
  const paying = benefit === PAY_WITH_POINTS;
  const redemption = decision.redemptions.find((one) => one.promotion === promotion);
  const unit = paying && redemption?.asDiscount !== true ? 'payment' : 'discount';
  const points = paying ? (redemption?.type ?? '') : '';
  add(place, { promotion, benefit, unit, points, requested, result });
}

const DORMANT_REASONS = {
  draft: 'The promotion is a draft.',
  inactive: 'The promotion is switched off.',
  ended: 'The promotion was ended and stays so.',
} as const;

const SENTENCES: Readonly<Record<string, string>> = {
  ...REASONS,
  ...ELIGIBILITY_REASONS,
  ...DORMANT_REASONS,
};

/**
 * Why each promotion that gave nothing did so. The decision names those that were looked at; of
 * the others the reason is why they were not, or that they are not active at all.
 */
export function notAppliedRows(
  given: {
    readonly decision: Decision;
    readonly rules: NormalRuleSet;
    /** Reason by promotion, of those that were not eligible. */
    readonly ineligible: ReadonlyMap<string, string>;
  },
  typeOf: TypeOf,
): readonly NotAppliedRow[] {
  const { decision, rules, ineligible } = given;
  const reasons = new Map(rules.dormant.map(({ id, state }): [string, string] => [id, state]));
  for (const [promotion, reason] of ineligible) reasons.set(promotion, reason);
  for (const { promotion, reason } of decision.notApplied) reasons.set(promotion, reason);
  const order = [...rules.promotions, ...rules.dormant];
  return order.flatMap(({ id: promotion }) => {
    const reason = reasons.get(promotion);
    if (reason === undefined) return [];
    const message = SENTENCES[reason] ?? '';
    return { promotion, type: typeOf(promotion) ?? '', reason, message };
  });
}
