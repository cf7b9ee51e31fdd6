import { prorateWithin } from '../../money/prorate.ts';
import { moneyForPoints } from '../../rules/benefits/pay-with-points.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import type { Accrual, Redemption } from '../decision.ts';
import type { Reason } from '../reasons.ts';
import { issuerOf } from './accrual.ts';
import { type Case, pointTypeOf } from './case.ts';
import { bodyOf } from './eligibility.ts';
import {
  acceptedBy,
  type Capped,
  cappedSellers,
  hasCaps,
  issuedBy,
  leftOfCaps,
  sellerOf,
  soldBy,
} from './partner-caps.ts';
import { type Effect, sum } from './state.ts';

/** Points as payment, within what each partner still takes of them. */

/** Attempts to meet caps to the last point; after them whoever is over its cap takes nothing. */
const ATTEMPTS_MAX = 4;

interface Payment {
  /** Money that points may pay of each line. */
  readonly capacities: readonly number[];
  /** The payment that fits into so much. */
  readonly redeem: (capacities: readonly number[]) => Redemption;
  readonly soFar: readonly Redemption[];
}

/**
 * What points may pay of each line so that no partner's cap forbids it. Points are rounded and
 * split over lines together, so how many one partner gets is known only afterwards: where it is
 * too many, it is asked for less.
 */
export function withinAcceptance(
  at: Case,
  { capacities, redeem, soFar }: Payment,
): readonly number[] {
  let room = capacities;
  const isCapped = at.lines.some((_, slot) => hasCaps(at, sellerOf(at, slot)));
  if (!isCapped) return room;
  let one = redeem(room);
  for (let attempt = 0; one.amount > 0; attempt += 1) {
    const over = overBy(at, one, soFar);
    if (over.length === 0) return room;
    for (const { capped, points } of over) {
      const isLast = attempt >= ATTEMPTS_MAX;
      room = lowered(at, { capped, points: isLast ? undefined : points, room, one });
    }
    one = redeem(room);
  }
  return room;
}

/** The partners for whom a payment is too much, and by how many points. */
function overBy(
  at: Case,
  one: Redemption,
  soFar: readonly Redemption[],
): readonly { readonly capped: Capped; readonly points: number }[] {
  return cappedSellers(at, one.type).flatMap((capped) => {
    const left = leftOfCaps(at, capped) ?? 0;
    const points = acceptedBy(at, capped, [...soFar, one]) - left;
    return points > 0 && acceptedBy(at, capped, [one]) > 0 ? [{ capped, points }] : [];
  });
}

/** The room for another attempt: less by what was too much, or nothing (`points` undefined). */
function lowered(
  at: Case,
  {
    capped,
    points,
    room,
    one,
  }: {
    readonly capped: Capped;
    readonly points: number | undefined;
    readonly room: readonly number[];
    readonly one: Redemption;
  },
): readonly number[] {
  const isTheirs = (slot: number): boolean => soldBy(at, slot, capped.partner);
  const paid = one.amountShares.map((amount, slot) => (isTheirs(slot) ? amount : 0));
  const less = points && Math.max(1, moneyForPoints(points, pointTypeOf(at, capped.type)));
  const total = less === undefined ? 0 : Math.max(0, sum(paid) - less);
  const kept = prorateWithin({ total, weights: paid, capacities: paid }, at.money.residual);
  return room.map((most, slot) => (isTheirs(slot) ? (kept[slot] ?? 0) : most));
}

/** The partner's cap, where it is why the points of an effect came to nothing. */
export function cappedOut(
  at: Case,
  { promotion, benefit }: Effect,
  done: { readonly accruals: readonly Accrual[]; readonly redemptions: readonly Redemption[] },
): Reason | undefined {
  if (benefit.kind === 'points') {
    const partner = issuerOf(at, promotion);
    if (partner === undefined) return undefined;
    const capped: Capped = { of: 'issued', partner, type: benefit.type };
    const left = leftOfCaps(at, capped);
    if (left === undefined) return undefined;
    const isWhole = bodyOf(promotion, at).limits.budget?.partial === false;
    const isGone = isWhole || issuedBy(capped, done.accruals) >= left;
    return isGone ? 'partner-cap-reached' : undefined;
  }
  if (benefit.kind !== 'pay-with-points') return undefined;
  const isGone = cappedSellers(at, benefit.type).some(
    (capped) => acceptedBy(at, capped, done.redemptions) >= (leftOfCaps(at, capped) ?? 0),
  );
  return isGone ? 'partner-cap-reached' : undefined;
}

const NONE_REFUSED: ReadonlyMap<NormalPromotion, string> = new Map();

/** Promotions whose discounts in points a partner does not take: they are kept out. */
export function refusedDiscounts(
  at: Case,
  redemptions: readonly Redemption[],
): ReadonlyMap<NormalPromotion, string> {
  if (!redemptions.some(({ asDiscount }) => asDiscount)) return NONE_REFUSED;
  const refused = new Map<NormalPromotion, string>();
  const taken: Redemption[] = [];
  for (const one of redemptions) {
    if (!one.asDiscount) continue;
    if (overBy(at, one, taken).length === 0) {
      taken.push(one);
      continue;
    }
    const promotion = at.rules.promotions.find(({ id }) => id === one.promotion);
    if (promotion !== undefined) refused.set(promotion, 'partner-cap-reached');
  }
  return refused;
}
