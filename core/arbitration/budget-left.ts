import type { MinorUnits, Points } from '../money/units.ts';
import type { BudgetLeft, BudgetLimits, Usage, UsageView } from './decision.ts';

/** What is left of a budget after some use; differences keep the units of their parts. */
export function leftAfter(
  limits: BudgetLimits,
  used: Usage | undefined,
  why: BudgetLeft['why'] = 'budget-exhausted',
): BudgetLeft {
  return {
    uses: (limits.uses ?? 0) - (used?.uses ?? 0),
    units: (limits.units ?? 0) - (used?.units ?? 0),
    discount: ((limits.discount ?? 0) - (used?.discount ?? 0)) as MinorUnits,
    points: ((limits.points ?? 0) - (used?.points ?? 0)) as Points,
    why,
  };
}

/** Counters of which nothing was used yet. */
export const NOTHING_USED: UsageView = {
  member: () => undefined,
  budget: (_, limits) => leftAfter(limits, undefined),
};
