import type { Decision } from '../../../core/arbitration/decision.ts';
import { sum } from './account.ts';
import type { HeldPoints, SlowHold, Spend } from './book.ts';
import type { Written } from './expected.ts';
import type { MadeHold } from './kept.ts';
import { floorOf } from './policies.ts';
import { thousandths } from './returns.ts';

/** Benefits that change no price. */
const PRICELESS = ['points', 'multiply-points', 'top-up'];

type WrittenLines = NonNullable<Written['lines']>;
type DecidedLine = Decision['lines'][number];

/** A line of a hold: how many thousandths of it were bought, and how many are wanted. */
interface WantedLine {
  readonly id: string;
  readonly place: number;
  readonly held: number;
  readonly wanted: number;
}

/**
 * What is sold when only so much of a hold is: every unit at the shares that the hold froze, as
 * if all had been sold and the rest had come back. Or the reason why it is not.
 */
export function partOfHold(made: MadeHold, wanted: Written['lines']): MadeHold | string {
  if (wanted === undefined) return made;
  const lines = wantedLines(made.written.lines ?? [], wanted);
  if (typeof lines === 'string') return lines;
  const kept = lines.filter((line) => line.wanted > 0);
  const left = (share: number, place: number): number => {
    const line = lines[place];
    return line ? share - floorOf(share, line.held - line.wanted, line.held) : share;
  };
  return {
    ...made,
    acceptors: kept.map(({ place }) => made.acceptors[place] ?? ''),
    written: {
      ...made.written,
      lines: kept.map(({ id, place, wanted: part }) => {
        return { ...made.written.lines?.[place], id, quantity: part / 1_000 };
      }),
    },
    decision: decisionOf(made, kept, left),
  };
}

function wantedLines(held: WrittenLines, wanted: WrittenLines): WantedLine[] | string {
  const lines = held.map((line, place): WantedLine => {
    const id = line.id ?? String(place + 1);
    return { id, place, held: thousandths(line.quantity ?? 1), wanted: 0 };
  });
  for (const each of wanted) {
    const place = lines.findIndex(({ id }) => id === each.id);
    const line = lines[place];
    if (!line) return 'unknown-line';
    const part = thousandths(each.quantity);
    if (part > line.held) return 'capture-exceeds-hold';
    lines[place] = { ...line, wanted: part };
  }
  return lines;
}

// Amounts and points of a decision, cut down: each `as Decision` restores their units.
function decisionOf(
  { decision, written }: MadeHold,
  kept: readonly WantedLine[],
  left: (share: number, place: number) => number,
): Decision {
  const priced = kept.map((line) => {
    const decided = decision.lines[line.place];
    const gross = grossOf(written.lines?.[line.place], line.wanted);
    const discount = Math.min(gross, left(decided?.discount ?? 0, line.place));
    const awards = awardsOf(decided, discount, (share) => left(share, line.place));
    return { ...decided, id: line.id, gross, discount, awards };
  });
  const open = priced.map(({ gross, discount }) => gross - discount);
  const redemptions = decision.redemptions.flatMap((one) => {
    const pointShares = kept.map(({ place }) => left(one.pointShares[place] ?? 0, place));
    const amountShares = kept.map(({ place }, at) => {
      const amount = left(one.amountShares[place] ?? 0, place);
      if (one.asDiscount) return amount;
      // Points pay no more than the part costs.
      const paid = Math.min(amount, open[at] ?? 0);
      open[at] = (open[at] ?? 0) - paid;
      return paid;
    });
    const points = sum(pointShares);
    return points === 0 ? [] : [{ ...one, points, pointShares, amountShares }];
  });
  const paid = redemptions.filter(({ asDiscount }) => !asDiscount);
  const lines = priced.map((line, at) => {
    return { ...line, paidWithPoints: sum(paid.map((one) => one.amountShares[at] ?? 0)) };
  });
  const accruals = decision.accruals.flatMap((accrual) => {
    const shares = kept.map(({ place }) => left(accrual.shares[place] ?? 0, place));
    return sum(shares) === 0 ? [] : [{ ...accrual, shares, points: sum(shares) }];
  });
  const { delivery, deliveryDiscount } = decision.totals;
  const goods = sum(
    lines.map(({ gross, discount, paidWithPoints }) => gross - discount - paidWithPoints),
  );
  const totals = { ...decision.totals, payable: goods + delivery - deliveryDiscount };
  return { ...decision, lines, redemptions, accruals, totals } as unknown as Decision;
}

/** A price times a quantity in thousandths, half up. */
function grossOf(line: WrittenLines[number] | undefined, quantity: number): number {
  const price = Number(Object(line)['price']);
  return Number((BigInt(price) * BigInt(quantity) + 500n) / 1_000n);
}

/** What lowered the price sums to the discount: the last one bears what rounding leaves. */
function awardsOf(
  line: DecidedLine | undefined,
  discount: number,
  left: (share: number) => number,
) {
  const awards = line?.awards ?? [];
  const lowers = awards.map(({ benefit }) => !PRICELESS.includes(benefit));
  const parts = awards.map(({ applied }) => (applied < 0 ? -left(-applied) : left(applied)));
  const rest = discount - sum(parts.filter((_, at) => lowers[at]));
  const last = awards.findLastIndex(({ applied }, at) => lowers[at] && applied > 0);
  return awards.map((award, at) => {
    return { ...award, applied: (parts[at] ?? 0) + (at === last ? rest : 0) };
  });
}

/** How many of a lot's held points are needed: for one purpose, lots are emptied in their order. */
export function spentOf(hold: SlowHold, held: HeldPoints, spends: readonly Spend[]): number {
  const isSame = ({ type, promotion, acceptor }: Spend): boolean =>
    type === held.type && promotion === held.promotion && acceptor === held.acceptor;
  const wanted = sum(spends.filter(isSame).map(({ points }) => points));
  const earlier = hold.points.slice(0, hold.points.indexOf(held)).filter(isSame);
  const open = wanted - sum(earlier.map(({ points }) => points));
  return Math.max(0, Math.min(open, held.points));
}
