import type { Benefit } from '../../rules/benefit.ts';
import type { Condition } from '../../rules/condition.ts';
import type { ArbitrationNode, NormalPromotion, PromotionBody } from '../../rules/normal.ts';

/**
 * What can be told about a child from its rules alone, so that the search for the maximum
 * benefit may leave out what cannot win, and nothing else.
 */

/** Whether a condition looks at prices as they fall. Everything else stays the same. */
export function followsPrices(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.parts.some(followsPrices);
    case 'not':
      return followsPrices(condition.part);
    case 'fact':
      return condition.fact === 'total.current' || condition.fact.endsWith('discounted');
    default:
      return false;
  }
}

/**
 * True when a child gives the less the lower the prices it finds, so that nothing it is combined
 * with can make it give more than it gives alone.
 */
export function isShrinking(node: ArbitrationNode): boolean {
  const known = shrinking.get(node);
  if (known !== undefined) return known;
  const found = shrinks(node);
  shrinking.set(node, found);
  return found;
}

/** The answer depends on the rules alone, so it is found once a node. */
const shrinking = new WeakMap<ArbitrationNode, boolean>();

function shrinks(node: ArbitrationNode): boolean {
  if (node.kind === 'promotion') return bodiesOf(node.promotion).every(isShrinkingBody);
  const combines = node.mode === 'sequential' || node.mode === 'sum';
  return combines && node.children.every((child) => isShrinking(child) && !isWilful(child));
}

/** Children that act on siblings other than by lowering prices. */
export function isWilful(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.some(isWilful);
  const { category, exclusive, stopAfter } = node.promotion.stacking;
  return exclusive || stopAfter || category !== 'common';
}

function bodiesOf(promotion: NormalPromotion): readonly PromotionBody[] {
  return [promotion.body, ...promotion.variants.map(({ body }) => body)];
}

function isShrinkingBody({ when, benefits }: PromotionBody): boolean {
  return !followsPrices(when) && benefits.every(isShrinkingBenefit);
}

function isShrinkingBenefit(benefit: Benefit): boolean {
  if (benefit.lines.some(({ where }) => followsPrices(where))) return false;
  switch (benefit.kind) {
    case 'round':
      return false;
    case 'price':
      return !benefit.allowIncrease && benefit.target === 'lines';
    default:
      return true;
  }
}

/** True when a child moreover gives the less on each line the lower that line's price is. */
export function isShrinkingByLine(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.every(isShrinkingByLine);
  return bodiesOf(node.promotion).every(
    ({ benefits, limits }) =>
      limits.maxDiscount === undefined &&
      limits.budget === undefined &&
      benefits.every(isLineByLine),
  );
}

function isLineByLine(benefit: Benefit): boolean {
  if (benefit.kind === 'partner-discount' || benefit.kind === 'price') return true;
  if (benefit.kind !== 'discount' || benefit.target !== 'lines') return false;
  const { value } = benefit;
  return value.by === 'percent' || value.per === 'subtotal' || value.per === 'unit';
}

/** Payments in points share the member's balance, whatever lines they are on. */
export function paysWithPoints(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.some(paysWithPoints);
  return bodiesOf(node.promotion).some(({ benefits }) =>
    benefits.some(({ kind }) => kind === 'pay-with-points'),
  );
}
