import type { UsageDelta } from '../arbitration/decision.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';
import type { Counter, Member } from './member.ts';
import type { LedgerState } from './state.ts';

const NOTHING_USED: Counter = {
  uses: 0,
  units: 0,
  discount: 0 as MinorUnits, // Zero of its unit.
  points: 0 as Points,
  until: undefined,
};

/** A counter after a delta; sums and differences keep the units of their parts. */
export function addUsage(before: Counter | undefined, delta: UsageDelta, sign: 1 | -1): Counter {
  const base = before ?? NOTHING_USED;
  return {
    uses: base.uses + sign * delta.uses,
    units: base.units + sign * delta.units,
    discount: (base.discount + sign * delta.discount) as MinorUnits,
    points: (base.points + sign * delta.points) as Points,
    until: delta.until,
  };
}

/** Counts what a decision consumed, or gives it back (`sign` −1) when its checkout is undone. */
export function countUsage(
  state: LedgerState,
  member: Member | undefined,
  change: { readonly deltas: readonly UsageDelta[]; readonly sign: 1 | -1 },
): void {
  for (const delta of change.deltas) {
    if (delta.scope === 'programme') {
      state.budgets.spend(delta, change.sign);
    } else if (member) {
      member.usage.set(delta.key, addUsage(member.usage.get(delta.key), delta, change.sign));
    }
  }
}

/** Gives back to a member what was counted of a limit. */
export function uncount(member: Member, delta: UsageDelta): void {
  member.usage.set(delta.key, addUsage(member.usage.get(delta.key), delta, -1));
}

/** Drops counters whose period is over, so that a member's record stays small. */
export function dropOldUsage(member: Member, at: Instant): void {
  for (const [key, counter] of member.usage) {
    if (counter.until !== undefined && counter.until <= at) member.usage.delete(key);
  }
}
