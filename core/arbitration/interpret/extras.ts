import type { Benefit } from '../../rules/benefit.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import type { CodeGrant, GrantedText } from '../decision.ts';
import { type Case, factsOf } from './case.ts';
import { bodyOf } from './eligibility.ts';
import { type State, sum } from './state.ts';

/** Texts and codes: what comes along with promotions that applied. */
export interface Extras {
  readonly texts: readonly GrantedText[];
  readonly codes: readonly CodeGrant[];
}

export function extrasOf(at: Case, state: State, applied: readonly NormalPromotion[]): Extras {
  const facts = factsOf(at, state);
  const granted = applied.flatMap((promotion) =>
    bodyOf(promotion, at)
      .benefits.filter((benefit) => hasLines(promotion, benefit))
      .map((benefit) => ({ promotion: promotion.id, benefit })),
  );
  /** What took part in arbitration found its lines there; what comes along looks for them now. */
  function hasLines(promotion: NormalPromotion, benefit: Benefit): boolean {
    const { lines } = benefit;
    const hasActed = state.effects.some(
      (effect) => effect.promotion === promotion && effect.benefit === benefit,
    );
    return hasActed || lines.length === 0 || sum(at.language.select(lines, facts).units) > 0;
  }
  return {
    texts: granted.flatMap(({ promotion, benefit }) =>
      benefit.kind === 'text'
        ? [{ promotion, text: at.language.render(benefit.template, facts) }]
        : [],
    ),
    codes: granted.flatMap(({ promotion, benefit }) =>
      benefit.kind === 'issue-code' && at.input.member !== undefined
        ? [{ promotion, pool: benefit.pool, message: at.language.render(benefit.message, facts) }]
        : [],
    ),
  };
}
