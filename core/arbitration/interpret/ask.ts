import type { Benefit, BenefitKind } from '../../rules/benefit.ts';
import type { Ask } from '../../rules/benefits/bear.ts';
import type { Asking } from './asks/asking.ts';
import { type Basket, portionOf, splitByWeights, weightsOf } from './asks/basket.ts';
import { discount } from './asks/discount.ts';
import { partnerDiscount } from './asks/partner-discount.ts';
import { payWithPoints } from './asks/pay-with-points.ts';
import { price } from './asks/price.ts';
import { round } from './asks/round.ts';
import { sum } from './state.ts';

/** Benefits that grant points, texts or codes ask for no lower price. */
const NO_PRICE = {};

/** What each benefit kind asks of prices. A new one is its file and one line here. */
const ASKINGS: { readonly [K in BenefitKind]: Asking<K> } = {
  discount,
  price,
  round,
  'pay-with-points': payWithPoints,
  'partner-discount': partnerDiscount,
  points: NO_PRICE,
  'multiply-points': NO_PRICE,
  text: NO_PRICE,
  'issue-code': NO_PRICE,
  'top-up': NO_PRICE,
};

function askingOf(kind: BenefitKind): Asking<BenefitKind> {
  // Whoever asks hands over benefits of this very kind.
  return ASKINGS[kind] as Asking<BenefitKind>;
}

/** What a benefit would like to take off, slot by slot, before anybody asks what can be borne. */
export function askOf(benefit: Benefit, basket: Basket): Ask {
  if (benefit.target === 'delivery') return ofDelivery(benefit, basket);
  const split = askingOf(benefit.kind).split?.(benefit, basket);
  if (split !== undefined) return splitByWeights(split.total, split.weights, basket);
  return benefit.target === 'order' ? ofOrder(benefit, basket) : ofLines(benefit, basket);
}

function ofLines(benefit: Benefit, basket: Basket): Ask {
  const { line: ask } = askingOf(benefit.kind);
  const requested = basket.net.map((_, slot) => {
    const portion = portionOf(slot, basket);
    const line = basket.at.lines[slot];
    if (portion === undefined || line === undefined) return 0;
    return ask?.(benefit, portion, { line, basket }) ?? 0;
  });
  return { requested, weights: requested };
}

/** Order-level: one rounding of the total, then a split by money. */
function ofOrder(benefit: Benefit, basket: Basket): Ask {
  const weights = weightsOf(basket);
  const asked = askingOf(benefit.kind).order?.(benefit, sum(weights), basket) ?? 0;
  return splitByWeights(asked, weights, basket);
}

function ofDelivery(benefit: Benefit, basket: Basket): Ask {
  const slot = basket.net.length - 1;
  const price = basket.net[slot] ?? 0;
  const asked = askingOf(benefit.kind).delivery?.(benefit, price, basket) ?? 0;
  const requested = basket.net.map((_, index) => (index === slot ? asked : 0));
  return { requested, weights: requested };
}
