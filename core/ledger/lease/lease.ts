import type { Instant } from '../../money/units.ts';
import {
  type Amounts,
  atLeastZero,
  coversLimits,
  isNothing,
  type Limits,
  limitedOnly,
  minus,
  NOTHING,
  plus,
  shortageOf,
  standingShare,
  zip,
} from './amounts.ts';

/**
 * What one partition holds of a shared budget. It spends `granted − used` and not a step more, so
 * a budget is safe whatever messages are late, doubled or lost: the home partition never has more
 * granted than there is.
 */
export interface Lease {
  /** Names the budget: the promotion, its period and, where counted apart, the article. */
  readonly budget: string;
  limits: Limits;
  /** Rule-set version that the limits are of. */
  version: number;
  /** After this instant nothing reads it any more; `undefined` = never. */
  until: Instant | undefined;
  granted: Amounts;
  /** What this partition has spent; a returned checkout takes its part back. */
  used: Amounts;
  /** What was used when the last ask went out: leases are sized by use. */
  usedAtAsk: Amounts;
  /** An ask is on its way and not answered. */
  waiting: boolean;
  /** Asks again, in the background, once less than this remains. */
  mark: Amounts;
  /** The home partition said that nothing is left anywhere, at this instant. */
  exhaustedAt: Instant | undefined;
  /** Nobody answered in time: decide with what is here until somebody does. */
  unanswered: boolean;
  /** What the checkouts that wait here are short of, all together. */
  short: Amounts;
  /** Numbers of the waiting checkouts: from `first` up to, not including, `next`. */
  first: number;
  next: number;
  /** When the oldest of them began to wait. */
  since: Instant | undefined;
}

/** After this long an exhausted budget is asked for again: something may have come back. */
export const EXHAUSTED_MILLISECONDS = 30_000;
/** A checkout waits this long for a lease, then it is decided with what there is. */
export const PATIENCE_MILLISECONDS = 2_000;
/** Checkouts that may wait for one lease in one partition; more are decided at once. */
export const WAITING_MAX = 10_000;

export interface Terms {
  readonly limits: Limits;
  readonly version: number;
}

export function newLease(budget: string, terms: Terms, partitions: number): Lease {
  const granted = standingShare(terms.limits, partitions);
  return {
    budget,
    limits: terms.limits,
    version: terms.version,
    until: undefined,
    granted,
    used: NOTHING,
    usedAtAsk: NOTHING,
    waiting: false,
    mark: half(granted),
    exhaustedAt: undefined,
    unanswered: false,
    short: NOTHING,
    first: 0,
    next: 0,
    since: undefined,
  };
}

const half = (amounts: Amounts): Amounts => zip(amounts, NOTHING, (a) => Math.floor(a / 2));

/** What may still be spent here without asking anybody. */
export function remainsOf(lease: Lease): Amounts {
  return atLeastZero(minus(lease.granted, lease.used));
}

/** Why a checkout does not wait for this lease; `undefined` when it does. */
export function whyNotWait(lease: Lease): 'budget-exhausted' | 'budget-unavailable' | undefined {
  if (lease.exhaustedAt !== undefined) return 'budget-exhausted';
  const isFull = lease.next - lease.first >= WAITING_MAX;
  return lease.unanswered || isFull ? 'budget-unavailable' : undefined;
}

/** Takes newer terms over. What is held beyond lowered limits has to go back first: it is named. */
export function adopt(lease: Lease, terms: Terms): Amounts {
  if (terms.version <= lease.version) return NOTHING;
  const lowered = !coversLimits(terms.limits, lease.limits);
  lease.version = terms.version;
  lease.limits = terms.limits;
  lease.exhaustedAt = undefined;
  lease.unanswered = false;
  return lowered ? giveBack(lease) : NOTHING;
}

/** Takes out what is not spent and says how much that was. */
export function giveBack(lease: Lease): Amounts {
  const remains = limitedOnly(remainsOf(lease), lease.limits);
  lease.granted = minus(lease.granted, remains);
  lease.mark = NOTHING;
  return remains;
}

/** Adds what was granted. What waits for it has to be tried again. */
export function receive(
  lease: Lease,
  grant: { readonly amounts: Amounts; readonly exhausted: boolean; readonly at: Instant },
): void {
  lease.granted = plus(lease.granted, grant.amounts);
  lease.waiting = false;
  lease.unanswered = false;
  lease.exhaustedAt = grant.exhausted ? grant.at : undefined;
  lease.mark = half(limitedOnly(remainsOf(lease), lease.limits));
}

/** What to ask the home partition for; `undefined` when there is no need. */
export function wantOf(
  lease: Lease,
  at: Instant,
): { readonly need: Amounts; readonly ahead: Amounts } | undefined {
  if (lease.waiting || lease.limits.every((limit) => limit === undefined)) return undefined;
  const need = lease.short;
  if (isNothing(need)) {
    const { exhaustedAt } = lease;
    if (exhaustedAt !== undefined && at < exhaustedAt + EXHAUSTED_MILLISECONDS) return undefined;
    const isLow = !isNothing(shortageOf(lease.mark, remainsOf(lease), lease.limits));
    if (!isLow && exhaustedAt === undefined) return undefined;
  }
  // As much again as since the last ask, and as much on top: a busy partition asks for more.
  const ahead = atLeastZero(minus(lease.used, lease.usedAtAsk));
  return { need, ahead: plus(plus(ahead, ahead), need) };
}
