import { percentOff } from '../../../rules/benefits/discount.ts';
import { partnerPercent } from '../../../rules/benefits/partner-discount.ts';
import type { OrderLine } from '../../../transaction/transaction.ts';
import type { Case } from '../case.ts';
import type { Asking } from './asking.ts';

export const partnerDiscount: Asking<'partner-discount'> = {
  line: ({ partner }, portion, { line, basket }) => {
    const percent = partnerPercentOf(partner, line, basket.at);
    return percent === undefined ? 0 : percentOff(portion, percent, basket.at.money);
  },
};

/** The terms of the partner that a line or the checkout belongs to, once they are in force. */
export function partnerPercentOf(
  named: string | undefined,
  line: OrderLine,
  at: Case,
): number | undefined {
  const id = named ?? line.partner ?? at.place.partner;
  const partner = id === undefined ? undefined : at.partners.get(id);
  if (partner === undefined) return undefined;
  const { since } = partner;
  if (since !== undefined && at.input.at < at.language.resolve(since, at.place.zone, 'start')) {
    return undefined;
  }
  return partnerPercent(partner, line);
}
