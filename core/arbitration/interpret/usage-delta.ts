import { minorUnits, points } from '../../money/units.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import type { UsageDelta } from '../decision.ts';
import type { Accruals } from './accrual.ts';
import type { Case } from './case.ts';
import { bodyOf } from './eligibility.ts';
import { type Effect, type State, sum } from './state.ts';
import { budgetKey } from './usage.ts';

interface Consumed {
  readonly applied: readonly NormalPromotion[];
  readonly state: State;
  readonly accruals: Accruals;
}

/** What this checkout consumes of limits that outlive it. */
export function usageOf(at: Case, consumed: Consumed): readonly UsageDelta[] {
  return consumed.applied.flatMap((promotion) => [
    ...memberUsage(at, promotion, consumed),
    ...programmeUsage(at, promotion, consumed),
  ]);
}

function memberUsage(
  at: Case,
  promotion: NormalPromotion,
  consumed: Consumed,
): readonly UsageDelta[] {
  const { perMember } = bodyOf(promotion, at).limits;
  if (perMember === undefined || at.input.member === undefined) return [];
  const slots = consumed.state.net.map((_, slot) => slot);
  return [
    {
      scope: 'member',
      key: at.counters.keyOf(promotion, perMember.per),
      uses: 1,
      ...amountsOf(promotion, consumed, slots),
      until: at.counters.windowOf(perMember.per).until,
    },
  ];
}

/** What the budget of a promotion loses: one counter, or one for each sku. */
export function programmeUsage(
  at: Case,
  promotion: NormalPromotion,
  consumed: Pick<Consumed, 'state' | 'accruals'>,
): readonly UsageDelta[] {
  const { budget } = bodyOf(promotion, at).limits;
  if (budget === undefined) return [];
  const slots = consumed.state.net.map((_, slot) => slot);
  const keyOf = budgetKey(promotion, budget, at);
  const skus = budget.perSku ? [...new Set(at.lines.map((line) => line.sku))] : [''];
  return skus.flatMap((sku) => {
    const own = budget.perSku ? slots.filter((slot) => at.lines[slot]?.sku === sku) : slots;
    const amounts = amountsOf(promotion, consumed, own);
    const touched = amounts.units > 0 || amounts.discount !== 0 || amounts.points !== 0;
    if (budget.perSku && !touched) return [];
    const until = at.counters.windowOf(budget.per).until;
    return [{ scope: 'programme' as const, key: keyOf(sku), uses: 1, ...amounts, until }];
  });
}

function amountsOf(
  promotion: NormalPromotion,
  { state, accruals }: Pick<Consumed, 'state' | 'accruals'>,
  slots: readonly number[],
): Pick<UsageDelta, 'units' | 'discount' | 'points'> {
  const own = state.effects.filter((effect) => effect.promotion === promotion);
  const granted = accruals.list.filter((one) => one.promotion === promotion.id);
  return {
    units: sum(slots.map((slot) => unitsIn(own, slot))),
    discount: minorUnits(
      sum(own.map(({ applied }) => sum(slots.map((slot) => applied[slot] ?? 0)))),
    ),
    points: points(sum(granted.map(({ shares }) => sum(slots.map((slot) => shares[slot] ?? 0))))),
  };
}

/** Units of a line that any benefit of the promotion acted on. */
function unitsIn(effects: readonly Effect[], slot: number): number {
  return Math.max(0, ...effects.map((effect) => effect.units[slot] ?? 0));
}
