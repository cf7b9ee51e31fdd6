import { type Instant, type Points, points } from '../money/units.ts';
import * as lots from './lots.ts';
import type { Posting } from './posting.ts';
import { type Account, issuedAccount, memberAccount, pendingAccount } from './transfer.ts';

/** Points that a returned checkout had earned. */
export interface Revoked {
  readonly type: string;
  readonly issuer: string | undefined;
  readonly checkout: string;
  readonly promotion: string;
  readonly lot: string;
  readonly points: Points;
}

/** Points that had paid for what is returned. */
export interface GivenBack {
  readonly type: string;
  readonly points: Points;
  readonly promotion: string;
  readonly acceptor: Account;
  readonly lot: string;
  /** The age of the points: they are as old as they were. */
  readonly earnedAt: Instant | undefined;
}

/** Where the points of a return are moved: on the member, or on the one it was merged into. */
export interface PointsBack {
  readonly revoke: (back: Revoked) => void;
  readonly giveBack: (back: GivenBack) => void;
}

/** The points of a return, on the member itself. */
export class PostedBack implements PointsBack {
  readonly #posting: Posting;

  constructor(posting: Posting) {
    this.#posting = posting;
  }

  /**
   * Takes back points that a returned checkout had earned: still pending ones first, then the lot
   * they went to, then others; what is spent already becomes debt (K15) as far as the type lets.
   */
  revoke(back: Revoked): void {
    const account = this.#posting.account(back.type);
    const row = this.#posting.row(back.type);
    const cancelled = this.#pending(account, back);
    row.pending -= cancelled;

    let left = points(back.points - cancelled);
    const policy = this.#posting.type(back.type)?.negative ?? 'unlimited';
    if (left === 0 || policy === 'only-pending') return;
    if (policy === 'within-balance') {
      left = points(Math.min(left, lots.available(account, this.#posting.at)));
    }
    row.accrued -= left;
    this.#spendable(account, { ...back, points: left });
  }

  #pending(
    account: lots.PointAccount,
    back: {
      readonly checkout: string;
      readonly issuer: string | undefined;
      readonly promotion: string;
      readonly points: Points;
    },
  ): Points {
    let left: number = back.points;
    account.pending = account.pending.flatMap((lot) => {
      const mine = lot.checkout === back.checkout && lot.promotion === back.promotion;
      if (!mine || left === 0) return [lot];
      const taken = Math.min(left, lot.points);
      left -= taken;
      return taken === lot.points ? [] : [{ ...lot, points: points(lot.points - taken) }];
    });
    const cancelled = points(back.points - left);
    if (cancelled > 0) {
      this.#posting.move('accrual-reversal', {
        from: pendingAccount(this.#posting.member.id),
        to: issuedAccount(back.issuer),
        unit: account.type,
        points: cancelled,
        promotion: back.promotion,
      });
    }
    return cancelled;
  }

  #spendable(
    account: lots.PointAccount,
    back: {
      readonly issuer: string | undefined;
      readonly promotion: string;
      readonly lot: string;
      readonly points: Points;
    },
  ): void {
    if (back.points === 0) return;
    const consumption = this.#posting.type(account.type)?.consumption ?? 'expiry';
    const order = { at: this.#posting.at, consumption, first: back.lot };
    const takes = lots.takePoints(account, back.points, order);
    const taken = takes.reduce((sum, take) => sum + take.points, 0);
    account.debt = points(account.debt + back.points - taken);
    this.#posting.move('accrual-reversal', {
      from: memberAccount(this.#posting.member.id),
      to: issuedAccount(back.issuer),
      unit: account.type,
      points: back.points,
      promotion: back.promotion,
      lot: back.lot,
    });
  }

  /** Gives redeemed points back to the lot they came from, with its expiry (K16). */
  giveBack(back: GivenBack): void {
    const account = this.#posting.account(back.type);
    const { issuer, expiresAt } = lots.parseLotName(back.lot);
    const revived = revivedUntil(expiresAt, this.#posting);
    const earnedAt = back.earnedAt ?? this.#posting.at;
    const lot = { issuer, expiresAt: revived, earnedAt, points: back.points };
    this.#posting.row(back.type).redeemed -= back.points;
    const { acceptor: from, promotion } = back;
    this.#posting.credit(account, lot, { movement: 'redemption-reversal', from, promotion });
  }
}

/** Until when points live that come back to their lot: one that is over may get a grace (K16). */
export function revivedUntil(
  expiresAt: Instant | undefined,
  { at, tree }: Pick<Posting, 'at' | 'tree'>,
): Instant | undefined {
  if (expiresAt === undefined || expiresAt > at) return expiresAt;
  const grace = tree.graceDays * 86_400_000;
  if (grace === 0) return expiresAt;
  return (at + grace) as Instant; // A sum of instants in ms.
}
