import { minorUnits } from '../money/units.ts';
import type { ArbitrationInput, Decision, LineDecision, NotApplied } from './decision.ts';
import type { PlainPromotion } from './peers.bench.ts';

/**
 * The ceiling: what a programmer would write by hand if exactly these promotions were all there
 * ever is. It knows that each is for one article, that no two are for the same, and that nothing
 * limits them, and gives the very decision that the engine gives: prices, awards, reasons, totals.
 */
export function handWritten(promotions: readonly PlainPromotion[]) {
  const bySku = new Map(promotions.map((promotion) => [promotion.sku, promotion]));
  return ({ checkout }: ArbitrationInput): Decision => {
    let gross = 0;
    for (const line of checkout.lines) gross += line.gross;
    const applied = new Set<PlainPromotion>();
    const refused = new Set<PlainPromotion>();
    const lines: LineDecision[] = [];
    let discount = 0;
    for (const line of checkout.lines) {
      const promotion = bySku.get(line.sku);
      const eligible = promotion !== undefined && gross >= promotion.atLeast;
      if (promotion !== undefined && !eligible) refused.add(promotion);
      const off = eligible ? Math.round((line.gross * promotion.percent) / 100) : 0;
      if (off > 0 && promotion !== undefined) applied.add(promotion);
      discount += off;
      const award = { promotion: promotion?.id ?? '', benefit: 'discount', requested: off };
      lines.push({
        id: line.id,
        gross: line.gross,
        discount: minorUnits(off),
        net: minorUnits(line.gross - off),
        paidWithPoints: minorUnits(0),
        awards: off === 0 ? [] : [{ ...award, applied: off }],
      });
    }
    const notApplied: NotApplied[] = [];
    for (const promotion of promotions) {
      if (applied.has(promotion)) continue;
      const reason = refused.has(promotion) ? 'condition-false' : 'no-eligible-line';
      notApplied.push({ promotion: promotion.id, reason });
    }
    const payable = minorUnits(gross - discount + checkout.delivery);
    return {
      totals: {
        gross: minorUnits(gross),
        discount: minorUnits(discount),
        delivery: checkout.delivery,
        deliveryDiscount: minorUnits(0),
        paidWithPoints: minorUnits(0),
        payable,
      },
      lines,
      deliveryAwards: [],
      accruals: [],
      redemptions: [],
      contributions: [],
      texts: [],
      codes: [],
      notApplied,
      usage: [],
    };
  };
}
