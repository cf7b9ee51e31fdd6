import type { TierLadder } from '../arbitration/tree.ts';
import { type Instant, type Points, points } from '../money/units.ts';
import type { TierChange } from '../outcome/outcome.ts';
import { available, balance } from './lots.ts';
import type { Member } from './member.ts';
import { TIER_HISTORY_MAX, type TierState, tierDue, tierHeld } from './tier-state.ts';
import type { Movement } from './transfer.ts';

/**
 * How tiers move. Points move them after a posting, so that a decision sees the tier from before
 * it (003-14); time moves them at ends of periods, of grace and of resets, instant by instant,
 * however late that is booked.
 *
 * - cumulative: the highest tier ever reached, kept (003-11)
 * - cyclic: what the period's points reach, looked at when it ends; it may fall several steps
 * - dynamic: what the balance reaches now, up and down (003-17)
 */
export interface TierScene {
  readonly member: Member;
  readonly at: Instant;
  /** Takes all points of a type away, by an entry (003-15). */
  readonly reset: (type: string) => void;
  readonly changed: (change: TierChange) => void;
}

/** Movements that count as earned, or as taken back, in the qualification of a period. */
const COUNTS: ReadonlySet<Movement> = new Set([
  'accrual',
  'maturity',
  'initial-balance',
  'adjustment',
  'accrual-reversal',
  'merge',
]);

/** Counts a movement of qualification points; `amount` is signed as the member sees it. */
export function countEarned(
  member: Member,
  ladder: TierLadder,
  move: { readonly movement: Movement; readonly amount: number; readonly at: Instant },
): void {
  if (!COUNTS.has(move.movement)) return;
  const state = member.tiers.get(ladder.id);
  // Whoever comes into the group only now is counted by what there is.
  if (state) state.earned = signed(state.earned + move.amount);
}

/** Differences of points may be below zero. */
const signed = (amount: number): Points => amount as Points;

/** What time alone moves at this instant; a group that is gone from the rule set stands still. */
export function passTime(ladders: readonly TierLadder[], scene: TierScene): void {
  const { member, at } = scene;
  for (const [group, state] of member.tiers) {
    const due = tierDue(state);
    if (due === undefined || due > at) continue;
    const ladder = ladders.find(({ id }) => id === group);
    if (!ladder) {
      state.periodEnd = undefined;
      state.resetAt = undefined;
      state.falling = undefined;
      continue;
    }
    dropForeignFall(ladder, state);
    if (state.falling && state.falling.at <= at) fall(ladder, state, scene);
    if (state.periodEnd !== undefined && state.periodEnd <= at) endPeriod(ladder, state, scene);
    if (state.resetAt !== undefined && state.resetAt <= at) {
      scene.reset(ladder.points);
      state.earned = points(0);
      state.resetAt = ladder.resetAt(state.entered, at);
    }
  }
}

/** Only cyclic tiers fall at an end; a version may have made another group of this one since. */
function dropForeignFall(ladder: TierLadder, state: TierState): void {
  if (ladder.model !== 'cyclic') state.falling = undefined;
}

/** Grace is over: the lower tier, or what was reached again meanwhile. */
function fall(ladder: TierLadder, state: TierState, scene: TierScene): void {
  const lower = state.falling?.tier ?? '';
  state.falling = undefined;
  const again = reached(ladder, state.earned);
  const next = rank(ladder, again) > rank(ladder, lower) ? again : lower;
  change(ladder, state, { scene, next });
}

function endPeriod(ladder: TierLadder, state: TierState, scene: TierScene): void {
  const ended = state.periodEnd ?? scene.at;
  const next = reached(ladder, state.earned);
  state.periodEnd = ladder.periodEnd(state.entered, ended);
  state.falling = undefined;
  if (ladder.model === 'cyclic') {
    const falls = rank(ladder, next) < rank(ladder, state.tier);
    const graceEnd = falls ? ladder.graceEnd(ended) : undefined;
    if (graceEnd === undefined) change(ladder, state, { scene, next });
    else state.falling = { tier: next, at: graceEnd };
    state.base = next;
  }
  if (ladder.resetsAtPeriodEnd) scene.reset(ladder.points);
  // A cyclic group counts by period, whether or not the points themselves start again.
  if (ladder.model === 'cyclic' || ladder.resetsAtPeriodEnd) state.earned = points(0);
}

/** What the points move now. Doing it twice changes nothing. */
export function moveTiers(ladders: readonly TierLadder[], scene: TierScene): void {
  for (const ladder of ladders) {
    const state = scene.member.tiers.get(ladder.id) ?? enter(ladder, scene);
    // A tier of an import, or of a group that came back, has no period yet.
    state.periodEnd ??= ladder.periodEnd(state.entered, scene.at);
    state.resetAt ??= ladder.resetAt(state.entered, scene.at);
    dropForeignFall(ladder, state);
    const next = tierNow(ladder, state, scene);
    if (state.falling && rank(ladder, next) >= rank(ladder, state.tier) && isHeld(ladder, state)) {
      state.falling = undefined;
    }
    change(ladder, state, { scene, next });
  }
}

/** True when the running period's points alone carry the tier. */
function isHeld(ladder: TierLadder, state: TierState): boolean {
  return rank(ladder, reached(ladder, state.earned)) >= rank(ladder, state.tier);
}

function enter(ladder: TierLadder, { member, at }: TierScene): TierState {
  const account = member.accounts.get(ladder.points);
  const state = tierHeld('', at);
  state.earned = account ? balance(account) : points(0);
  member.tiers.set(ladder.id, state);
  return state;
}

function tierNow(ladder: TierLadder, state: TierState, { member, at }: TierScene): string {
  if (ladder.model === 'dynamic') {
    const account = member.accounts.get(ladder.points);
    return reached(ladder, account ? available(account, at) : 0);
  }
  const isFirst = state.tier === '' && state.history.length === 0;
  if (ladder.upgrade === 'at-period-end' && !isFirst) return state.tier;
  // On entry everybody has the lowest tier at least, whenever the next ones are given.
  const value = ladder.upgrade === 'at-period-end' ? 0 : state.earned;
  const now = reached(ladder, value);
  const least = ladder.clawback && !state.falling ? state.base : state.tier;
  return rank(ladder, now) > rank(ladder, least) ? now : least;
}

/** The highest tier whose threshold the value reaches; `''` when it reaches none. */
function reached(ladder: TierLadder, value: number): string {
  return ladder.tiers.findLast(({ from }) => from <= value)?.id ?? '';
}

/** −1 for none, and for a tier that is gone from the ladder. */
function rank(ladder: TierLadder, tier: string): number {
  return ladder.tiers.findIndex(({ id }) => id === tier);
}

function change(
  ladder: TierLadder,
  state: TierState,
  { scene, next }: { readonly scene: TierScene; readonly next: string },
): void {
  if (state.tier === next) return;
  const { member, at } = scene;
  const before = state.tier;
  if (state.since < at) {
    state.history.push({ tier: before, from: state.since, until: at });
    if (state.history.length > TIER_HISTORY_MAX) state.history.shift();
  }
  state.tier = next;
  state.since = at;
  const until = ladder.model === 'cyclic' ? state.periodEnd : undefined;
  scene.changed({ member: member.id, group: ladder.id, before, after: next, until });
}
