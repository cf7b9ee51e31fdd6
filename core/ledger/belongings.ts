import type { ArbitrationTree, PointType } from '../arbitration/tree.ts';
import { must } from '../assert.ts';
import { ByteReader, ByteWriter } from '../layout/bytes.ts';
import { type Instant, instant, points } from '../money/units.ts';
import type {
  Belongings,
  SentCorrection,
  SentCounter,
  SentLot,
  SentPending,
} from '../transaction/member-transactions.ts';
import { lotName, parseLotName } from './lots.ts';
import { DAY_MILLISECONDS, type Member } from './member.ts';
import { BELONGINGS_PREFIX, belongingsKey } from './registry.ts';
import type { LedgerState } from './state.ts';
import { dueName } from './state-reader.ts';
import { withCounters } from './track-record.ts';

/** For so long a merge can be undone. */
export const UNMERGE_DAYS = 30;

/** The last instant at which a merge can be undone. */
export function undoneUntil(mergedAt: Instant): Instant {
  return instant(mergedAt + UNMERGE_DAYS * DAY_MILLISECONDS);
}

/** From here on nobody asks for what a merged member took along: a tick lets it go. */
export function belongingsDue(mergedAt: Instant): Instant {
  return instant(undoneUntil(mergedAt) + 1);
}

const writer = new ByteWriter(1024);

/** What a merged member takes along is kept as it was, so that a wrong merge can be undone. */
export function packBelongings(state: LedgerState, belongings: Belongings, at: Instant): void {
  keep(state, belongings);
  state.schedule(dueName(belongingsKey(belongings.merged)), belongingsDue(at));
}

function keep(state: LedgerState, belongings: Belongings): void {
  writer.reset();
  writer.string(JSON.stringify(belongings));
  state.register(belongingsKey(belongings.merged), writer.copy());
}

/** The merge that moved a member is undone, or too old to be undone. */
export function dropBelongings(state: LedgerState, { id, standing }: Member): void {
  const key = belongingsKey(id);
  if (standing.kind !== 'merged' || !state.registered(key)) return;
  state.register(key, undefined);
  state.unschedule(dueName(key), belongingsDue(standing.at));
}

/** Time is up for belongings, named by their key: the merge cannot be undone any more. */
export function letBelongingsGo(state: LedgerState, key: string): void {
  const member = state.member(key.slice(BELONGINGS_PREFIX.length));
  dropBelongings(state, must(member, 'belongings of nobody'));
}

export function belongingsOf(state: LedgerState, member: string): Belongings | undefined {
  const bytes = state.registered(belongingsKey(member));
  // Written by the function above.
  return bytes && (JSON.parse(new ByteReader(bytes).string()) as Belongings);
}

/** The one to be merged into was merged itself: another one has the belongings. */
export function movedOn(state: LedgerState, merged: string, member: string): void {
  const brought = belongingsOf(state, merged);
  if (brought) keep(state, { ...brought, member });
}

/**
 * A purchase of a merged member came back: its points move on the survivor. Were the merge undone
 * then, the member would get points home that are gone, so what it brought is kept without them.
 */
export function correctBelongings(
  state: LedgerState,
  member: string,
  back: {
    readonly corrections: readonly SentCorrection[];
    readonly usage: readonly SentCounter[];
    readonly tree: ArbitrationTree;
  },
): void {
  const brought = belongingsOf(state, member);
  if (!brought) return;
  const { pointTypes } = back.tree;
  const corrected = back.corrections.reduce((left, each) => {
    if (each.correction === 'give-back') return giveBack(left, each);
    return revoke(left, each, pointTypes.get(each.type)?.negative ?? 'unlimited');
  }, brought);
  const usage = withCounters(corrected.usage, back.usage, -1);
  keep(state, { ...corrected, usage });
}

/** As on a member of its own: promised points first, then their lot, then others, then debt. */
function revoke(
  brought: Belongings,
  back: SentCorrection,
  policy: PointType['negative'],
): Belongings {
  const { type, checkout, promotion } = back;
  const isPromised = (each: SentPending): boolean =>
    each.type === type && each.checkout === checkout && each.promotion === promotion;
  const [pending, afterPromised] = without(brought.pending, back.points, isPromised);
  if (policy === 'only-pending') return { ...brought, pending };
  const isOwn = (lot: SentLot): boolean => lot.type === type && lotName(lot) === back.lot;
  const [own, afterOwn] = without(brought.lots, afterPromised, isOwn);
  const [lots, owed] = without(own, afterOwn, (lot) => lot.type === type);
  if (owed === 0 || policy === 'within-balance') return { ...brought, pending, lots };
  const known = brought.debts.find((debt) => debt.type === type);
  const others = brought.debts.filter((debt) => debt !== known);
  const debts = [...others, { type, points: points(owed + (known?.points ?? 0)) }];
  return { ...brought, pending, lots, debts };
}

function giveBack(brought: Belongings, back: SentCorrection): Belongings {
  const { type, earnedAt, points: amount } = back;
  const { issuer, expiresAt } = parseLotName(back.lot);
  const same = brought.lots.find((lot) => lot.type === type && lotName(lot) === back.lot);
  const since = same?.earnedAt ?? earnedAt ?? instant(0);
  const lot = { type, issuer, expiresAt, earnedAt: since };
  const sum = points(amount + (same?.points ?? 0));
  const others = brought.lots.filter((each) => each !== same);
  return { ...brought, lots: [...others, { ...lot, points: sum }] };
}

/** Takes points out of those that qualify, in their order, and says how many were not there. */
function without<T extends { readonly points: SentLot['points'] }>(
  all: readonly T[],
  wanted: number,
  qualifies: (each: T) => boolean,
): readonly [left: readonly T[], missing: number] {
  let open = wanted;
  const left = all.flatMap((each) => {
    if (open === 0 || !qualifies(each)) return [each];
    const taken = Math.min(open, each.points);
    open -= taken;
    return taken === each.points ? [] : [{ ...each, points: points(each.points - taken) }];
  });
  return [left, open];
}
