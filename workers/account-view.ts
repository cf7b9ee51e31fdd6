import type { ArbitrationTree } from '../core/arbitration/tree.ts';
import type { Hold } from '../core/ledger/hold.ts';
import {
  available,
  balance,
  type Lot,
  lotName,
  type PendingLot,
  type PointAccount,
  pendingPoints,
} from '../core/ledger/lots.ts';
import type { Member } from '../core/ledger/member.ts';
import { type Instant, instant } from '../core/money/units.ts';
import { formatInstant } from '../core/time/instant.ts';

/** Lots shown with one account, and as many that wait; the rest is summed up by the figures. */
const LOTS_SHOWN_MAX = 50;

type Json = Readonly<Record<string, unknown>>;

/** How an account is looked at. */
export interface View {
  readonly member: Member;
  readonly tree: ArbitrationTree | undefined;
  readonly at: Instant;
  /** Milliseconds ahead in which expiring points are told of. */
  readonly expiringWithin: number;
}

/** One account, as decimals of its type. */
export function accountView(account: PointAccount, view: View): Json {
  const { at, tree } = view;
  const type = tree?.pointTypes.get(account.type);
  const scale = scaleOf(account.type, view);
  const active = type?.deactivateAt === undefined || at < type.deactivateAt;
  const next = account.lots.find((lot) => lot.expiresAt !== undefined && lot.expiresAt > at);
  return {
    type: account.type,
    active,
    balance: balance(account) / scale,
    available: active ? available(account, at) / scale : 0,
    pending: pendingPoints(account) / scale,
    held: heldPoints(account.type, view.member.holds) / scale,
    debt: account.debt / scale,
    soonestExpiry:
      next === undefined ? null : { at: shown(next.expiresAt), points: next.points / scale },
    expiring: expiringView(account, view),
    forecast: forecastOf(account, view) / scale,
    lots: account.lots.slice(0, LOTS_SHOWN_MAX).map((lot) => lotView(lot, scale)),
    waiting: account.pending.slice(0, LOTS_SHOWN_MAX).map((lot) => waitingView(lot, scale)),
  };
}

/** What expires soon, by instant: what a member wants to be reminded of. */
function expiringView(account: PointAccount, view: View): Json {
  const until = instant(view.at + view.expiringWithin);
  const scale = scaleOf(account.type, view);
  const byInstant = new Map<Instant, number>();
  for (const { expiresAt, points } of account.lots) {
    if (expiresAt === undefined || expiresAt <= view.at || expiresAt > until) continue;
    byInstant.set(expiresAt, (byInstant.get(expiresAt) ?? 0) + points);
  }
  const sum = [...byInstant.values()].reduce((total, points) => total + points, 0);
  return {
    until: formatInstant(until),
    points: sum / scale,
    dates: [...byInstant].map(([at, points]) => ({ at: shown(at), points: points / scale })),
  };
}

/** What can be spent at the end of that time if nobody earns or spends until then. */
function forecastOf({ type, lots, pending, debt }: PointAccount, view: View): number {
  const until = instant(view.at + view.expiringWithin);
  const kind = view.tree?.pointTypes.get(type);
  const lives = (expiresAt: Instant | undefined) => expiresAt === undefined || expiresAt > until;
  const alive = lots.filter(({ expiresAt }) => lives(expiresAt));
  const credited = pending.filter(({ creditAt, validFrom = creditAt }) => {
    if (creditAt === undefined || validFrom === undefined || creditAt > until) return false;
    return lives(kind?.expiresAt(validFrom, view.tree?.zone ?? 'UTC'));
  });
  const sum = [...alive, ...credited].reduce((total, { points }) => total + points, 0);
  const isOver = kind?.deactivateAt !== undefined && kind.deactivateAt <= until;
  return isOver ? 0 : Math.max(0, sum - debt);
}

function lotView(lot: Lot, scale: number): Json {
  const { issuer, points, earnedAt, expiresAt } = lot;
  return {
    lot: lotName(lot),
    issuer,
    points: points / scale,
    earnedAt: shown(earnedAt),
    expiresAt: shown(expiresAt),
  };
}

/** `creditAt` null: on delivery. */
function waitingView({ issuer, checkout, promotion, creditAt, points }: PendingLot, scale: number) {
  return { checkout, promotion, issuer, points: points / scale, creditAt: shown(creditAt) };
}

/** One open hold. */
export function holdView({ id, until, points: held }: Hold, view: View): Json {
  const types = [...new Set(held.map(({ type }) => type))];
  const points = types.map((type) => {
    const own = held.filter((lot) => lot.type === type);
    const sum = own.reduce((total, lot) => total + lot.points, 0);
    return { type, points: sum / scaleOf(type, view) };
  });
  return { id, until: shown(until), points };
}

function heldPoints(type: string, holds: readonly Hold[]): number {
  return holds
    .flatMap((hold) => hold.points)
    .filter((held) => held.type === type)
    .reduce((total, held) => total + held.points, 0);
}

function scaleOf(type: string, { tree }: View): number {
  return 10 ** (tree?.pointTypes.get(type)?.precision ?? 0);
}

function shown(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}
