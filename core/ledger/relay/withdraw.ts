import { type Points, points } from '../../money/units.ts';
import type { Belongings, SentLot, SentPending } from '../../transaction/member-transactions.ts';
import { lotName, type PointAccount } from '../lots.ts';
import type { Member } from '../member.ts';
import type { Posting } from '../posting.ts';
import { subtractTrackRecord } from '../track-record.ts';
import {
  type Account,
  type Movement,
  memberAccount,
  pendingAccount,
  TRANSIT,
} from '../transfer.ts';
import { charge } from './deposit.ts';
import { sentLot } from './outgoing.ts';

/** Empties every account of a member into `to`, entry by entry, and says what was in them. */
export function withdrawAll(
  posting: Posting,
  to: Account,
  movement: Movement,
): Pick<Belongings, 'lots' | 'pending' | 'debts'> {
  const lots: SentLot[] = [];
  const pending: SentPending[] = [];
  const debts: { type: string; points: Points }[] = [];
  for (const account of posting.member.accounts.values()) {
    const { type, debt } = account;
    lots.push(...takeLots(posting, account, { to, movement }));
    pending.push(...takePending(posting, account, { to, movement }));
    if (debt === 0) continue;
    debts.push({ type, points: debt });
    posting.row(type).adjusted += debt;
    const mine = memberAccount(posting.member.id);
    posting.move(movement, { from: to, to: mine, unit: type, points: debt });
    account.debt = points(0);
  }
  return { lots, pending, debts };
}

interface Way {
  readonly to: Account;
  readonly movement: Movement;
}

function takeLots(posting: Posting, account: PointAccount, { to, movement }: Way): SentLot[] {
  const { type, lots } = account;
  const from = memberAccount(posting.member.id);
  const row = posting.row(type);
  for (const lot of lots) {
    row.adjusted -= lot.points;
    posting.move(movement, { from, to, unit: type, points: lot.points, lot: lotName(lot) });
  }
  account.lots = [];
  return lots.map((lot) => sentLot(type, lot));
}

function takePending(
  posting: Posting,
  account: PointAccount,
  { to, movement }: Way,
): SentPending[] {
  const { type, pending } = account;
  const from = pendingAccount(posting.member.id);
  const row = posting.row(type);
  for (const { points: amount, promotion } of pending) {
    row.pending -= amount;
    posting.move(movement, { from, to, unit: type, points: amount, promotion });
  }
  account.pending = [];
  return pending.map((promised) => ({ type, ...promised }));
}

/** Takes back what a merged member had brought along, whatever became of it meanwhile. */
export function withdrawBelongings(posting: Posting, brought: Belongings): void {
  for (const lot of brought.lots) charge(posting, { ...lot, lot: lotName(lot) }, 'unmerge');
  for (const promised of brought.pending) withdrawPending(posting, promised);
  for (const { type, points: amount } of brought.debts) {
    posting.row(type).adjusted += amount;
    const lot = { issuer: '', expiresAt: posting.expiresAt(type), earnedAt: posting.at };
    const by = { movement: 'unmerge', from: TRANSIT, promotion: '' } as const;
    posting.credit(posting.account(type), { ...lot, points: amount }, by);
  }
  subtractTrackRecord(posting.member, brought);
}

/** Promised points leave while they wait, and what became spendable like any other points. */
function withdrawPending(posting: Posting, promised: SentPending): void {
  const { type, checkout, promotion } = promised;
  const account = posting.account(type);
  let left: number = promised.points;
  account.pending = account.pending.flatMap((lot) => {
    if (left === 0 || lot.checkout !== checkout || lot.promotion !== promotion) return [lot];
    const taken = Math.min(left, lot.points);
    left -= taken;
    return taken === lot.points ? [] : [{ ...lot, points: points(lot.points - taken) }];
  });
  const waiting = points(promised.points - left);
  if (waiting > 0) {
    posting.row(type).pending -= waiting;
    const from = pendingAccount(posting.member.id);
    posting.move('unmerge', { from, to: TRANSIT, unit: type, points: waiting, promotion });
  }
  if (left > 0) charge(posting, { type, points: points(left) }, 'unmerge');
}

/** Lists of a relay are bounded; a member with more lots or counters is not moved at once. */
export function fitsRelay(member: Member, most: number): boolean {
  const count = (of: 'lots' | 'pending'): number =>
    [...member.accounts.values()].reduce((sum, account) => sum + account[of].length, 0);
  return count('lots') <= most && count('pending') <= most && member.usage.size <= most;
}
