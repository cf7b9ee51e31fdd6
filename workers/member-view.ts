import { BatchState, type TreeSource } from '../core/ledger/batch-state.ts';
import {
  available,
  balance,
  lotName,
  type PointAccount,
  pendingPoints,
} from '../core/ledger/lots.ts';
import type { StateReader } from '../core/ledger/state-reader.ts';
import { type Instant, instant } from '../core/money/units.ts';

/** Lots shown with one account; the rest is summed up by the balance. */
const LOTS_SHOWN_MAX = 50;

/** A member as the outside sees it: points as decimals of their type. */
export type MemberJson = Readonly<Record<string, unknown>>;

/** Reads one member as of now, without changing anything. */
export function memberView(
  store: StateReader,
  trees: TreeSource,
  asked: { readonly id: string; readonly now: number },
): MemberJson | undefined {
  const state = new BatchState(store, trees);
  const member = state.member(asked.id);
  if (!member) return undefined;

  const types = state.active()?.tree.pointTypes;
  const at = instant(asked.now);
  return {
    id: member.id,
    enrolledAt: new Date(member.enrolledAt).toISOString(),
    checkouts: member.checkouts,
    tiers: Object.fromEntries([...member.tiers].map(([group, { tier }]) => [group, tier])),
    points: [...member.accounts.values()].map((account) =>
      accountView(account, { at, scale: 10 ** (types?.get(account.type)?.precision ?? 0) }),
    ),
  };
}

function accountView(
  account: PointAccount,
  as: { readonly at: Instant; readonly scale: number },
): MemberJson {
  const { at, scale } = as;
  const next = account.lots.find((lot) => lot.expiresAt !== undefined && lot.expiresAt > at);
  return {
    type: account.type,
    balance: balance(account) / scale,
    available: available(account, at) / scale,
    pending: pendingPoints(account) / scale,
    soonestExpiry:
      next?.expiresAt === undefined
        ? null
        : { at: new Date(next.expiresAt).toISOString(), points: next.points / scale },
    lots: account.lots.slice(0, LOTS_SHOWN_MAX).map((lot) => ({
      lot: lotName(lot),
      issuer: lot.issuer,
      points: lot.points / scale,
      expiresAt: lot.expiresAt === undefined ? null : new Date(lot.expiresAt).toISOString(),
    })),
  };
}
