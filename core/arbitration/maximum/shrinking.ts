import type { Benefit } from '../../rules/benefit.ts';
import type { Condition } from '../../rules/condition.ts';
import type {
  ArbitrationNode,
  NormalPromotion,
  PromotionBody,
  Settings,
} from '../../rules/normal.ts';

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
 * True when a child asks for the less the lower the prices it finds, so that nothing it is
 * combined with can make it give more than it asks for alone.
 */
export function isShrinking(node: ArbitrationNode, settings: Settings): boolean {
  const known = shrinking.get(node);
  if (known !== undefined) return known;
  const found = shrinks(node, settings);
  shrinking.set(node, found);
  return found;
}

/** A node belongs to one rule set with its settings, so the answer is found once a node. */
const shrinking = new WeakMap<ArbitrationNode, boolean>();

function shrinks(node: ArbitrationNode, settings: Settings): boolean {
  if (node.kind === 'promotion') {
    // A percentage of other prices than those it finds does not follow them.
    if (node.promotion.stacking.calculation !== undefined) return false;
    return bodiesOf(node.promotion).every((body) => isShrinkingBody(body, settings));
  }
  // What one child takes moves the prices that the next one finds, line by line or not at all.
  const combines = node.mode === 'sequential' || node.mode === 'sum';
  return (
    combines &&
    isLocal(node, settings, composes) &&
    node.children.every((child) => isShrinking(child, settings) && !isWilful(child))
  );
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

function isShrinkingBody(body: PromotionBody, settings: Settings): boolean {
  const { when, benefits } = body;
  if (followsPrices(when)) return false;
  if (!benefits.every((benefit) => isShrinkingBenefit(benefit, settings))) return false;
  if (isLocalBody(body, settings, composes)) return true;
  // A split asks for no more in company, but may be borne in full where it was not alone.
  return benefits.length === 1 && settings.partial === 'allow';
}

function isShrinkingBenefit(benefit: Benefit, settings: Settings): boolean {
  if (benefit.lines.some(({ where }) => followsPrices(where))) return false;
  switch (benefit.kind) {
    case 'round':
    case 'multiply-points':
      return false;
    case 'price':
      return !benefit.allowIncrease && benefit.target === 'lines';
    case 'pay-with-points':
      return settings.shortBalance === 'partial';
    case 'partner-discount':
      return settings.roundPer === 'line';
    case 'discount':
      // Rounding a unit takes a whole line up or down, and half-even looks at the price's parity.
      return benefit.value.by === 'percent'
        ? settings.roundPer === 'line'
        : benefit.value.per !== 'unit' || settings.rounding !== 'half-even';
    default:
      return true;
  }
}

/** True when a child moreover gives the less on each line the lower that line's price is. */
export function isShrinkingByLine(node: ArbitrationNode, settings: Settings): boolean {
  return isLocal(node, settings, isLineByLine);
}

type Judge = (benefit: Benefit) => boolean;

/** Whether what happens on one line has nothing to do with what happens on another. */
function isLocal(node: ArbitrationNode, settings: Settings, judge: Judge): boolean {
  if (node.kind === 'promotion') {
    if (node.promotion.stacking.calculation !== undefined) return false;
    return bodiesOf(node.promotion).every((body) => isLocalBody(body, settings, judge));
  }
  const { maxDiscount } = node.limits;
  return (
    maxDiscount?.per !== 'order' && node.children.every((child) => isLocal(child, settings, judge))
  );
}

function isLocalBody(
  { benefits, limits }: PromotionBody,
  { overflow, partial }: Settings,
  judge: Judge,
): boolean {
  if (overflow === 'redistribute' || partial === 'reject') return false;
  return limits.maxDiscount === undefined && limits.budget === undefined && benefits.every(judge);
}

function isLineByLine(benefit: Benefit): boolean {
  if (benefit.kind === 'partner-discount' || benefit.kind === 'price') return true;
  if (benefit.kind !== 'discount' || benefit.target !== 'lines') return false;
  const { value } = benefit;
  return value.by === 'percent' || value.per === 'subtotal' || value.per === 'unit';
}

/** Points change no price that a later benefit finds. */
function composes(benefit: Benefit): boolean {
  return benefit.kind === 'points' || isLineByLine(benefit);
}

/**
 * Whether a child that does nothing alone may do something once siblings have moved the prices:
 * its conditions follow them, or a split falls on other lines.
 */
export function couldWake(node: ArbitrationNode, settings: Settings): boolean {
  return !isShrinking(node, settings) || !isLocal(node, settings, composes);
}

/** Whether a child may lift a price, so that others find more than they do alone. */
export function mayRaise(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.some(mayRaise);
  return bodiesOf(node.promotion).some(({ benefits }) =>
    benefits.some(
      (benefit) => benefit.kind === 'round' || (benefit.kind === 'price' && benefit.allowIncrease),
    ),
  );
}

/** Whether a child grants or multiplies points. */
export function grantsPoints(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.some(grantsPoints);
  return bodiesOf(node.promotion).some(({ benefits }) =>
    benefits.some(({ kind }) => kind === 'points' || kind === 'multiply-points'),
  );
}

/** Payments in points share the member's balance, whatever lines they are on. */
export function paysWithPoints(node: ArbitrationNode): boolean {
  if (node.kind === 'group') return node.children.some(paysWithPoints);
  return bodiesOf(node.promotion).some(({ benefits }) =>
    benefits.some(({ kind }) => kind === 'pay-with-points'),
  );
}
