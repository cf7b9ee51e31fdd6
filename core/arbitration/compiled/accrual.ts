import { type Points, points } from '../../money/units.ts';
import type { Accrual } from '../decision.ts';
import { issuerOf, merge, toAccrual } from '../interpret/accrual.ts';
import { isInactive, pointTypeOf } from '../interpret/case.ts';
import type { Grant } from '../interpret/grants/grant.ts';
import { hasCaps } from '../interpret/partner-caps.ts';
import type { Payments } from '../interpret/payment.ts';
import type { State } from '../interpret/state.ts';
import { multiply } from './grants/multiply-points.ts';
import { grant } from './grants/points.ts';
import type { Session } from './session.ts';

/** Points granted by this checkout: what `accrue` of the interpreter says, slot by slot. */
export function accruedBy(session: Session, state: State, payments: Payments): readonly Accrual[] {
  const paid = state.net.slice();
  for (let slot = 0; slot < paid.length; slot += 1) {
    const byPoints = payments.paid[slot] ?? 0;
    if (byPoints !== 0) paid[slot] = (paid[slot] ?? 0) - byPoints;
  }
  const grants: Grant[] = [];
  for (const effect of state.effects) {
    const { benefit } = effect;
    if (benefit.kind !== 'points') continue;
    const granted = grant(session, effect, { benefit, paid });
    if (granted !== undefined) grants.push(granted);
  }
  for (const effect of state.effects) {
    const { benefit } = effect;
    if (benefit.kind === 'multiply-points') multiply(session, effect, { benefit, grants });
  }
  const accruals: Accrual[] = [];
  for (const one of areApart(grants) ? grants : merge(grants)) {
    addAccrual(accruals, session, one);
  }
  return accruals;
}

/** Whether no promotion grants points of the same type twice: then nothing has to be merged. */
function areApart(grants: readonly Grant[]): boolean {
  for (let one = 1; one < grants.length; one += 1) {
    for (let two = 0; two < one; two += 1) {
      const a = grants[one];
      const b = grants[two];
      if (a?.effect.promotion === b?.effect.promotion && a?.type === b?.type) return false;
    }
  }
  return true;
}

function addAccrual(accruals: Accrual[], session: Session, one: Grant): void {
  const { at } = session;
  const { promotion, benefit } = one.effect;
  const lines = at.lines.length;
  const planned = session.plan.promotions[promotion.position];
  const budget = planned && session.bodyOf(planned).body.limits.budget;
  const issuer = issuerOf(at, promotion);
  const isFree = budget?.points === undefined && !hasCaps(at, issuer);
  const isPlain = isFree && (one.shares[lines] ?? 0) === 0;
  if (!isPlain) {
    for (const accrual of toAccrual(at, one, accruals)) accruals.push(accrual);
    return;
  }
  if (isInactive(at, pointTypeOf(at, one.type))) return;
  const shares = new Array<Points>(lines);
  for (let slot = 0; slot < lines; slot += 1) shares[slot] = points(one.shares[slot] ?? 0);
  accruals.push({
    promotion: promotion.id,
    benefit: benefit.kind,
    type: one.type,
    requested: points(one.requested),
    points: points(one.requested),
    credit: one.credit,
    shares,
    issuer,
  });
}
