import type { ArbitrationTree } from '../core/arbitration/tree.ts';
import { BatchState, type TreeSource } from '../core/ledger/batch-state.ts';
import type { Member } from '../core/ledger/member.ts';
import { Posting } from '../core/ledger/posting.ts';
import type { StateReader } from '../core/ledger/state-reader.ts';
import { instant } from '../core/money/units.ts';
import { accountView, holdView } from './account-view.ts';
import { tierView } from './tier-view.ts';

/** How far ahead expiring points are told of when nobody says how far: thirty days. */
const EXPIRING_WITHIN_DEFAULT = 30 * 86_400_000;

/** A member as the outside sees it: points as decimals of their type. */
export type MemberJson = Readonly<Record<string, unknown>>;

/** Who is asked about, and as of when. */
export interface MemberQuestion {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds ahead in which expiring points are told of. */
  readonly expiringWithin?: number | undefined;
}

/**
 * Reads one member as of now, without changing anything: what expired, matured or ended meanwhile
 * is shown as it will be booked, whether a tick has come or not.
 */
export function memberView(
  store: StateReader,
  trees: TreeSource,
  asked: MemberQuestion,
): MemberJson | undefined {
  const state = new BatchState(store, trees);
  const member = state.member(asked.id);
  if (!member) return undefined;

  const at = instant(asked.now);
  const tree = state.active()?.tree;
  // The member was read for this view alone, so it can be brought up to now in place.
  if (tree) new Posting({ member, tree, at, zone: tree.zone }).settle();
  const { expiringWithin = EXPIRING_WITHIN_DEFAULT } = asked;
  const view = { member, tree, at, expiringWithin };
  return {
    id: member.id,
    enrolledAt: new Date(member.enrolledAt).toISOString(),
    checkouts: member.checkouts,
    tiers: Object.fromEntries([...member.tiers].map(([group, { tier }]) => [group, tier])),
    tierStates: tierStatesOf(member, tree),
    standing: member.standing.kind,
    ...(member.standing.kind === 'merged' ? { mergedInto: member.standing.into } : {}),
    identifiers: [...member.links].map(([identifier, state]) => ({ identifier, state })),
    points: [...member.accounts.values()].map((account) => accountView(account, view)),
    holds: member.holds.map((hold) => holdView(hold, view)),
  };
}

function tierStatesOf(member: Member, tree: ArbitrationTree | undefined) {
  const points = new Map(tree?.tierGroups.map((group) => [group.id, group.points]));
  return [...member.tiers].map(([group, state]) => {
    const precision = tree?.pointTypes.get(points.get(group) ?? '')?.precision ?? 0;
    return tierView(group, state, 10 ** precision);
  });
}
