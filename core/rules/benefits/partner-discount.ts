import type { OrderLine } from '../../transaction/transaction.ts';
import type { Millionths, NormalPartner } from '../normal.ts';
import { id } from '../shape/scalars.ts';
import { optional } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';

/** `partner-discount`: the percentage of the partner's own product table. */

/** The terms of a partner for a line; `undefined` when it offers nothing on it. */
export function partnerPercent(partner: NormalPartner, line: OrderLine): Millionths | undefined {
  for (const { sku, category, percent } of partner.products) {
    const skuFits = sku === undefined || sku === line.sku;
    if (skuFits && (category === undefined || line.category.includes(category))) return percent;
  }
  return partner.reward?.percent;
}

export const partnerDiscount = defineBenefit({
  kind: 'partner-discount',
  summary: "applies a partner's terms",
  plain: 'partner',
  fields: { partner: optional(id, 'whose terms; default the partner of each line') },
  normal: ({ partner }, base) => ({ ...base, kind: 'partner-discount', partner }),
  describe: ({ partner }) => partner ?? 'of the partner of each line',
});
