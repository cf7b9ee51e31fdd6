import { type Bits, hasBit } from '../../rules/candidates/bits.ts';
import type { NotApplied } from '../decision.ts';
import type { Case } from '../interpret/case.ts';
import { beforeConditions, bodyOf } from '../interpret/eligibility.ts';
import type { PlannedPromotion } from './plan.ts';
import type { Session } from './session.ts';

/** Reasons of the candidates that did nothing. */
export function reasonsFor({ live, applied, plan, notes }: Session): readonly NotApplied[] {
  const list: NotApplied[] = [];
  for (const position of live) {
    if (applied[position] === 1) continue;
    const promotion = plan.promotions[position]?.promotion.id ?? '';
    list.push({ promotion, reason: notes[position] ?? 'no-effect' });
  }
  return list;
}

/** Reasons of all promotions that did nothing, those included that were never looked at. */
export function reasonsForAll(session: Session, running: Bits): readonly NotApplied[] {
  const { live, applied, notes } = session;
  const list: NotApplied[] = [];
  let next = 0;
  for (const planned of session.plan.promotions) {
    const { position, promotion } = planned;
    if (live[next] === position) {
      next += 1;
      if (applied[position] === 1) continue;
      list.push({ promotion: promotion.id, reason: notes[position] ?? 'no-effect' });
    } else if (hasBit(running, position) && planned.variants.size === 0) {
      list.push(planned.withoutLines);
    } else {
      list.push({ promotion: promotion.id, reason: untold(session.at, planned) });
    }
  }
  return list;
}

/** Why a promotion that was no candidate is none. */
function untold(at: Case, planned: PlannedPromotion): string {
  const body = bodyOf(planned.promotion, at);
  return beforeConditions(planned.promotion, body, at) ?? 'no-effect';
}
