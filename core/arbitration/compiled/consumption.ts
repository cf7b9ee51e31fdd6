import { minorUnits, points } from '../../money/units.ts';
import type { LimitPeriod, NormalPromotion } from '../../rules/normal.ts';
import type { Accrual, UsageDelta } from '../decision.ts';
import type { State } from '../interpret/state.ts';
import { budgetKey } from '../interpret/usage.ts';
import { programmeUsage } from '../interpret/usage-delta.ts';
import type { PlannedPromotion } from './plan.ts';
import type { Session } from './session.ts';

interface Consumed {
  readonly applied: readonly PlannedPromotion[];
  readonly state: State;
  readonly accruals: readonly Accrual[];
}

/** What this checkout consumes of limits that outlive it. */
export function consumedBy(session: Session, consumed: Consumed): readonly UsageDelta[] {
  let deltas: UsageDelta[] | undefined;
  for (const planned of consumed.applied) {
    const { hasCounters } = session.bodyOf(planned);
    if (!hasCounters) continue;
    deltas ??= [];
    addUsage(deltas, session, { planned, consumed });
  }
  return deltas ?? NONE;
}

const NONE: readonly UsageDelta[] = [];

function addUsage(
  deltas: UsageDelta[],
  session: Session,
  { planned, consumed }: { planned: PlannedPromotion; consumed: Consumed },
): void {
  const { at } = session;
  const { promotion } = planned;
  const { perMember, budget } = session.bodyOf(planned).body.limits;
  if (perMember !== undefined && at.input.member !== undefined) {
    const { per } = perMember;
    const key = at.counters.keyOf(promotion, per);
    deltas.push({ scope: 'member', key, ...deltaOf(session, { promotion, consumed, per }) });
  }
  if (budget === undefined) return;
  if (!budget.perSku) {
    const key = budgetKey(promotion, budget, at)('');
    const delta = deltaOf(session, { promotion, consumed, per: budget.per });
    deltas.push({ scope: 'programme', key, ...delta });
    return;
  }
  const { state, accruals } = consumed;
  const bySku = programmeUsage(at, promotion, { state, accruals: { list: accruals } });
  for (const delta of bySku) deltas.push(delta);
}

function deltaOf(
  { at }: Session,
  {
    promotion,
    consumed,
    per,
  }: { promotion: NormalPromotion; consumed: Consumed; per: LimitPeriod },
): Omit<UsageDelta, 'scope' | 'key'> {
  const { net, effects } = consumed.state;
  let [units, discount, granted] = [0, 0, 0];
  for (let slot = 0; slot < net.length; slot += 1) {
    let most = 0;
    for (const effect of effects) {
      if (effect.promotion !== promotion) continue;
      most = Math.max(most, effect.units[slot] ?? 0);
      discount += effect.applied[slot] ?? 0;
    }
    units += most;
  }
  for (const one of consumed.accruals) {
    if (one.promotion !== promotion.id) continue;
    for (let slot = 0; slot < one.shares.length; slot += 1) granted += one.shares[slot] ?? 0;
  }
  return {
    uses: 1,
    units,
    discount: minorUnits(discount),
    points: points(granted),
    until: at.counters.windowOf(per).until,
  };
}
