import type { Benefit } from '../rules/benefit.ts';
import type { PromotionBody } from '../rules/normal.ts';

/** Benefits that come along when their promotion applies, and decide nothing themselves. */
export function isRider(benefit: Benefit): boolean {
  return benefit.kind === 'text' || benefit.kind === 'issue-code' || benefit.kind === 'top-up';
}

/** Benefits that take part in arbitration: all but the riders, unless there are only riders. */
export function decidingBenefits({ benefits }: PromotionBody): readonly Benefit[] {
  const others = benefits.filter((benefit) => !isRider(benefit));
  return others.length > 0 ? others : benefits;
}
