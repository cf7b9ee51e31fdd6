import type { Usage } from '../arbitration/decision.ts';
import type { Instant, MinorUnits } from '../money/units.ts';
import type { Fields } from '../transaction/transaction.ts';
import type { Hold } from './hold.ts';
import { earlier, nextDue, type PointAccount } from './lots.ts';
import type { LinkState, Standing } from './standing.ts';
import { type TierState, tierDue } from './tier-state.ts';

/** Days on which a member bought, newest last; what `member.purchases.last30d` counts. */
export interface HistoryDay {
  /** Days since 1970-01-01 (UTC). */
  readonly day: number;
  readonly purchases: number;
  readonly spend: MinorUnits;
}

/** Days kept in a member's history. Conditions cannot look further back. */
export const HISTORY_DAYS_MAX = 366;

/** A limit counter with the instant after which nothing reads it any more. */
export interface Counter extends Usage {
  readonly until: Instant | undefined;
}

/**
 * Everything Arbiter keeps of a member, one record in the store. It is changed in place while a
 * batch is applied, and only by the functions of this folder.
 */
export interface Member {
  readonly id: string;
  readonly enrolledAt: Instant;
  birthday: string | undefined;
  segments: readonly string[];
  partners: readonly string[];
  fields: Fields;
  /** Accepted checkouts so far. */
  checkouts: number;
  /** By tier group. */
  readonly tiers: Map<string, TierState>;
  standing: Standing;
  /** By identifier (`card/…`, `phone/…`). */
  readonly links: Map<string, LinkState>;
  /** Relays of this member that have no answer yet. */
  relays: number;
  /** By point type. */
  readonly accounts: Map<string, PointAccount>;
  readonly usage: Map<string, Counter>;
  history: HistoryDay[];
  /** What is reserved for checkouts that are not final yet, oldest first. */
  holds: readonly Hold[];
}

export const DAY_MILLISECONDS = 86_400_000;

/** Notes a purchase in the member's history, dropping days that are too old to be asked for. */
export function noteCheckout(member: Member, at: Instant, spend: MinorUnits): void {
  member.checkouts += 1;
  const day = Math.floor(at / DAY_MILLISECONDS);
  const known = member.history.findIndex((entry) => entry.day >= day);
  const entry = known === -1 ? undefined : member.history[known];
  if (entry?.day === day) {
    const total = (entry.spend + spend) as MinorUnits; // A sum of the same unit.
    member.history[known] = { day, purchases: entry.purchases + 1, spend: total };
    return;
  }
  const position = known === -1 ? member.history.length : known;
  member.history.splice(position, 0, { day, purchases: 1, spend });
  if (member.history.length > HISTORY_DAYS_MAX) member.history.shift();
}

/** Purchases or spend of the `days` days that end with the day of `at`. */
export function historyOf(
  member: Member,
  query: { readonly metric: 'purchases' | 'spend'; readonly days: number; readonly at: Instant },
): number {
  const last = Math.floor(query.at / DAY_MILLISECONDS);
  let total = 0;
  for (const entry of member.history) {
    if (entry.day > last - query.days && entry.day <= last) total += entry[query.metric];
  }
  return total;
}

/** A member as enrolment makes one: nothing but the given identity. */
export function newMember(id: string, enrolledAt: Instant): Member {
  return {
    id,
    enrolledAt,
    birthday: undefined,
    segments: [],
    partners: [],
    fields: new Map(),
    checkouts: 0,
    tiers: new Map(),
    standing: { kind: 'open' },
    links: new Map(),
    relays: 0,
    accounts: new Map(),
    usage: new Map(),
    history: [],
    holds: [],
  };
}

/** The next instant at which time alone changes this member; `undefined` = never. */
export function memberDue(member: Member): Instant | undefined {
  let next: Instant | undefined;
  // Asked several times a transaction; most members are in no group.
  if (member.tiers.size > 0) {
    for (const state of member.tiers.values()) next = earlier(next, tierDue(state));
  }
  for (const account of member.accounts.values()) next = earlier(next, nextDue(account));
  for (const hold of member.holds) next = earlier(next, hold.until);
  return next;
}
