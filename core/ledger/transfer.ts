import { assert } from '../assert.ts';
import type { Instant, Points } from '../money/units.ts';

/**
 * Accounts are named by kind and owner. Member accounts hold what members own; all others are
 * the programme's side of the same points.
 *
 * - `member:<id>`    spendable points of a member
 * - `pending:<id>`   points of a member that wait for delivery or a date
 * - `held:<id>`      points of a member that a hold keeps for a checkout
 * - `issued:<who>`   points brought into the world by a partner (or `programme`); goes negative
 * - `accepted:<who>` points that came back as payment at a partner (or `programme`)
 * - `breakage`       points that expired
 * - `adjustment`     manual movements
 * - `reset`          qualification points that a tier group took away to start again
 * - `transit`        points on their way from one member to another
 * - `top-up`         points that were turned into money on members' phone accounts
 */
export type Account = string;

export const BREAKAGE: Account = 'breakage';
export const ADJUSTMENT: Account = 'adjustment';
export const TOP_UP: Account = 'top-up';
export const RESET: Account = 'reset';
export const TRANSIT: Account = 'transit';
export const memberAccount = (member: string): Account => `member:${member}`;
export const pendingAccount = (member: string): Account => `pending:${member}`;
export const heldAccount = (member: string): Account => `held:${member}`;
export const issuedAccount = (partner: string | undefined): Account =>
  `issued:${partner ?? 'programme'}`;
export const acceptedAccount = (partner: string | undefined): Account =>
  `accepted:${partner ?? 'programme'}`;

export const MOVEMENTS = [
  'accrual',
  'maturity',
  'redemption',
  'expiry',
  'adjustment',
  'initial-balance',
  'accrual-reversal',
  'redemption-reversal',
  'hold',
  'hold-release',
  'hold-expiry',
  'top-up',
  'tier-reset',
  'transfer-out',
  'transfer-in',
  'transfer-back',
  'merge',
  'unmerge',
  'forfeit',
  'deduction',
  'import',
  'top-up-reversal',
] as const;
/** Movements that note how old the points were, because these may come back. */
export const notesAge = (movement: Movement): boolean =>
  movement === 'redemption' || movement === 'top-up';
export type Movement = (typeof MOVEMENTS)[number];

/** What accounts of points that members own begin with, spendable or not. */
export const MEMBERS_ACCOUNTS = ['member:', 'pending:', 'held:'] as const;

/** True for accounts of points that members own, spendable or not. */
export function isMembers(account: Account): boolean {
  return (
    account.startsWith('member:') || account.startsWith('pending:') || account.startsWith('held:')
  );
}

/** A balanced movement of points: what leaves one account arrives on another. */
export interface Transfer {
  readonly movement: Movement;
  readonly from: Account;
  readonly to: Account;
  /** Point type: the unit in which the two sides balance. */
  readonly unit: string;
  readonly points: Points;
  /** The promotion that caused it; `''` when none did. */
  readonly promotion: string;
  /** The point lot touched; `''` when none was. */
  readonly lot: string;
  /** What the member account that takes part held after it; 0 when none does. */
  readonly balance: Points;
  /** Of a redemption or top-up: how old the points were, for those that come back. */
  readonly earnedAt?: Instant | undefined;
}

/** One side of a transfer. Over all entries of a unit, `amount` sums to zero. */
export interface LedgerEntry {
  readonly account: Account;
  readonly side: 'debit' | 'credit';
  /** Signed: a debit takes from the account, a credit gives to it. */
  readonly amount: number;
}

/** The only way to make a movement, so that entries always balance. */
export function transfer(move: Transfer): Transfer {
  assert(move.points > 0, 'a transfer moves at least one point', move);
  assert(move.from !== move.to, 'a transfer needs two accounts', move);
  return move;
}

/** The two entries of a transfer. */
export function entriesOf(move: Transfer): readonly [LedgerEntry, LedgerEntry] {
  return [
    { account: move.from, side: 'debit', amount: -move.points },
    { account: move.to, side: 'credit', amount: move.points },
  ];
}
