import type { OrderLine } from '../../transaction/transaction.ts';
import type { Millionths, NormalPartner } from '../normal.ts';

/** `partner-discount`: the percentage of the partner's own product table. */

/** The terms of a partner for a line; `undefined` when it offers nothing on it. */
export function partnerPercent(partner: NormalPartner, line: OrderLine): Millionths | undefined {
  for (const { sku, category, percent } of partner.products) {
    const skuFits = sku === undefined || sku === line.sku;
    if (skuFits && (category === undefined || line.category.includes(category))) return percent;
  }
  return partner.reward?.percent;
}
