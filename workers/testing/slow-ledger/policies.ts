import type { Decision } from '../../../core/arbitration/decision.ts';
import { sum } from './account.ts';
import type { Written } from './expected.ts';
import type { ReturnPolicy, Version } from './programme.ts';

/** A sale as far as the policies of returns look at it. */
export interface Sold {
  readonly written: Written;
  readonly decision: Decision;
  /** The version that decided it, and the instant at which it did. */
  readonly version: Version;
  readonly decidedAt: number;
}

/** A line of it, in thousandths. */
export interface SoldLine {
  readonly bought: number;
  readonly before: number;
  readonly after: number;
}

/** What is left of a line, as if no more had been bought. */
export interface RestLine {
  readonly quantity: number;
  readonly gross: number;
}

/** Has the arbitration decide a basket again: it is a judge of its own. */
export type DecideAgain = (sold: Sold, rest: readonly RestLine[]) => Decision | undefined;

/** What of a sale stands: discounts by line, points by accrual. */
export interface Stands {
  readonly discounts: readonly number[];
  readonly accruals: readonly number[];
}

export function allStands({ decision }: Sold): Stands {
  return {
    discounts: decision.lines.map(({ discount }) => discount),
    accruals: decision.accruals.map(({ shares }) => sum(shares)),
  };
}

/** `return-group`: what a promotion joined comes back together, or not at all. */
export function isTornApart(sold: Sold, lines: readonly SoldLine[]): boolean {
  return [...gave(sold)].some(([promotion, joined]) => {
    if (policyOf(sold, promotion) !== 'return-group') return false;
    const mine = lines.filter((_, place) => joined.has(place));
    const isTouched = mine.some(({ before, after }) => after > before);
    return isTouched && mine.some(({ bought, after }) => after < bought);
  });
}

/** What stands after a step. Nothing does once all is back. */
export function standsAfter(
  sold: Sold,
  step: { readonly lines: readonly SoldLine[]; readonly before: Stands },
  decideAgain: DecideAgain,
): Stands {
  const { lines, before } = step;
  const { decision } = sold;
  if (lines.every(({ bought, after }) => bought === after)) {
    return { discounts: decision.lines.map(() => 0), accruals: decision.accruals.map(() => 0) };
  }
  const left = (share: number, place: number): number => {
    const line = lines[place];
    return line ? share - floorOf(share, line.after, line.bought) : share;
  };
  const again = isDecidedAgain(sold) ? decideAgain(sold, restOf(sold, lines, left)) : undefined;
  if (!again) {
    return {
      discounts: decision.lines.map(({ discount }, place) => left(discount, place)),
      accruals: decision.accruals.map(({ shares }) => sum(shares.map(left))),
    };
  }
  return {
    discounts: decision.lines.map(({ id, gross, paidWithPoints }, place) => {
      const now = again.lines.find((line) => line.id === id)?.discount ?? 0;
      return Math.min(now, left(gross, place) - left(paidWithPoints, place));
    }),
    accruals: decision.accruals.map(({ promotion, type, benefit }, place) => {
      const now = again.accruals.find(
        (other) =>
          other.promotion === promotion && other.type === type && other.benefit === benefit,
      );
      // No return gives points.
      return Math.min(now?.points ?? 0, before.accruals[place] ?? 0);
    }),
  };
}

function restOf(
  { decision }: Sold,
  lines: readonly SoldLine[],
  left: (share: number, place: number) => number,
): RestLine[] {
  return lines.map(({ bought, after }, place) => ({
    quantity: bought - after,
    gross: left(decision.lines[place]?.gross ?? 0, place),
  }));
}

/** Where points lowered prices, the frozen shares hold. */
function isDecidedAgain(sold: Sold): boolean {
  const { redemptions } = sold.decision;
  if (redemptions.some(({ asDiscount }) => asDiscount)) return false;
  return [...gave(sold).keys()].some((each) => policyOf(sold, each) === 'reevaluate');
}

function policyOf({ version }: Sold, promotion: string): ReturnPolicy {
  const { arbitration, program } = version.document;
  const own = arbitration.children.find((child) => child.promotion === promotion);
  return own?.returns ?? program.settings.returns;
}

/** The promotions that gave something, each with the places of the lines on which it did. */
function gave({ decision }: Sold): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const note = (promotion: string, places: readonly number[]): void => {
    found.set(promotion, new Set([...(found.get(promotion) ?? []), ...places]));
  };
  for (const [place, { awards }] of decision.lines.entries()) {
    for (const { promotion, applied } of awards) if (applied > 0) note(promotion, [place]);
  }
  for (const { promotion, applied } of decision.deliveryAwards) {
    if (applied > 0) note(promotion, []);
  }
  for (const { promotion, shares } of decision.accruals) {
    note(
      promotion,
      [...shares.keys()].filter((place) => (shares[place] ?? 0) > 0),
    );
  }
  return found;
}

/** The part of a share, rounded down. */
export function floorOf(share: number, returned: number, bought: number): number {
  return Number((BigInt(share) * BigInt(returned)) / BigInt(bought));
}
