import type { UsageDelta } from '../arbitration/decision.ts';
import { minorUnits } from '../money/units.ts';
import type { Belongings, SentCounter, SentDay } from '../transaction/member-transactions.ts';
import { type Counter, HISTORY_DAYS_MAX, type HistoryDay, type Member } from './member.ts';

/** What a member has bought, and used of limits: it follows the member into another one. */
export type TrackRecord = Pick<Belongings, 'checkouts' | 'history' | 'usage'>;

/** Takes all of it out of a member. */
export function takeTrackRecord(member: Member): TrackRecord {
  const { checkouts, history } = member;
  const usage = [...member.usage].map(([key, counter]) => sentCounter(key, counter));
  member.checkouts = 0;
  member.history = [];
  member.usage.clear();
  return { checkouts, history, usage };
}

/** Adds it to another member, so that limits and conditions see one person. */
export function addTrackRecord(member: Member, record: TrackRecord): void {
  member.checkouts += record.checkouts;
  member.history = mergedHistory(member.history, record.history, 1);
  addCounters(member, record.usage, 1);
}

/** Takes back what was brought, as far as it is still there. */
export function subtractTrackRecord(member: Member, record: TrackRecord): void {
  member.checkouts = Math.max(0, member.checkouts - record.checkouts);
  member.history = mergedHistory(member.history, record.history, -1);
  // A counter whose period is over may be gone: nothing reads it any more.
  addCounters(
    member,
    record.usage.filter(({ key }) => member.usage.has(key)),
    -1,
  );
}

/** Gives back to a member what was counted of its limits. */
export function addCounters(member: Member, usage: readonly SentCounter[], sign: 1 | -1): void {
  const known = [...member.usage].map(([key, counter]) => sentCounter(key, counter));
  for (const { key, ...counter } of withCounters(known, usage, sign)) {
    // Sums of the same units.
    member.usage.set(key, counter as Counter);
  }
}

/** Counters and a change of them, key by key. */
export function withCounters(
  known: readonly SentCounter[],
  change: readonly SentCounter[],
  sign: 1 | -1,
): readonly SentCounter[] {
  const found = new Map(known.map((counter) => [counter.key, counter]));
  for (const each of change) {
    const { key, until } = each;
    const { uses = 0, units = 0, discount = 0, points = 0 } = found.get(key) ?? {};
    found.set(key, {
      key,
      uses: uses + sign * each.uses,
      units: units + sign * each.units,
      discount: discount + sign * each.discount,
      points: points + sign * each.points,
      until,
    });
  }
  return [...found.values()];
}

/** The member's part of what a decision had counted. */
export function memberCounters(deltas: readonly UsageDelta[]): readonly SentCounter[] {
  return deltas.flatMap((delta) =>
    delta.scope === 'member' ? [sentCounter(delta.key, delta)] : [],
  );
}

/** One order of keys for all, because the bytes of an act are compared. */
function sentCounter(
  key: string,
  { uses, units, discount, points, until }: Omit<SentCounter, 'key'>,
): SentCounter {
  return { key, uses, units, discount, points, until };
}

function mergedHistory(
  mine: readonly HistoryDay[],
  other: readonly SentDay[],
  sign: 1 | -1,
): HistoryDay[] {
  const days = new Map<number, { purchases: number; spend: number }>();
  for (const { day, purchases, spend } of mine) days.set(day, { purchases, spend });
  for (const { day, purchases, spend } of other) {
    const known = days.get(day) ?? { purchases: 0, spend: 0 };
    const sum = {
      purchases: Math.max(0, known.purchases + sign * purchases),
      spend: Math.max(0, known.spend + sign * spend),
    };
    days.set(day, sum);
  }
  return [...days]
    .filter(([, { purchases }]) => purchases > 0)
    .sort(([a], [b]) => a - b)
    .slice(-HISTORY_DAYS_MAX)
    .map(([day, { purchases, spend }]) => ({ day, purchases, spend: minorUnits(spend) }));
}
