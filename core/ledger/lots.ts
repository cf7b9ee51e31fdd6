import { assert } from '../assert.ts';
import { type Instant, type Points, points } from '../money/units.ts';

/**
 * Point lots of one member and point type. Points of one issuer that expire at the same instant
 * are one lot, so a member who buys ten times a day does not grow ten lots.
 *
 * The balance of an account is `Σ lots − debt`; it equals the sum of its ledger entries. Debt
 * arises when a return takes back points that were spent meanwhile (K15); accruals repay it first.
 */
export interface Lot {
  /** Partner that issued the points; `''` for the programme. */
  readonly issuer: string;
  readonly expiresAt: Instant | undefined;
  /** Instant of the first points in it: the age for first-in-first-out. */
  readonly earnedAt: Instant;
  readonly points: Points;
}

/** Points that are promised but not spendable yet. */
export interface PendingLot {
  readonly issuer: string;
  /** The checkout that earned them, for delivery and for returns. */
  readonly checkout: string;
  readonly promotion: string;
  /** `undefined`: on delivery. */
  readonly creditAt: Instant | undefined;
  /** Since when they live; `undefined`: since they are credited. */
  readonly validFrom: Instant | undefined;
  readonly points: Points;
}

export interface PointAccount {
  readonly type: string;
  /** Soonest expiry first, then oldest, then issuer. */
  lots: Lot[];
  pending: PendingLot[];
  debt: Points;
}

/** Names a lot in transfers: issuer and expiry say it all. */
export function lotName(lot: { readonly issuer: string; readonly expiresAt: Instant | undefined }) {
  return `${lot.issuer}@${lot.expiresAt ?? 'never'}`;
}

/** The inverse of `lotName`. */
export function parseLotName(name: string): {
  readonly issuer: string;
  readonly expiresAt: Instant | undefined;
} {
  const at = name.lastIndexOf('@');
  assert(at >= 0, 'not a lot name', name);
  const expiry = name.slice(at + 1);
  const expiresAt = expiry === 'never' ? undefined : (Number(expiry) as Instant); // Written by us.
  return { issuer: name.slice(0, at), expiresAt };
}

export function newAccount(type: string): PointAccount {
  return { type, lots: [], pending: [], debt: points(0) };
}

export function isExpired(lot: Lot, at: Instant): boolean {
  return lot.expiresAt !== undefined && lot.expiresAt <= at;
}

/** What the account's entries sum to: expired lots count until their expiry is booked. */
export function balance(account: PointAccount): Points {
  let sum = 0;
  for (const lot of account.lots) sum += lot.points;
  return points(sum - account.debt);
}

/** What the member may spend at an instant. Expiry is logical: a late tick changes nothing. */
export function available(account: PointAccount, at: Instant): Points {
  let sum = 0;
  for (const lot of account.lots) if (!isExpired(lot, at)) sum += lot.points;
  return points(Math.max(0, sum - account.debt));
}

export function pendingPoints(account: PointAccount): Points {
  let sum = 0;
  for (const lot of account.pending) sum += lot.points;
  return points(sum);
}

function before(a: Lot, b: Lot): boolean {
  const left = a.expiresAt ?? Number.POSITIVE_INFINITY;
  const right = b.expiresAt ?? Number.POSITIVE_INFINITY;
  if (left !== right) return left < right;
  if (a.earnedAt !== b.earnedAt) return a.earnedAt < b.earnedAt;
  return a.issuer < b.issuer;
}

/** Adds points to their lot, repaying debt first. */
export function addPoints(account: PointAccount, added: Lot): void {
  assert(added.points > 0, 'only positive points can be added', added);
  const repaid = Math.min(account.debt, added.points);
  account.debt = points(account.debt - repaid);
  const kept = points(added.points - repaid);
  if (kept === 0) return;

  const same = account.lots.findIndex(
    (lot) => lot.issuer === added.issuer && lot.expiresAt === added.expiresAt,
  );
  const lot = account.lots[same];
  if (lot && lot.earnedAt <= added.earnedAt) {
    account.lots[same] = { ...lot, points: points(lot.points + kept) };
    return;
  }
  // Returned points may be older than what came into their lot since: it is as old as they are.
  if (lot) account.lots.splice(same, 1);
  insert(account, { ...added, points: points(kept + (lot?.points ?? 0)) });
}

function insert(account: PointAccount, lot: Lot): void {
  const position = account.lots.findIndex((other) => before(lot, other));
  account.lots.splice(position === -1 ? account.lots.length : position, 0, lot);
}

/** Points taken from one lot. */
export interface Take {
  readonly lot: Lot;
  readonly points: Points;
}

export interface TakeOrder {
  readonly at: Instant;
  /** K14: `expiry` = soonest expiry, then oldest; `fifo` = oldest. */
  readonly consumption: 'expiry' | 'fifo';
  /** A lot to empty first, by name: the one a return mirrors. */
  readonly first?: string;
}

/** Takes up to `wanted` points out of lots that have not expired, and says from which. */
export function takePoints(account: PointAccount, wanted: Points, order: TakeOrder): Take[] {
  const takes: Take[] = [];
  let left: number = wanted;
  for (const lot of spendingOrder(account, order)) {
    if (left === 0) break;
    const taken = Math.min(left, lot.points);
    takes.push({ lot, points: points(taken) });
    left -= taken;
  }
  removeTaken(account, takes);
  return takes;
}

function spendingOrder(account: PointAccount, order: TakeOrder): Lot[] {
  const usable = account.lots.filter((lot) => !isExpired(lot, order.at));
  if (order.consumption === 'fifo') usable.sort((a, b) => a.earnedAt - b.earnedAt);
  if (order.first === undefined) return usable;

  const first = usable.findIndex((lot) => lotName(lot) === order.first);
  if (first > 0) usable.unshift(...usable.splice(first, 1));
  return usable;
}

function removeTaken(account: PointAccount, takes: readonly Take[]): void {
  const kept = [...account.lots];
  for (const { lot, points: taken } of takes) {
    const place = kept.indexOf(lot);
    const rest = points(lot.points - taken);
    if (rest === 0) kept.splice(place, 1);
    else kept[place] = { ...lot, points: rest };
  }
  account.lots = kept;
}

/** Removes expired lots and returns them; the caller books their breakage. */
export function removeExpired(account: PointAccount, at: Instant): Lot[] {
  const expired = account.lots.filter((lot) => isExpired(lot, at));
  if (expired.length > 0) account.lots = account.lots.filter((lot) => !isExpired(lot, at));
  return expired;
}

/**
 * Removes pending points whose instant has come and returns them, the earliest first: a late tick
 * credits them as prompt ones would have. The caller books them.
 */
export function removeMatured(account: PointAccount, at: Instant): PendingLot[] {
  const matured = account.pending.filter((lot) => lot.creditAt !== undefined && lot.creditAt <= at);
  if (matured.length > 0) {
    account.pending = account.pending.filter((lot) => !matured.includes(lot));
  }
  return matured.sort((a, b) => (a.creditAt ?? 0) - (b.creditAt ?? 0));
}

/** Removes the points that wait for the delivery of a checkout and returns them. */
export function removeDelivered(account: PointAccount, checkout: string): PendingLot[] {
  const waits = (lot: PendingLot): boolean =>
    lot.creditAt === undefined && lot.checkout === checkout;
  const delivered = account.pending.filter(waits);
  if (delivered.length > 0) account.pending = account.pending.filter((lot) => !waits(lot));
  return delivered;
}

/** The next instant at which time alone changes this account; `undefined` = never. */
export function nextDue(account: PointAccount): Instant | undefined {
  let next: Instant | undefined;
  for (const lot of account.lots) next = earlier(next, lot.expiresAt);
  for (const lot of account.pending) next = earlier(next, lot.creditAt);
  return next;
}

/** The earlier of two instants, where `undefined` means never. */
export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a < b ? a : b;
}
