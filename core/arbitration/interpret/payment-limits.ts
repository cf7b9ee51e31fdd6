import { mulDiv, roundRatio } from '../../money/rounding.ts';
import { moneyForPoints } from '../../rules/benefits/pay-with-points.ts';
import type { AcceptedProduct, NormalPartner, NormalPointType } from '../../rules/normal.ts';
import { MILLION } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { Redemption } from '../decision.ts';
import { type Case, pointTypeOf } from './case.ts';
import { type State, sum } from './state.ts';

/** How far points may pay: by partner and product, and by point type. Limits clip, never refuse. */

const ALL = MILLION;

/** What points of a type may still pay of each line, within what its partner accepts. */
export function acceptedOf(
  at: Case,
  { net }: State,
  payment: { readonly open: readonly number[]; readonly paid: readonly number[]; type: string },
): readonly number[] {
  const { open, paid } = payment;
  const type = pointTypeOf(at, payment.type);
  return at.lines.map((line, slot) => {
    const most = open[slot] ?? 0;
    const { percent, pointsPerUnit } = acceptanceOf(partnerOf(at, line), line);
    const share =
      percent === ALL ? Number.POSITIVE_INFINITY : mulDiv(net[slot] ?? 0, percent, ALL, 'floor');
    const accepted = Math.min(share, moneyForUnits(pointsPerUnit, line, type));
    return Math.max(0, Math.min(most, accepted - (paid[slot] ?? 0)));
  });
}

/** What so many points for each unit of a line pay of it. */
function moneyForUnits(
  pointsPerUnit: number | undefined,
  { quantity }: OrderLine,
  type: NormalPointType,
): number {
  if (pointsPerUnit === undefined) return Number.POSITIVE_INFINITY;
  const step = 10 ** type.precision;
  const steps = roundRatio({ a: pointsPerUnit, b: quantity, c: step, d: 1000, e: ALL }, 'floor');
  return moneyForPoints(steps, type);
}

/** The partner who sold the line. */
function partnerOf(at: Case, line: OrderLine): NormalPartner | undefined {
  const id = line.partner ?? at.place.partner;
  return id === undefined ? undefined : at.partners.get(id);
}

type Acceptance = Pick<AcceptedProduct, 'percent' | 'pointsPerUnit'>;
const ANYTHING: Acceptance = { percent: ALL, pointsPerUnit: undefined };

function acceptanceOf(partner: NormalPartner | undefined, line: OrderLine): Acceptance {
  if (partner === undefined) return ANYTHING;
  if (!partner.roles.includes('acceptor')) return { ...ANYTHING, percent: 0 };
  if (partner.accepts === undefined) return ANYTHING;
  const { products, percent } = partner.accepts;
  const own = products.find(({ sku, category }) =>
    sku === undefined ? line.category.includes(category ?? '') : sku === line.sku,
  );
  return own ?? { ...ANYTHING, percent };
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
