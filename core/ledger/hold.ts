import type { UsageDelta } from '../arbitration/decision.ts';
import { type Instant, type Points, points } from '../money/units.ts';
import { lotName } from './lots.ts';
import type { Posting } from './posting.ts';
import { acceptedAccount, heldAccount } from './transfer.ts';

/** Points of one lot that a hold keeps aside; they go back to it when nothing is bought. */
export interface HeldLot {
  readonly type: string;
  /** The promotion that spends them; `''` for the member's own wish. */
  readonly promotion: string;
  /** The partner where they are to be spent; `undefined` for the programme. */
  readonly acceptor: string | undefined;
  readonly issuer: string;
  readonly expiresAt: Instant | undefined;
  readonly earnedAt: Instant;
  readonly points: Points;
}

/**
 * What is reserved for a checkout that is not final yet: points, out of their lots, and limits,
 * already counted. It ends once, by a capture, a release or its time.
 */
export interface Hold {
  /** The id of the transaction that made it. */
  readonly id: string;
  /** From this instant on it reserves nothing, whether that is booked yet or not. */
  readonly until: Instant;
  readonly points: readonly HeldLot[];
  readonly usage: readonly UsageDelta[];
}

/** Holds of one member that may be open at a time; keeps the member's record small. */
export const HOLDS_PER_MEMBER_MAX = 64;

/** Points that a checkout spends at one partner. */
export interface Spend {
  readonly type: string;
  readonly promotion: string;
  readonly acceptor: string | undefined;
  readonly points: Points;
}

/** Sets points aside for a checkout that is not final yet, lot by lot. */
export function reserve(
  posting: Posting,
  wanted: Omit<Hold, 'points'> & { readonly spends: readonly Spend[] },
): void {
  const { id, until, usage, spends } = wanted;
  const held = spends.flatMap((spend) => setAside(posting, spend));
  posting.member.holds = [...posting.member.holds, { id, until, usage, points: held }];
}

function setAside(posting: Posting, { type, promotion, acceptor, points }: Spend): HeldLot[] {
  if (points === 0) return [];
  posting.row(type).held += points;
  const to = heldAccount(posting.member.id);
  const takes = posting.debit(posting.account(type), { points, to, movement: 'hold', promotion });
  return takes.map((take) => {
    const { issuer, expiresAt, earnedAt } = take.lot;
    return { type, promotion, acceptor, issuer, expiresAt, earnedAt, points: take.points };
  });
}

/**
 * Spends what a hold kept aside, or as much of it as `spends` say: the rest goes back to its lots.
 * Limits stay counted.
 */
export function spendHold(posting: Posting, hold: Hold, spends?: readonly Spend[]): void {
  dropHold(posting, hold);
  const rest: HeldLot[] = [];
  const left = spends && wantedOf(spends);
  for (const held of hold.points) {
    const purpose = purposeOf(held);
    const wanted: number = left ? (left.get(purpose) ?? 0) : held.points;
    const spent = points(Math.min(wanted, held.points));
    left?.set(purpose, points(wanted - spent));
    if (spent > 0) spendHeld(posting, { ...held, points: spent });
    if (spent < held.points) rest.push({ ...held, points: points(held.points - spent) });
  }
  giveBack(posting, rest, 'hold-release');
}

/** How many points go to each purpose: one promotion may have points pay more than once. */
function wantedOf(spends: readonly Spend[]): Map<string, Points> {
  const wanted = new Map<string, Points>();
  for (const spend of spends) {
    const purpose = purposeOf(spend);
    wanted.set(purpose, points((wanted.get(purpose) ?? 0) + spend.points));
  }
  return wanted;
}

const purposeOf = ({ type, promotion, acceptor = '' }: Spend): string =>
  JSON.stringify([type, promotion, acceptor]);

function spendHeld(posting: Posting, held: HeldLot): void {
  const row = posting.row(held.type);
  row.held -= held.points;
  row.redeemed += held.points;
  posting.move('redemption', {
    from: heldAccount(posting.member.id),
    to: acceptedAccount(held.acceptor),
    unit: held.type,
    points: held.points,
    promotion: held.promotion,
    lot: lotName(held),
    earnedAt: held.earnedAt,
  });
}

/**
 * Gives everything back: points to their lots with their expiry, limits to whoever comes next. A
 * lot whose time came while it was held expires now, for everybody to see.
 */
export function freeHold(
  posting: Posting,
  hold: Hold,
  movement: 'hold-release' | 'hold-expiry',
): void {
  dropHold(posting, hold);
  posting.free(hold.usage);
  giveBack(posting, hold.points, movement);
}

function giveBack(
  posting: Posting,
  lots: readonly HeldLot[],
  movement: 'hold-release' | 'hold-expiry',
): void {
  for (const held of lots) {
    const { issuer, expiresAt, earnedAt, points, promotion } = held;
    const account = posting.account(held.type);
    posting.row(held.type).held -= points;
    const from = heldAccount(posting.member.id);
    posting.credit(account, { issuer, expiresAt, earnedAt, points }, { movement, from, promotion });
  }
}

function dropHold(posting: Posting, hold: Hold): void {
  posting.member.holds = posting.member.holds.filter((other) => other.id !== hold.id);
}
