import type { ArbitrationTree, PartnerBlock } from '../../core/arbitration/tree.ts';
import { DIMENSIONS } from '../../core/ledger/lease/amounts.ts';
import { type Budget, leftOf, spentOf } from '../../core/ledger/lease/budget.ts';
import { blockBudget } from '../../core/ledger/partner-blocks.ts';

/** Of an ordinary budget: told when less than a tenth is left to grant. */
const ALERT_FRACTION = 10;

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
  /** Somebody is told when less than this is left. */
  readonly alertBelow: number;
}

/** One figure for each limit of a budget. */
export function figuresOf(budget: Budget, tree: ArbitrationTree | undefined): BudgetFigure[] {
  const block = blockOf(budget, tree);
  const left = leftOf(budget);
  const spent = spentOf(budget);
  return DIMENSIONS.flatMap((of, at) => {
    const limit = budget.limits[at];
    if (limit === undefined) return [];
    const figures = { limit, left: Math.max(0, left[at] ?? 0), spent: spent[at] ?? 0 };
    const alertBelow = block ? block.alertBelow * 1_000 : limit / ALERT_FRACTION;
    return [{ budget: budget.budget, of, ...figures, alertBelow }];
  });
}

/** The block of a prepaid partner, where the budget is one. */
function blockOf(budget: Budget, tree: ArbitrationTree | undefined): PartnerBlock | undefined {
  if (!budget.budget.startsWith(BLOCK)) return undefined;
  return tree?.partnerBlocks.get(budget.budget.slice(BLOCK.length));
}

const BLOCK = blockBudget('');
