import type { Totals } from '../../arbitration/decision.ts';
import { minorUnits } from '../../money/units.ts';
import { type Accepted, type ReversalTotals, soldBy } from '../../outcome/outcome.ts';

const ZERO = minorUnits(0);
const NOTHING: Totals = {
  gross: ZERO,
  discount: ZERO,
  delivery: ZERO,
  deliveryDiscount: ZERO,
  paidWithPoints: ZERO,
  payable: ZERO,
};

/** The money of an accepted transaction, with the sign it has in the tables. */
export function totalsOf(accepted: Accepted): Totals {
  const decision = soldBy(accepted);
  if (decision !== undefined) return decision.totals;
  const { reversal } = accepted;
  return reversal === undefined ? NOTHING : mirrored(reversal);
}

/** What goes back has a negative sign, so that sums over sales and returns come out net. */
function mirrored({ lines, delivery, deliveryDiscount }: ReversalTotals): Totals {
  let gross = 0;
  let discount = 0;
  let paidWithPoints = 0;
  for (const line of lines) {
    gross += line.gross;
    discount += line.discount;
    paidWithPoints += line.paidWithPoints;
  }
  const payable = gross - discount + delivery - deliveryDiscount - paidWithPoints;
  return {
    gross: minorUnits(-gross),
    discount: minorUnits(-discount),
    delivery: minorUnits(-delivery),
    deliveryDiscount: minorUnits(-deliveryDiscount),
    paidWithPoints: minorUnits(-paidWithPoints),
    payable: minorUnits(-payable),
  };
}
