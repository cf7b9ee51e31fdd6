import type { SlowCounter, SlowDay, SlowMember } from './book.ts';
import type { SlowBelongings, UsedOf } from './desk.ts';

type TrackRecord = Pick<SlowBelongings, 'checkouts' | 'history' | 'usage'>;

/** What a member bought and used of limits leaves it. */
export function takeRecord(member: SlowMember): TrackRecord {
  const history = [...member.history].map(([day, of]) => ({ day, ...of }));
  const usage = [...member.usage].map(([key, counter]) => ({ key, ...counter }));
  const { checkouts } = member;
  member.checkouts = 0;
  member.history.clear();
  member.usage.clear();
  return { checkouts, history, usage };
}

/** It is added to another member, or taken out of it as far as it is still there. */
export function addRecord(member: SlowMember, record: TrackRecord, sign: 1 | -1): void {
  member.checkouts = Math.max(0, member.checkouts + sign * record.checkouts);
  for (const { day, purchases, spend } of record.history) {
    buy(member.history, day, { purchases: sign * purchases, spend: sign * spend });
  }
  for (const used of record.usage) {
    if (sign === 1 || member.usage.has(used.key)) usedOf(member.usage, used, sign);
  }
}

/** Notes a purchase on its day. */
export function buy(history: Map<number, SlowDay>, day: number, more: SlowDay): void {
  const known = history.get(day) ?? { purchases: 0, spend: 0 };
  const purchases = Math.max(0, known.purchases + more.purchases);
  const spend = Math.max(0, known.spend + more.spend);
  if (purchases === 0) history.delete(day);
  else history.set(day, { purchases, spend });
}

export function usedOf(
  counters: Map<string, SlowCounter>,
  { key, ...used }: UsedOf,
  sign: 1 | -1,
): void {
  const known = counters.get(key) ?? { uses: 0, units: 0, discount: 0, points: 0 };
  counters.set(key, {
    uses: known.uses + sign * used.uses,
    units: known.units + sign * used.units,
    discount: known.discount + sign * used.discount,
    points: known.points + sign * used.points,
    until: used.until,
  });
}

export function withUse(
  known: readonly UsedOf[],
  change: readonly UsedOf[],
  sign: 1 | -1,
): readonly UsedOf[] {
  const counters = new Map<string, SlowCounter>();
  for (const each of known) usedOf(counters, each, 1);
  for (const each of change) usedOf(counters, each, sign);
  return [...counters].map(([key, counter]) => ({ key, ...counter }));
}
