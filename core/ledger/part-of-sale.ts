import type {
  Accrual,
  Decision,
  LineAward,
  LineDecision,
  Redemption,
} from '../arbitration/decision.ts';
import { assert, must } from '../assert.ts';
import { type MinorUnits, minorUnits, type Points, points, thousandths } from '../money/units.ts';
import { grossOf } from '../transaction/quantity.ts';
import type { OrderLine, ReturnedLine } from '../transaction/transaction.ts';
import { lowersPrice } from './reversal.ts';
import { frozenStanding, leftOf, mulDivFloor, type SoldShares, sum } from './standing-shares.ts';

/**
 * A part of a held checkout, as a sale of its own: every unit keeps the shares that the hold
 * froze, as it would if all were sold and the rest returned. No rule is asked again.
 */
export type PartOfSale =
  | { readonly ok: true; readonly sold: SoldShares }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly path: string;
      readonly message: string;
    };

/** What of a held checkout is bought when only these quantities of its lines are. */
export function partOf(held: SoldShares, wanted: readonly ReturnedLine[]): PartOfSale {
  const quantities = held.checkout.lines.map(() => 0);
  for (const [position, { id, quantity }] of wanted.entries()) {
    const index = held.checkout.lines.findIndex((line) => line.id === id);
    const line = held.checkout.lines[index];
    if (!line) {
      const message = `the hold has no line \`${id}\``;
      return { ok: false, reason: 'unknown-line', path: `/lines/${position}/id`, message };
    }
    if (quantity > line.quantity) {
      const message = `only ${line.quantity / 1000} of line \`${id}\` is held`;
      const path = `/lines/${position}/quantity`;
      return { ok: false, reason: 'capture-exceeds-hold', path, message };
    }
    quantities[index] = quantity;
  }
  return { ok: true, sold: new Part(held, quantities).sold() };
}

/** The arithmetic: what is not wanted counts as returned. */
class Part {
  readonly #held: SoldShares;
  readonly #quantities: readonly number[];
  readonly #returned: readonly number[];
  readonly #left: (share: number, line: number) => number;
  /** Lines of which something is bought; the others are gone. */
  readonly #kept: readonly number[];

  constructor(held: SoldShares, quantities: readonly number[]) {
    this.#held = held;
    this.#quantities = quantities;
    this.#returned = held.checkout.lines.map(({ quantity }, index) => {
      return quantity - (quantities[index] ?? 0);
    });
    this.#left = leftOf(held, this.#returned);
    this.#kept = quantities.flatMap((quantity, index) => (quantity > 0 ? [index] : []));
  }

  sold(): SoldShares {
    const { checkout, decision } = this.#held;
    const bought = this.#kept.map((index) => this.#line(must(checkout.lines[index], 'a line')));
    const standing = frozenStanding(this.#held, this.#returned);
    const priced = this.#kept.map((index, position) => {
      const gross = must(bought[position], 'a line').gross;
      const discount = Math.min(gross, standing.discounts[index] ?? 0);
      return this.#decided(index, { gross, discount: minorUnits(discount) });
    });
    const redemptions = this.#redemptions(priced);
    const lines = priced.map((line, position) => {
      const paid = redemptions.filter(({ asDiscount }) => !asDiscount);
      const byPoints = sum(paid.map(({ amountShares }) => amountShares[position] ?? 0));
      return { ...line, paidWithPoints: minorUnits(byPoints) };
    });
    return {
      checkout: { ...checkout, lines: bought },
      decision: {
        ...decision,
        lines,
        totals: totalsOf(decision.totals, lines),
        redemptions,
        accruals: decision.accruals.flatMap((accrual) => this.#accrual(accrual)),
        contributions: decision.contributions.flatMap((contribution, index) => {
          const amount = minorUnits(standing.contributions[index] ?? 0);
          return amount === 0 ? [] : [{ ...contribution, amount }];
        }),
      },
    };
  }

  #line(line: OrderLine): OrderLine {
    const index = this.#held.checkout.lines.indexOf(line);
    const quantity = thousandths(this.#quantities[index] ?? 0);
    const gross = must(grossOf(line.price, quantity), 'a part is worth no more than the whole');
    return { ...line, quantity, gross };
  }

  #decided(
    index: number,
    { gross, discount }: { readonly gross: MinorUnits; readonly discount: MinorUnits },
  ): LineDecision {
    const line = must(this.#held.decision.lines[index], 'a line without its decision');
    const net = minorUnits(gross - discount);
    const awards = this.#awards(line, { index, discount });
    return { ...line, gross, discount, net, awards, paidWithPoints: minorUnits(0) };
  }

  /** Awards sum to the discount as before: the last one bears what rounding leaves. */
  #awards(
    { awards }: LineDecision,
    { index, discount }: { readonly index: number; readonly discount: number },
  ): readonly LineAward[] {
    const last = awards.findLastIndex(
      ({ benefit, applied }) => lowersPrice(benefit) && applied > 0,
    );
    let open: number = discount;
    const parts = awards.map((award) => {
      const applied = this.#signed(award.applied, index);
      if (lowersPrice(award.benefit)) open -= applied;
      return { ...award, requested: this.#signed(award.requested, index), applied };
    });
    return parts.map((award, at) => {
      return at === last ? { ...award, applied: award.applied + open } : award;
    });
  }

  #signed(share: number, index: number): number {
    return share < 0 ? -this.#left(-share, index) : this.#left(share, index);
  }

  /** What points pay of each line never exceeds its price. */
  #redemptions(lines: readonly LineDecision[]): readonly Redemption[] {
    const room: number[] = lines.map(({ net }) => net);
    return this.#held.decision.redemptions.flatMap((one) => {
      const amountShares = this.#kept.map((index, position) => {
        const share = this.#left(one.amountShares[index] ?? 0, index);
        if (one.asDiscount) return minorUnits(share);
        const paid = Math.min(share, room[position] ?? 0);
        room[position] = (room[position] ?? 0) - paid;
        return minorUnits(paid);
      });
      const pointShares = this.#points(one.pointShares);
      const amount = minorUnits(sum(amountShares));
      const charged = points(sum(pointShares));
      if (charged === 0) return [];
      return [{ ...one, amount, amountShares, points: charged, pointShares }];
    });
  }

  #accrual(accrual: Accrual): readonly Accrual[] {
    const shares = this.#points(accrual.shares);
    const granted = points(sum(shares));
    if (granted === 0) return [];
    assert(granted <= accrual.points, 'a part earns more than the whole', granted);
    const requested = mulDivFloor(accrual.requested, granted, accrual.points);
    return [{ ...accrual, shares, points: granted, requested: points(requested) }];
  }

  #points(shares: readonly Points[]): readonly Points[] {
    return this.#kept.map((index) => points(this.#left(shares[index] ?? 0, index)));
  }
}

function totalsOf(whole: Decision['totals'], lines: readonly LineDecision[]): Decision['totals'] {
  const gross = sum(lines.map((line) => line.gross));
  const net = sum(lines.map((line) => line.net));
  const paidWithPoints = sum(lines.map((line) => line.paidWithPoints));
  const { delivery, deliveryDiscount } = whole;
  return {
    gross: minorUnits(gross),
    discount: minorUnits(gross - net),
    delivery,
    deliveryDiscount,
    paidWithPoints: minorUnits(paidWithPoints),
    payable: minorUnits(net + delivery - deliveryDiscount - paidWithPoints),
  };
}
