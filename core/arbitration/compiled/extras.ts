import type { Benefit } from '../../rules/benefit.ts';
import type { CodeGrant, GrantedText } from '../decision.ts';
import { type Extras, extrasOf } from '../interpret/extras.ts';
import type { State } from '../interpret/state.ts';
import type { PlannedPromotion } from './plan.ts';
import type { Session } from './session.ts';

const NONE: Extras = { texts: [], codes: [] };

/** Texts and codes: what comes along with promotions that applied. */
export function extrasBy(
  session: Session,
  state: State,
  applied: readonly PlannedPromotion[],
): Extras {
  let hasAny = false;
  for (const planned of applied) {
    const { riders } = session.bodyOf(planned);
    hasAny ||= riders.length > 0;
    // Scopes and variables of templates look at the prices, which the rounding has changed.
    if (riders.length > 0 && state !== session) {
      return extrasOf(
        session.at,
        state,
        applied.map(({ promotion }) => promotion),
      );
    }
  }
  if (!hasAny) return NONE;
  const texts: GrantedText[] = [];
  const codes: CodeGrant[] = [];
  for (const planned of applied) addRiders(session, planned, { texts, codes });
  return { texts, codes };
}

function addRiders(
  session: Session,
  planned: PlannedPromotion,
  { texts, codes }: { texts: GrantedText[]; codes: CodeGrant[] },
): void {
  const { render } = session.at.language;
  const promotion = planned.promotion.id;
  for (const { benefit, scope } of session.bodyOf(planned).riders) {
    const asksForLines = benefit.lines.length > 0 && !hasActed(session, planned, benefit);
    if (asksForLines && !hasUnits(session.select(scope).units)) continue;
    if (benefit.kind === 'text') {
      texts.push({ promotion, text: render(benefit.template, session.freshFacts()) });
    }
    if (benefit.kind === 'issue-code' && session.at.input.member !== undefined) {
      const message = render(benefit.message, session.freshFacts());
      codes.push({ promotion, pool: benefit.pool, message });
    }
  }
}

/** What took part in arbitration found its lines there. */
function hasActed(session: Session, { promotion }: PlannedPromotion, benefit: Benefit): boolean {
  return session.effects.some(
    (effect) => effect.promotion === promotion && effect.benefit === benefit,
  );
}

function hasUnits(units: readonly number[]): boolean {
  for (let slot = 0; slot < units.length; slot += 1) if ((units[slot] ?? 0) > 0) return true;
  return false;
}
