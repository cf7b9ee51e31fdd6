import type { Benefit } from '../../rules/benefit.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import { type Case, openingState } from './case.ts';
import { appliedIn, type State } from './state.ts';

/**
 * The prices of which a benefit takes its percentage (K4): those that its group shows it, or what
 * its stacking category says instead. What can be borne is up to the present prices all the same.
 */
export function baseOf(
  benefit: Benefit,
  { stacking }: NormalPromotion,
  { state, at }: { readonly state: State; readonly at: Case },
): readonly number[] {
  if (stacking.calculation === undefined || !isPercentage(benefit)) return state.net;
  const opening = openingState(at).net;
  if (stacking.calculation === 'initial') return opening;
  return opening.map((price, slot) => Math.max(0, price - appliedIn(state.effects, slot)));
}

/** Whether a benefit is so many percent of something. */
export function isPercentage(benefit: Benefit): boolean {
  if (benefit.kind === 'partner-discount') return true;
  const hasValue = benefit.kind === 'discount' || benefit.kind === 'pay-with-points';
  return hasValue && benefit.value.by === 'percent';
}
