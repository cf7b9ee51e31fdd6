import { balanceOf, sum } from './account.ts';
import type { Book } from './book.ts';

/** One row of an answer's `points`. */
export interface Row {
  readonly type: string;
  readonly before: number;
  readonly redeemed: number;
  readonly accrued: number;
  readonly pending: number;
  readonly expired: number;
  readonly adjusted: number;
  readonly held: number;
  readonly toppedUp: number;
  readonly after: number;
}

const BETWEEN_MEMBERS = ['merge', 'unmerge', 'forfeit'];
const ADJUSTED = [
  ...['adjustment', 'import', 'deduction', 'tier-reset'],
  ...['transfer-out', 'transfer-in', 'transfer-back', ...BETWEEN_MEMBERS],
];
const HELD_ENDS = ['redemption', 'hold-release', 'hold-expiry'];

/** What the answer says of each account; accounts that nothing happened to are left out. */
export function rowsOf({ member, moves, before, own, pending, held }: Book): Row[] {
  return [...member.accounts].flatMap(([type, account]) => {
    const of = (movements: readonly string[], side: 'from' | 'to', owner: string): number => {
      const mine = moves.filter((move) => move.unit === type && move[side] === owner);
      return sum(mine.filter((m) => movements.includes(m.movement)).map((m) => m.points));
    };
    const row = {
      type,
      before: before.get(type) ?? 0,
      redeemed:
        of(['redemption'], 'from', own) +
        of(['redemption'], 'from', held) -
        of(['redemption-reversal'], 'to', own),
      accrued:
        of(['accrual', 'initial-balance', 'maturity'], 'to', own) -
        of(['accrual-reversal'], 'from', own),
      pending:
        of(['accrual', ...BETWEEN_MEMBERS], 'to', pending) -
        of(['accrual-reversal', ...BETWEEN_MEMBERS], 'from', pending),
      expired: of(['expiry'], 'from', own),
      adjusted: of(ADJUSTED, 'to', own) - of(ADJUSTED, 'from', own),
      held: of(['hold'], 'to', held) - of(HELD_ENDS, 'from', held),
      toppedUp: of(['top-up'], 'from', own) - of(['top-up-reversal'], 'to', own),
      after: balanceOf(account),
    };
    return moves.some((move) => move.unit === type) ? [row] : [];
  });
}
