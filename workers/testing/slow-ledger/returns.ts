import { sum } from './account.ts';
import type { Move } from './book.ts';
import type { Written } from './expected.ts';
import {
  allStands,
  type DecideAgain,
  floorOf,
  isTornApart,
  type Sold,
  type Stands,
  standsAfter,
} from './policies.ts';

/** A recorded checkout and what came back of it so far, step by step, in thousandths by line. */
export interface Sale extends Sold {
  /** Whose goods each line is. */
  readonly acceptors: readonly string[];
  readonly moves: readonly Move[];
  readonly back: (readonly number[])[];
  /** What stands of it after these steps; all of it before the first one. */
  stands?: Stands;
}

/** What one return brings back. */
export interface ReturnStep {
  readonly quantities: readonly number[];
  readonly isLast: boolean;
  readonly takeBack: readonly {
    readonly type: string;
    readonly points: number;
    readonly issuer: string;
    readonly checkout: string;
    readonly promotion: string;
    readonly lot: string;
  }[];
  readonly giveBack: readonly Move[];
  readonly returned: readonly object[];
  readonly stands: Stands;
}

interface Line {
  readonly id: string;
  readonly bought: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The step of a return: of every share frozen on the sale, what belongs to all that is back now,
 * less what belonged to all that was back before, each rounded down. What promotions gave stands
 * as their policies say.
 */
export function stepOf(
  sale: Sale,
  written: Written,
  decideAgain: DecideAgain,
): ReturnStep | { readonly refused: string } {
  const lines = linesOf(sale, written);
  if (typeof lines === 'string') return { refused: lines };
  if (isTornApart(sale, lines)) return { refused: 'return-group-incomplete' };
  const before = sale.stands ?? allStands(sale);
  const stands = standsAfter(sale, { lines, before }, decideAgain);
  const quantities = lines.map(({ before, after }) => after - before);
  const isLast = lines.every(({ bought, after }) => after === bought);
  const part = (share: number, place: number): number => {
    const line = lines[place];
    return line
      ? floorOf(share, line.after, line.bought) - floorOf(share, line.before, line.bought)
      : 0;
  };
  return {
    quantities,
    isLast,
    stands,
    takeBack: takeBack(sale, { before, stands }),
    giveBack: giveBack(sale, lines),
    returned: sale.decision.lines.flatMap((line, place) => {
      const quantity = quantities[place] ?? 0;
      const discount = (before.discounts[place] ?? 0) - (stands.discounts[place] ?? 0);
      // A line that stays may lose the discount that it had with the others.
      if (quantity === 0 && discount === 0) return [];
      const { gross, paidWithPoints } = line;
      return {
        line: line.id,
        quantity,
        gross: part(gross, place),
        discount,
        paidWithPoints: part(paidWithPoints, place),
      };
    }),
  };
}

function linesOf(sale: Sale, written: Written): Line[] | string {
  const lines = (sale.written.lines ?? []).map((line, place): Line => {
    const before = sum(sale.back.map((step) => step[place] ?? 0));
    const bought = thousandths(line.quantity);
    return { id: line.id ?? String(place + 1), bought, before, after: before };
  });
  if (lines.every(({ before, bought }) => before === bought)) return 'nothing-left-to-return';
  if (written.lines === undefined) return lines.map((line) => ({ ...line, after: line.bought }));
  for (const wanted of written.lines) {
    const place = lines.findIndex(({ id }) => id === wanted.id);
    const line = lines[place];
    if (!line) return 'unknown-line';
    const after = line.after + thousandths(wanted.quantity);
    if (after > line.bought) return 'return-exceeds-checkout';
    lines[place] = { ...line, after };
  }
  return lines;
}

function takeBack(
  sale: Sale,
  { before, stands }: { readonly before: Stands; readonly stands: Stands },
): ReturnStep['takeBack'] {
  return sale.decision.accruals.flatMap(({ type, promotion, issuer = '' }, place) => {
    const points = (before.accruals[place] ?? 0) - (stands.accruals[place] ?? 0);
    const isGrant = (move: Move): boolean =>
      move.movement === 'accrual' && move.unit === type && move.promotion === promotion;
    const lot = sale.moves.find(isGrant)?.lot ?? '';
    const { id: checkout } = sale.written;
    return points <= 0 ? [] : [{ type, points, issuer, checkout, promotion, lot }];
  });
}

/**
 * Each partner gives back what it had accepted for the goods that return to it; its lots are
 * filled again in the order in which they were emptied, one point after the other.
 */
function giveBack(sale: Sale, lines: readonly Line[]): Move[] {
  const types = new Set(sale.decision.redemptions.map(({ type }) => type));
  return [...types].flatMap((type) =>
    [...new Set(sale.acceptors)].flatMap((acceptor) => {
      const accepted = sale.moves.filter(
        (move) =>
          move.movement === 'redemption' &&
          move.unit === type &&
          move.to === `accepted:${acceptor}`,
      );
      const upTo = (side: 'before' | 'after'): number =>
        sum(
          lines.map((line, place) => {
            if (sale.acceptors[place] !== acceptor) return 0;
            return floorOf(paidWith(sale, type, place), line[side], line.bought);
          }),
        );
      return between(accepted, upTo('before'), upTo('after'));
    }),
  );
}

function paidWith(sale: Sale, type: string, place: number): number {
  const mine = sale.decision.redemptions.filter((one) => one.type === type);
  return sum(mine.map(({ pointShares }) => pointShares[place] ?? 0));
}

/** The points `from` to `to` of movements laid end to end. */
function between(moves: readonly Move[], from: number, to: number): Move[] {
  let start = 0;
  return moves.flatMap((move) => {
    const end = start + move.points;
    const points = Math.min(end, to) - Math.max(start, from);
    start = end;
    return points > 0 ? [{ ...move, points }] : [];
  });
}

export function thousandths(quantity: number | string | undefined): number {
  return Math.round(Number(quantity ?? 0) * 1000);
}
