import { DIMENSIONS } from '../../core/ledger/lease/amounts.ts';
import { type Budget, leftOf, spentOf } from '../../core/ledger/lease/budget.ts';

/** One limit of a shared budget, as its home partition sees it. */
export interface BudgetFigure {
  readonly budget: string;
  /** What the limit counts: uses, units, discount or points. */
  readonly of: string;
  readonly limit: number;
  /** Not granted to any partition yet: the budget is exhausted some time after this is 0. */
  readonly left: number;
  /** Spent as far as the partitions have told; at least this much is. */
  readonly spent: number;
}

/** One figure for each limit of a budget. */
export function figuresOf(budget: Budget): BudgetFigure[] {
  const left = leftOf(budget);
  const spent = spentOf(budget);
  return DIMENSIONS.flatMap((of, at) => {
    const limit = budget.limits[at];
    if (limit === undefined) return [];
    const figures = { limit, left: Math.max(0, left[at] ?? 0), spent: spent[at] ?? 0 };
    return [{ budget: budget.budget, of, ...figures }];
  });
}
