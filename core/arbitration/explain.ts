import { plainLanguageOf } from '../rules/language.ts';
import type { NormalRuleSet } from '../rules/normal.ts';
import type { ArbitrationInput, Decision } from './decision.ts';
import { type ExplainedPromotion, explainEligibility } from './explain-eligibility.ts';
import { openCase } from './interpret/case.ts';
import { decideCase } from './interpret/decide.ts';
import { Trace, type TracedNode } from './interpret/trace.ts';
import type { TracedPaymentCut, TracedSplit } from './interpret/trace-limits.ts';

/** How a decision came about, in numbers that can be added up again. */
export interface Explanation {
  /** The places of the checkout, from the store upwards, and the zone of its clocks. */
  readonly place: { readonly path: readonly string[]; readonly zone: string };
  /** Absent for an anonymous checkout. */
  readonly member?: string;
  /** Which promotions may take part, with the values of their conditions. */
  readonly eligibility: readonly ExplainedPromotion[];
  /** Prices before any benefit: the lines, then the delivery. */
  readonly opening: readonly number[];
  /** The whole tree, once a level: product-level benefits first, then order-level ones. */
  readonly levels: readonly { readonly level: string; readonly root: TracedNode }[];
  /** Prices after the tree, and after order price rounding. */
  readonly closing: readonly number[];
  readonly redemptions: Decision['redemptions'];
  readonly accruals: Decision['accruals'];
  readonly contributions: Decision['contributions'];
  /** What was split after the tree: order rounding, payments, points; with residual cents. */
  readonly splits: readonly TracedSplit[];
  /** What limits took from payments in points, in the order in which they did. */
  readonly paymentCuts: readonly TracedPaymentCut[];
  /** What it consumes of limits and budgets. */
  readonly usage: Decision['usage'];
  /** True when the tree is larger than an explanation may be. */
  readonly isCut: boolean;
}

/** Explains a decision by making it once more, with the interpreter taking notes. */
export function explain(rules: NormalRuleSet, input: ArbitrationInput): Explanation {
  const trace = new Trace();
  const opened = openCase(rules, plainLanguageOf(rules), input);
  const decision = decideCase({ ...opened, trace });
  const { lines, totals, redemptions, accruals, contributions, usage } = decision;
  const delivery = totals.delivery - totals.deliveryDiscount;
  return {
    place: { path: opened.place.path, zone: opened.place.zone },
    ...(input.member === undefined ? {} : { member: input.member.id }),
    eligibility: explainEligibility(opened),
    opening: [...lines.map(({ gross }) => gross), totals.delivery],
    // With `codes: all` the tree may have been run twice; the last time counts.
    levels: trace.roots.slice(-2),
    closing: [...lines.map(({ net }) => net), delivery],
    redemptions,
    accruals,
    contributions,
    splits: trace.splits,
    paymentCuts: trace.paymentCuts,
    usage,
    isCut: trace.isCut,
  };
}
