import { assert } from '../assert.ts';
import { type Points, points } from '../money/units.ts';
import type { PointsRow } from '../outcome/outcome.ts';
import { balance, type PointAccount } from './lots.ts';

/** What one transaction does to one account, while it is being posted. */
export interface RowDraft {
  readonly type: string;
  readonly before: Points;
  /** The spendable balance after the movements so far. */
  balance: Points;
  redeemed: number;
  accrued: number;
  pending: number;
  expired: number;
  adjusted: number;
  held: number;
  toppedUp: number;
}

export function newRow(type: string, before: Points): RowDraft {
  return {
    type,
    before,
    balance: before,
    redeemed: 0,
    accrued: 0,
    pending: 0,
    expired: 0,
    adjusted: 0,
    held: 0,
    toppedUp: 0,
  };
}

/** The row of the answer. What it says moved is what the balance moved by, or it is a bug. */
export function pointsRow(row: RowDraft, account: PointAccount, precision: number): PointsRow {
  const after = balance(account);
  const gained = row.accrued + row.adjusted;
  const lost = row.redeemed + row.expired + row.held + row.toppedUp;
  assert(
    row.before + gained - lost === after,
    'a points row does not add up',
    account.type,
    row,
    after,
  );
  return {
    type: account.type,
    precision,
    before: row.before,
    redeemed: points(row.redeemed),
    accrued: points(row.accrued),
    pending: points(row.pending),
    expired: points(row.expired),
    adjusted: points(row.adjusted),
    held: points(row.held),
    toppedUp: points(row.toppedUp),
    after,
  };
}
