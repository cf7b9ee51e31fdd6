import { mulDiv } from '../../money/rounding.ts';
import { moneyForPoints } from '../../rules/benefits/pay-with-points.ts';
import type { NormalPartner, NormalPointType } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { Redemption } from '../decision.ts';
import type { Case } from './case.ts';
import { type State, sum } from './state.ts';

/** How far points may pay: by partner and product, and by point type. Limits clip, never refuse. */

const ALL = 1_000_000;

/** What points may still pay of each line, within what its partner accepts. */
export function acceptedOf(
  at: Case,
  { net }: State,
  { open, paid }: { readonly open: readonly number[]; readonly paid: readonly number[] },
): readonly number[] {
  return at.lines.map((line, slot) => {
    const most = open[slot] ?? 0;
    const percent = percentAccepted(partnerOf(at, line), line);
    if (percent === ALL) return most;
    const accepted = mulDiv(net[slot] ?? 0, percent, ALL, 'floor') - (paid[slot] ?? 0);
    return Math.max(0, Math.min(most, accepted));
  });
}

/** The partner who sold the line. */
function partnerOf(at: Case, line: OrderLine): NormalPartner | undefined {
  const id = line.partner ?? at.place.partner;
  return id === undefined ? undefined : at.partners.get(id);
}

function percentAccepted(partner: NormalPartner | undefined, line: OrderLine): number {
  if (partner === undefined) return ALL;
  if (!partner.roles.includes('acceptor')) return 0;
  if (partner.accepts === undefined) return ALL;
  const { products, percent } = partner.accepts;
  const own = products.find(({ sku, category }) =>
    sku === undefined ? line.category.includes(category ?? '') : sku === line.sku,
  );
  return own?.percent ?? percent;
}

/** The money that points of a type may still pay in this checkout. */
export function leftOfType(
  at: Case,
  type: NormalPointType,
  { state, soFar }: { readonly state: State; readonly soFar: Paid },
): number {
  if (type.payUpTo === undefined) return Number.POSITIVE_INFINITY;
  const { percent, points } = type.payUpTo;
  const payments = soFar.list.filter((one) => one.type === type.id && !one.asDiscount);
  const goods = sum(at.lines.map((_, slot) => state.net[slot] ?? 0));
  const byMoney =
    percent === undefined
      ? Number.POSITIVE_INFINITY
      : mulDiv(goods, percent, ALL, 'floor') - sum(payments.map(({ amount }) => amount));
  const byPoints =
    points === undefined
      ? Number.POSITIVE_INFINITY
      : moneyForPoints(Math.max(0, points - sum(payments.map((one) => one.points))), type);
  return Math.max(0, Math.min(byMoney, byPoints));
}

interface Paid {
  readonly list: readonly Redemption[];
}
