import type { Credit } from '../arbitration/decision.ts';
import type { ArbitrationTree, PointType } from '../arbitration/tree.ts';
import { assert } from '../assert.ts';
import { type Instant, type Points, points } from '../money/units.ts';
import type { PointsRow } from '../outcome/outcome.ts';
import * as lots from './lots.ts';
import type { Member } from './member.ts';
import {
  type Account,
  ADJUSTMENT,
  acceptedAccount,
  BREAKAGE,
  issuedAccount,
  type Movement,
  memberAccount,
  pendingAccount,
  type Transfer,
  transfer,
} from './transfer.ts';

/**
 * The point movements of one transaction on one member. Lots and transfers change together here
 * and nowhere else, so that the balance of an account is always the sum of its entries.
 */
export class Posting {
  readonly transfers: Transfer[] = [];
  readonly #rows = new Map<string, RowDraft>();
  readonly #member: Member;
  readonly #tree: ArbitrationTree;
  readonly #at: Instant;
  readonly #zone: string;

  constructor(context: {
    readonly member: Member;
    readonly tree: ArbitrationTree;
    /** When the stream stored the transaction: expiry looks at it. */
    readonly at: Instant;
    readonly zone: string;
  }) {
    this.#member = context.member;
    this.#tree = context.tree;
    this.#at = context.at;
    this.#zone = context.zone;
  }

  /** Books what time alone has changed since the member was last touched. */
  settle(): void {
    for (const account of this.#member.accounts.values()) {
      const due = lots.nextDue(account);
      if (due === undefined || due > this.#at) continue;
      // The row remembers the balance before anything is booked.
      this.#row(account.type);
      this.#mature(account);
      this.#expire(account);
    }
  }

  #expire(account: lots.PointAccount): void {
    for (const lot of lots.removeExpired(account, this.#at)) {
      this.#row(account.type).expired += lot.points;
      this.#move('expiry', {
        from: memberAccount(this.#member.id),
        to: BREAKAGE,
        unit: account.type,
        points: lot.points,
        lot: lots.lotName(lot),
      });
    }
  }

  #mature(account: lots.PointAccount): void {
    for (const pending of lots.removeMatured(account, this.#at)) {
      // Validity counts from the instant the points became spendable, not from this booking.
      const from = pending.creditAt ?? this.#at;
      this.#credit(account, { ...pending, from });
    }
  }

  #credit(account: lots.PointAccount, due: lots.PendingLot & { readonly from: Instant }): void {
    const expiresAt = this.#type(account.type)?.expiresAt(due.from, this.#zone);
    const lot = { issuer: due.issuer, expiresAt, earnedAt: due.from, points: due.points };
    this.#row(account.type).accrued += due.points;
    lots.addPoints(account, lot);
    this.#move('maturity', {
      from: pendingAccount(this.#member.id),
      to: memberAccount(this.#member.id),
      unit: account.type,
      points: due.points,
      promotion: due.promotion,
      lot: lots.lotName(lot),
    });
  }

  /** Grants points now, or promises them. */
  accrue(grant: {
    readonly type: string;
    readonly issuer: string | undefined;
    readonly promotion: string;
    readonly checkout: string;
    readonly points: Points;
    readonly credit: Credit;
    readonly movement?: 'accrual' | 'initial-balance';
  }): void {
    if (grant.points === 0) return;
    const account = this.#account(grant.type);
    const issuer = grant.issuer ?? '';
    const pending = grant.credit.kind !== 'at-checkout';
    const lot = {
      issuer,
      expiresAt: pending ? undefined : this.#type(grant.type)?.expiresAt(this.#at, this.#zone),
      earnedAt: this.#at,
      points: grant.points,
    };
    const row = this.#row(grant.type);
    if (pending) {
      row.pending += grant.points;
      const creditAt = grant.credit.kind === 'at' ? grant.credit.at : undefined;
      const { promotion, checkout } = grant;
      account.pending.push({ issuer, checkout, promotion, creditAt, points: grant.points });
    } else {
      row.accrued += grant.points;
      lots.addPoints(account, lot);
    }
    this.#move(grant.movement ?? 'accrual', {
      from: issuedAccount(grant.issuer),
      to: pending ? pendingAccount(this.#member.id) : memberAccount(this.#member.id),
      unit: grant.type,
      points: grant.points,
      promotion: grant.promotion,
      lot: pending ? '' : lots.lotName(lot),
    });
  }

  /** Spends points. The decision has already been bounded by what is available. */
  redeem(spend: {
    readonly type: string;
    readonly points: Points;
    readonly promotion: string;
    readonly acceptor: string | undefined;
  }): void {
    if (spend.points === 0) return;
    const account = this.#account(spend.type);
    this.#row(spend.type).redeemed += spend.points;
    const to = acceptedAccount(spend.acceptor);
    this.#takeFrom(account, { ...spend, to, movement: 'redemption' });
  }

  /** Takes exactly `points`, out of the lots in spending order. */
  #takeFrom(
    account: lots.PointAccount,
    spend: {
      readonly points: Points;
      readonly to: Account;
      readonly movement: Movement;
      readonly promotion: string;
    },
  ): void {
    const consumption = this.#type(account.type)?.consumption ?? 'expiry';
    const takes = lots.takePoints(account, spend.points, { at: this.#at, consumption });
    let taken = 0;
    for (const take of takes) {
      taken += take.points;
      this.#move(spend.movement, {
        from: memberAccount(this.#member.id),
        to: spend.to,
        unit: account.type,
        points: take.points,
        promotion: spend.promotion,
        lot: lots.lotName(take.lot),
      });
    }
    assert(taken === spend.points, 'spent more points than there are', account.type, taken);
  }

  /** Moves points by hand. A negative amount must be covered by what is available. */
  adjust(type: string, amount: Points): void {
    const account = this.#account(type);
    this.#row(type).adjusted += amount;
    if (amount < 0) {
      const spend = { points: points(-amount), to: ADJUSTMENT, promotion: '' };
      this.#takeFrom(account, { ...spend, movement: 'adjustment' });
      return;
    }
    const expiresAt = this.#type(type)?.expiresAt(this.#at, this.#zone);
    const lot = { issuer: '', expiresAt, earnedAt: this.#at, points: amount };
    lots.addPoints(account, lot);
    this.#move('adjustment', {
      from: ADJUSTMENT,
      to: memberAccount(this.#member.id),
      unit: type,
      points: amount,
      lot: lots.lotName(lot),
    });
  }

  /**
   * Takes back points that a returned checkout had earned: still pending ones first, then the lot
   * they went to, then others; what is spent already becomes debt (K15) as far as the type lets.
   */
  revoke(back: {
    readonly type: string;
    readonly issuer: string | undefined;
    readonly checkout: string;
    readonly promotion: string;
    readonly lot: string;
    readonly points: Points;
  }): void {
    const account = this.#account(back.type);
    const row = this.#row(back.type);
    const cancelled = this.#revokePending(account, back);
    row.pending -= cancelled;

    let left = points(back.points - cancelled);
    const policy = this.#type(back.type)?.negative ?? 'unlimited';
    if (left === 0 || policy === 'only-pending') return;
    if (policy === 'within-balance') {
      left = points(Math.min(left, lots.available(account, this.#at)));
    }
    row.accrued -= left;
    this.#revokeSpendable(account, { ...back, points: left });
  }

  #revokePending(
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
      this.#move('accrual-reversal', {
        from: pendingAccount(this.#member.id),
        to: issuedAccount(back.issuer),
        unit: account.type,
        points: cancelled,
        promotion: back.promotion,
      });
    }
    return cancelled;
  }

  #revokeSpendable(
    account: lots.PointAccount,
    back: {
      readonly issuer: string | undefined;
      readonly promotion: string;
      readonly lot: string;
      readonly points: Points;
    },
  ): void {
    if (back.points === 0) return;
    const consumption = this.#type(account.type)?.consumption ?? 'expiry';
    const order = { at: this.#at, consumption, first: back.lot };
    const takes = lots.takePoints(account, back.points, order);
    const taken = takes.reduce((sum, take) => sum + take.points, 0);
    account.debt = points(account.debt + back.points - taken);
    this.#move('accrual-reversal', {
      from: memberAccount(this.#member.id),
      to: issuedAccount(back.issuer),
      unit: account.type,
      points: back.points,
      promotion: back.promotion,
      lot: back.lot,
    });
  }

  /** Gives redeemed points back to the lot they came from, with its expiry (K16). */
  giveBack(back: {
    readonly type: string;
    readonly points: Points;
    readonly promotion: string;
    readonly acceptor: Account;
    readonly lot: string;
  }): void {
    const account = this.#account(back.type);
    const { issuer, expiresAt } = lots.parseLotName(back.lot);
    const revived = this.#revivedUntil(expiresAt);
    const lot = { issuer, expiresAt: revived, earnedAt: this.#at, points: back.points };
    this.#row(back.type).redeemed -= back.points;
    lots.addPoints(account, lot);
    this.#move('redemption-reversal', {
      from: back.acceptor,
      to: memberAccount(this.#member.id),
      unit: back.type,
      points: back.points,
      promotion: back.promotion,
      lot: lots.lotName(lot),
    });
  }

  #revivedUntil(expiresAt: Instant | undefined): Instant | undefined {
    if (expiresAt === undefined || expiresAt > this.#at) return expiresAt;
    const grace = this.#tree.graceDays * 86_400_000;
    return grace === 0 ? expiresAt : ((this.#at + grace) as Instant); // A sum of instants in ms.
  }

  /** One row a touched point type, in the order of the rule set's point types. */
  rows(): PointsRow[] {
    return [...this.#rows.entries()].map(([type, row]) => {
      const after = lots.balance(this.#account(type));
      const moved = row.accrued + row.adjusted - row.redeemed - row.expired;
      assert(row.before + moved === after, 'a points row does not add up', type, row, after);
      return {
        type,
        precision: this.#type(type)?.precision ?? 0,
        before: row.before,
        redeemed: points(row.redeemed),
        accrued: points(row.accrued),
        pending: points(row.pending),
        expired: points(row.expired),
        adjusted: points(row.adjusted),
        after,
      };
    });
  }

  #type(type: string): PointType | undefined {
    return this.#tree.pointTypes.get(type);
  }

  #account(type: string): lots.PointAccount {
    const known = this.#member.accounts.get(type);
    if (known) return known;
    const account = lots.newAccount(type);
    this.#member.accounts.set(type, account);
    return account;
  }

  #row(type: string): RowDraft {
    const known = this.#rows.get(type);
    if (known) return known;
    const before = lots.balance(this.#account(type));
    const row = { before, redeemed: 0, accrued: 0, pending: 0, expired: 0, adjusted: 0 };
    this.#rows.set(type, row);
    return row;
  }

  #move(
    movement: Movement,
    move: Omit<Transfer, 'movement' | 'promotion' | 'lot'> &
      Partial<Pick<Transfer, 'promotion' | 'lot'>>,
  ): void {
    const { from, to, unit, points: amount, promotion = '', lot = '' } = move;
    this.transfers.push(transfer({ movement, from, to, unit, points: amount, promotion, lot }));
  }
}

interface RowDraft {
  readonly before: Points;
  redeemed: number;
  accrued: number;
  pending: number;
  expired: number;
  adjusted: number;
}
