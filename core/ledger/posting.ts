import type { Credit, UsageDelta } from '../arbitration/decision.ts';
import type { ArbitrationTree, PointType, TierLadder } from '../arbitration/tree.ts';
import { assert } from '../assert.ts';
import { type Instant, type Points, points } from '../money/units.ts';
import type { PointsRow, TierChange, TopUp } from '../outcome/outcome.ts';
import { freeHold } from './hold.ts';
import * as lots from './lots.ts';
import { type Member, memberDue } from './member.ts';
import { newRow, pointsRow, type RowDraft } from './points-row.ts';
import type { LedgerState } from './state.ts';
import { countEarned, moveTiers, passTime, type TierScene } from './tiers.ts';
import {
  type Account,
  ADJUSTMENT,
  acceptedAccount,
  BREAKAGE,
  issuedAccount,
  type Movement,
  memberAccount,
  notesAge,
  pendingAccount,
  RESET,
  TOP_UP,
  type Transfer,
  transfer,
} from './transfer.ts';
import { countUsage, uncount } from './usage.ts';

/** Top-ups that one transaction may cause; what is left waits for the next credit. */
export const TOP_UPS_PER_TRANSACTION_MAX = 100;

const NO_CHANGES: readonly TierChange[] = [];

/** What a posting is about. */
export interface PostingContext {
  readonly member: Member;
  readonly tree: ArbitrationTree;
  /** When the stream stored the transaction: expiry looks at it. */
  readonly at: Instant;
  readonly zone: string;
}

/**
 * The posting of a member in which everything is booked that time alone has changed. When that is
 * something, it works on a copy: a transaction that is refused afterwards leaves no trace.
 */
export function openPosting(
  state: LedgerState,
  id: string,
  context: Omit<PostingContext, 'member'>,
): Posting | undefined {
  const stored = state.member(id);
  if (!stored) return undefined;
  const due = memberDue(stored);
  const member = isReached(due, context.at) ? state.memberCopy(id) : stored;
  if (!member) return undefined;
  const posting = new Posting({ ...context, member });
  if (isReached(due, context.at)) posting.settle();
  return posting;
}

function isReached(due: Instant | undefined, at: Instant): due is Instant {
  return due !== undefined && due <= at;
}

/**
 * The point movements of one transaction on one member. Lots and transfers change together here
 * and nowhere else, so that the balance of an account is always the sum of its entries.
 */
export class Posting {
  readonly transfers: Transfer[] = [];
  readonly member: Member;
  readonly #mine: Account;
  readonly #until: Instant;
  /** A row a point type touched, in that order: hardly ever more than two. */
  readonly #rows: RowDraft[] = [];
  readonly tree: ArbitrationTree;
  readonly #zone: string;
  #at: Instant;
  #topUps: TopUp[] | undefined;
  #freed: UsageDelta[] | undefined;
  #tiers: readonly TierChange[] = NO_CHANGES;

  constructor(context: PostingContext) {
    this.member = context.member;
    this.#mine = memberAccount(context.member.id);
    this.tree = context.tree;
    this.#at = context.at;
    this.#until = context.at;
    this.#zone = context.zone;
  }

  /** The instant of what is booked: the transaction's own, but while settling an earlier one. */
  get at(): Instant {
    return this.#at;
  }

  /**
   * Books what time alone has changed since the member was last touched, instant by instant, so
   * that a late booking comes to what prompt ones would have come to.
   */
  settle(): void {
    let settled: Instant | undefined;
    for (let due = memberDue(this.member); isReached(due, this.#until); ) {
      assert(settled === undefined || settled < due, 'time did not go on', due);
      settled = due;
      this.#at = due;
      this.#settleNow();
      due = memberDue(this.member);
    }
    this.#at = this.#until;
  }

  #settleNow(): void {
    for (const hold of this.member.holds) {
      if (hold.until <= this.at) freeHold(this, hold, 'hold-expiry');
    }
    for (const account of this.member.accounts.values()) {
      if (!isReached(lots.nextDue(account), this.at)) continue;
      // The row remembers the balance before anything is booked.
      this.row(account.type);
      this.#mature(account);
    }
    // Points that came count for the period that ends now; those that go stay to the end of it.
    if (this.member.tiers.size > 0) passTime(this.tree.tierGroups, this.#tierScene());
    for (const account of this.member.accounts.values()) this.expire(account);
    this.#moveTiers();
  }

  /** Keeps what was posted: the member, and the shared limits that ended holds gave back. */
  keep(state: LedgerState): void {
    this.#moveTiers();
    if (this.#freed) countUsage(state, this.member, { deltas: this.#freed, sign: -1 });
    state.putMember(this.member);
  }

  /** What goes into the answer and the ledger. */
  result(): {
    readonly points: readonly PointsRow[];
    readonly transfers: readonly Transfer[];
    readonly topUps: readonly TopUp[] | undefined;
    readonly tiers: readonly TierChange[];
  } {
    this.#moveTiers();
    return {
      points: this.rows(),
      transfers: this.transfers,
      topUps: this.#topUps,
      tiers: this.#tiers,
    };
  }

  #moveTiers(): void {
    const { tierGroups } = this.tree;
    if (tierGroups.length > 0) moveTiers(tierGroups, this.#tierScene());
  }

  #tierScene(): TierScene {
    return {
      member: this.member,
      at: this.at,
      reset: (type) => this.#resetPoints(type),
      changed: (change) => {
        this.#tiers = [...this.#tiers, change];
      },
    };
  }

  /** Qualification points start again: by an entry, never by writing over them (003-15). */
  #resetPoints(type: string): void {
    const account = this.account(type);
    const row = this.row(type);
    const mine = this.#mine;
    for (const lot of account.lots) {
      row.adjusted -= lot.points;
      const about = { unit: type, points: lot.points, lot: lots.lotName(lot) };
      this.move('tier-reset', { from: mine, to: RESET, ...about });
    }
    account.lots = [];
    if (account.debt === 0) return;
    row.adjusted += account.debt;
    this.move('tier-reset', { from: RESET, to: mine, unit: type, points: account.debt });
    account.debt = points(0);
  }

  /** Books what expired. */
  expire(account: lots.PointAccount): void {
    for (const lot of lots.removeExpired(account, this.at)) {
      this.row(account.type).expired += lot.points;
      this.move('expiry', {
        from: this.#mine,
        to: BREAKAGE,
        unit: account.type,
        points: lot.points,
        lot: lots.lotName(lot),
      });
    }
  }

  #mature(account: lots.PointAccount): void {
    for (const pending of lots.removeMatured(account, this.at)) {
      // Validity counts from the instant the points became spendable, by the programme's calendar:
      // neither when nor where this is booked may make a difference.
      const from = pending.creditAt ?? this.at;
      this.#credit(account, { ...pending, from, zone: this.tree.zone });
    }
  }

  #credit(
    account: lots.PointAccount,
    due: lots.PendingLot & { readonly from: Instant; readonly zone: string },
  ): void {
    const { issuer, promotion, validFrom: earnedAt = due.from } = due;
    const expiresAt = this.type(account.type)?.expiresAt(earnedAt, due.zone);
    const lot = { issuer, expiresAt, earnedAt, points: due.points };
    this.row(account.type).accrued += due.points;
    this.credit(account, lot, {
      movement: 'maturity',
      from: pendingAccount(this.member.id),
      promotion,
    });
  }

  /** Credits the points that waited for the delivery of a checkout. */
  deliver(checkout: string): void {
    for (const account of this.member.accounts.values()) {
      if (account.pending.length === 0) continue;
      const delivered = lots.removeDelivered(account, checkout);
      const due = { from: this.at, zone: this.#zone };
      for (const pending of delivered) this.#credit(account, { ...pending, ...due });
    }
  }

  /**
   * Puts points into their lot: every credit of spendable points goes through here. Points of a
   * lot that is over (they were held, or on their way) expire at once, and repay no debt.
   */
  credit(
    account: lots.PointAccount,
    lot: lots.Lot,
    by: {
      readonly movement: Movement;
      readonly from: Account;
      readonly promotion: string;
      /** No top-up follows at once. */
      readonly quiet?: boolean;
    },
  ): void {
    const mine = this.#mine;
    const about = { unit: account.type, points: lot.points, lot: lots.lotName(lot) };
    this.move(by.movement, { ...about, from: by.from, to: mine, promotion: by.promotion });
    if (lots.isExpired(lot, this.at)) {
      this.row(account.type).expired += lot.points;
      this.move('expiry', { ...about, from: mine, to: BREAKAGE });
      return;
    }
    lots.addPoints(account, lot);
    if (!by.quiet) this.#topUp(account);
  }

  /** Turns points into top-ups while there are enough of them (002-07). */
  #topUp(account: lots.PointAccount): void {
    const type = this.type(account.type);
    if (type?.topUp === undefined || this.isDeactivated(account.type)) return;
    const { at: each } = type.topUp;
    const topUps = this.#topUps ?? [];
    while (
      lots.available(account, this.at) >= each &&
      topUps.length < TOP_UPS_PER_TRANSACTION_MAX
    ) {
      this.row(account.type).toppedUp += each;
      this.debit(account, { points: each, to: TOP_UP, movement: 'top-up', promotion: '' });
      const { id: member } = this.member;
      topUps.push({ member, type: type.id, precision: type.precision, points: each });
    }
    if (topUps.length > 0) this.#topUps = topUps;
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
    const account = this.account(grant.type);
    const issuer = grant.issuer ?? '';
    const row = this.row(grant.type);
    const movement = grant.movement ?? 'accrual';
    const { promotion } = grant;
    if (grant.credit.kind === 'at-checkout') {
      const expiresAt = this.type(grant.type)?.expiresAt(this.at, this.#zone);
      row.accrued += grant.points;
      const lot = { issuer, expiresAt, earnedAt: this.at, points: grant.points };
      this.credit(account, lot, { movement, from: issuedAccount(grant.issuer), promotion });
      return;
    }
    row.pending += grant.points;
    const creditAt = grant.credit.kind === 'at' ? grant.credit.at : undefined;
    // Decided now, so that what was promised stays as it was when the rule set changes.
    const validFrom = this.type(grant.type)?.livesFromEarning ? this.at : undefined;
    const { checkout, points } = grant;
    account.pending.push({ issuer, checkout, promotion, creditAt, validFrom, points });
    this.move(movement, {
      from: issuedAccount(grant.issuer),
      to: pendingAccount(this.member.id),
      unit: grant.type,
      points: grant.points,
      promotion,
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
    const account = this.account(spend.type);
    this.row(spend.type).redeemed += spend.points;
    const to = acceptedAccount(spend.acceptor);
    this.debit(account, { ...spend, to, movement: 'redemption' });
  }

  /** Takes exactly `points`, out of the lots in spending order. */
  debit(
    account: lots.PointAccount,
    spend: {
      readonly points: Points;
      readonly to: Account;
      readonly movement: Movement;
      readonly promotion: string;
    },
  ): lots.Take[] {
    const consumption = this.type(account.type)?.consumption ?? 'expiry';
    const takes = lots.takePoints(account, spend.points, { at: this.at, consumption });
    let taken = 0;
    for (const take of takes) {
      taken += take.points;
      this.move(spend.movement, {
        from: this.#mine,
        to: spend.to,
        unit: account.type,
        points: take.points,
        promotion: spend.promotion,
        lot: lots.lotName(take.lot),
        earnedAt: notesAge(spend.movement) ? take.lot.earnedAt : undefined,
      });
    }
    assert(taken === spend.points, 'spent more points than there are', account.type, taken);
    return takes;
  }

  /** Moves points by hand. A negative amount must be covered by what is available. */
  adjust(type: string, amount: Points, promotion = ''): void {
    const account = this.account(type);
    this.row(type).adjusted += amount;
    if (amount < 0) {
      const spend = { points: points(-amount), to: ADJUSTMENT, promotion };
      this.debit(account, { ...spend, movement: 'adjustment' });
      return;
    }
    const expiresAt = this.type(type)?.expiresAt(this.at, this.#zone);
    const lot = { issuer: '', expiresAt, earnedAt: this.at, points: amount };
    this.credit(account, lot, { movement: 'adjustment', from: ADJUSTMENT, promotion });
  }

  /** Brings in points from elsewhere: they keep their issuer, age and expiry. */
  bringIn(
    type: string,
    lot: Omit<lots.Lot, 'issuer'> & { readonly issuer: string | undefined },
  ): void {
    const account = this.account(type);
    this.row(type).adjusted += lot.points;
    const from = issuedAccount(lot.issuer);
    const { issuer = '', expiresAt, earnedAt } = lot;
    const own = { issuer, expiresAt, earnedAt, points: lot.points };
    this.credit(account, own, { movement: 'import', from, promotion: '' });
  }

  /** One row a touched point type, in the order in which they were touched. */
  rows(): PointsRow[] {
    return this.#rows.map((row) =>
      pointsRow(row, this.account(row.type), this.type(row.type)?.precision ?? 0),
    );
  }

  /** Limits that a hold had counted: the member's are free at once, shared ones when it is kept. */
  free(usage: readonly UsageDelta[]): void {
    for (const delta of usage) {
      if (delta.scope === 'programme') this.#freed = [...(this.#freed ?? []), delta];
      else uncount(this.member, delta);
    }
  }

  /** When points of a type that are given now expire. */
  expiresAt(type: string): Instant | undefined {
    return this.type(type)?.expiresAt(this.at, this.#zone);
  }

  type(type: string): PointType | undefined {
    return this.tree.pointTypes.get(type);
  }

  /** True from the instant on at which a type is neither given nor spent any more. */
  isDeactivated(type: string): boolean {
    const deactivateAt = this.type(type)?.deactivateAt;
    return deactivateAt !== undefined && deactivateAt <= this.at;
  }

  account(type: string): lots.PointAccount {
    const known = this.member.accounts.get(type);
    if (known) return known;
    const account = lots.newAccount(type);
    this.member.accounts.set(type, account);
    return account;
  }

  /** What happens to a point type here. Ask for it before changing the account. */
  row(type: string): RowDraft {
    for (const row of this.#rows) if (row.type === type) return row;
    const row = newRow(type, lots.balance(this.account(type)));
    this.#rows.push(row);
    return row;
  }

  #countEarned(
    ladder: TierLadder,
    move: {
      readonly movement: Movement;
      readonly from: Account;
      readonly to: Account;
      readonly amount: Points;
    },
  ): void {
    const mine = this.#mine;
    const sign = move.to === mine ? 1 : move.from === mine ? -1 : 0;
    const { movement, amount } = move;
    countEarned(this.member, ladder, { movement, amount: sign * amount, at: this.at });
  }

  /** Makes the movement: the only way to do it, so that entries always balance. */
  move(
    movement: Movement,
    move: Omit<Transfer, 'movement' | 'promotion' | 'lot' | 'balance'> &
      Partial<Pick<Transfer, 'promotion' | 'lot'>>,
  ): void {
    const { from, to, unit, points: amount, promotion = '', lot = '', earnedAt } = move;
    const balance = this.#balanceAfter(move);
    const about = { movement, from, to, unit, points: amount, promotion, lot, balance, earnedAt };
    this.transfers.push(transfer(about));
    const { tierGroups } = this.tree;
    if (tierGroups.length === 0) return;
    for (const ladder of tierGroups) {
      if (ladder.points === unit) this.#countEarned(ladder, { movement, from, to, amount });
    }
  }

  /** Movements of an account follow one another: each begins with what the last one left. */
  #balanceAfter(move: Pick<Transfer, 'from' | 'to' | 'unit' | 'points'>): Points {
    const mine = this.#mine;
    const sign = move.to === mine ? 1 : move.from === mine ? -1 : 0;
    if (sign === 0) return points(0);
    const row = this.row(move.unit);
    row.balance = points(row.balance + sign * move.points);
    return row.balance;
  }
}
