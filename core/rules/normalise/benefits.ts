import type { Benefit, BenefitBase } from '../benefit.ts';
import { definitionOf } from '../benefits/list.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { DocumentLines } from '../document/lines.ts';
import type { ConditionContext } from './conditions.ts';
import { normalLines } from './lines.ts';

export interface BenefitContext extends ConditionContext {
  /** The promotion's own scope, which every benefit starts from. */
  readonly promotionLines: DocumentLines | undefined;
  /** Template variables that the rule set itself knows. */
  readonly constants: Readonly<Record<string, string>>;
  /** What the point type says about top-ups. */
  readonly topUpOf: (type: string) => number | undefined;
}

/** Fills in the defaults of a benefit and brings every amount to its unit. */
export function normalBenefit(benefit: DocumentBenefit, context: BenefitContext): Benefit {
  const { common } = benefit;
  const base: BenefitBase = {
    target: common.target,
    lines: normalLines([context.promotionLines, common.lines], context),
    timesBundles: common.times === 'bundles',
  };
  return definitionOf(benefit.kind).normal(benefit.arguments, base, context);
}
