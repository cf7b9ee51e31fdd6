import { type Points, points } from '../../money/units.ts';
import type {
  Belongings,
  RelayAct,
  SentLot,
  SentPending,
} from '../../transaction/member-transactions.ts';
import { takePoints } from '../lots.ts';
import { PostedBack } from '../points-back.ts';
import type { Posting } from '../posting.ts';
import { addCounters, addTrackRecord } from '../track-record.ts';
import {
  acceptedAccount,
  type Movement,
  memberAccount,
  pendingAccount,
  TRANSIT,
} from '../transfer.ts';

/** Points that arrive from another member, or leave for one, through the account `transit`. */

/** Puts lots in; what has expired on the way expires at once, visibly. */
export function depositLots(
  posting: Posting,
  lots: readonly SentLot[],
  by: { readonly movement: Movement; readonly resets?: boolean },
): void {
  for (const { type, issuer, expiresAt, earnedAt, points: amount } of lots) {
    const account = posting.account(type);
    posting.row(type).adjusted += amount;
    const until = by.resets ? posting.expiresAt(type) : expiresAt;
    const lot = { issuer, expiresAt: until, earnedAt, points: amount };
    posting.credit(account, lot, { movement: by.movement, from: TRANSIT, promotion: '' });
  }
}

export function depositPending(
  posting: Posting,
  pending: readonly SentPending[],
  movement: Movement,
): void {
  for (const { type, points: amount, ...lot } of pending) {
    const account = posting.account(type);
    posting.row(type).pending += amount;
    account.pending.push({ ...lot, points: amount });
    const to = pendingAccount(posting.member.id);
    const { promotion } = lot;
    posting.move(movement, { from: TRANSIT, to, unit: type, points: amount, promotion });
  }
}

/** Takes points that are owed: out of a lot, out of others, and what is missing becomes debt. */
export function charge(
  posting: Posting,
  owed: { readonly type: string; readonly points: Points; readonly lot?: string },
  movement: Movement,
): void {
  const { type, points: amount } = owed;
  const account = posting.account(type);
  posting.row(type).adjusted -= amount;
  const consumption = posting.type(type)?.consumption ?? 'expiry';
  const order = { at: posting.at, consumption, ...(owed.lot ? { first: owed.lot } : {}) };
  const taken = takePoints(account, amount, order).reduce((sum, take) => sum + take.points, 0);
  account.debt = points(account.debt + amount - taken);
  const from = memberAccount(posting.member.id);
  posting.move(movement, { from, to: TRANSIT, unit: type, points: amount, lot: owed.lot ?? '' });
}

/** Everything that a merged member brings along. */
export function depositBelongings(
  posting: Posting,
  brought: Belongings,
  movement: 'merge' | 'unmerge',
): void {
  depositLots(posting, brought.lots, { movement });
  depositPending(posting, brought.pending, movement);
  for (const debt of brought.debts) charge(posting, debt, movement);
  addTrackRecord(posting.member, brought);
}

/** A return, as it moves the member that the buyer was merged into. */
export function correct(
  posting: Posting,
  { corrections, usage }: Extract<RelayAct, { act: 'correct' }>,
): void {
  addCounters(posting.member, usage, -1);
  const back = new PostedBack(posting);
  for (const each of corrections) {
    const { type, correction, partner, promotion, checkout, lot, points, earnedAt } = each;
    if (correction === 'revoke') {
      const issuer = partner === '' ? undefined : partner;
      back.revoke({ type, issuer, promotion, checkout, lot, points });
    } else {
      const acceptor = acceptedAccount(partner === '' ? undefined : partner);
      back.giveBack({ type, points, promotion, acceptor, lot, earnedAt });
    }
  }
}
