import type { BudgetLimits, Decision, UsageDelta } from '../arbitration/decision.ts';
import type { ArbitrationTree, PartnerBlock } from '../arbitration/tree.ts';
import { must } from '../assert.ts';
import { minorUnits, points } from '../money/units.ts';
import type { BlockChange } from '../outcome/outcome.ts';
import type { Counters } from './counters.ts';

/**
 * The blocks of points that prepaid partners have bought. A block is a shared budget in
 * thousandths of a minor unit, spent through leases like any other; a bigger balance in a newer
 * rule-set version is a top-up.
 */
const THOUSANDTHS = 1_000;

export const blockBudget = (partner: string): string => `block:${partner}`;

function limitsOf({ balance }: PartnerBlock): BudgetLimits {
  const units = Math.round(balance * THOUSANDTHS);
  return { uses: undefined, units, discount: undefined, points: undefined };
}

/** What a decision costs prepaid partners, or which of them cannot pay for it. */
export type BlockUse =
  | {
      readonly ok: true;
      readonly usage: readonly UsageDelta[];
      readonly changes: readonly BlockChange[];
    }
  | { readonly ok: false; readonly partner: string };

const NO_USE: BlockUse = { ok: true, usage: [], changes: [] };

/** Charges the points that a decision issues to the blocks of the partners who issue them. */
export function useBlocks(tree: ArbitrationTree, decision: Decision, counters: Counters): BlockUse {
  if (tree.partnerBlocks.size === 0 || decision.accruals.length === 0) return NO_USE;
  const usage: UsageDelta[] = [];
  const changes: BlockChange[] = [];
  for (const [partner, cost] of costs(tree, decision)) {
    const block = must(tree.partnerBlocks.get(partner), 'a cost without its block');
    const key = blockBudget(partner);
    const left = counters.budget(key, limitsOf(block));
    if (left.units < cost) return { ok: false, partner };
    const nothing = { uses: 0, discount: minorUnits(0), points: points(0) };
    usage.push({ scope: 'programme', key, units: cost, ...nothing, until: undefined });
    changes.push({ partner, before: left.units, deducted: cost, after: left.units - cost });
  }
  return { ok: true, usage, changes };
}

/** By partner, in thousandths of a minor unit; rounded up once a partner and checkout. */
function costs(tree: ArbitrationTree, { accruals }: Decision): ReadonlyMap<string, number> {
  const exact = new Map<string, number>();
  for (const { issuer = '', type, points: granted } of accruals) {
    const block = tree.partnerBlocks.get(issuer);
    if (!block) continue;
    const whole = granted / 10 ** (tree.pointTypes.get(type)?.precision ?? 0);
    exact.set(issuer, (exact.get(issuer) ?? 0) + whole * block.perPoint * THOUSANDTHS);
  }
  // A hair of binary fraction above an integer is not a thousandth more.
  return new Map([...exact].map(([partner, cost]) => [partner, Math.ceil(cost - 1e-6)]));
}
