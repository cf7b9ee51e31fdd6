import { minorUnits } from '../../money/units.ts';
import type { Contribution } from '../decision.ts';
import type { Case } from './case.ts';
import type { Effect, State } from './state.ts';

/** What partners pay for: the discounts of their offers, line by line, at what was applied. */
export function contributionsOf(at: Case, { effects }: State): readonly Contribution[] {
  const amounts = new Map<string, Contribution>();
  for (const effect of effects) {
    effect.applied.forEach((amount, slot) => {
      const partner = amount === 0 ? undefined : funderOf(at, effect, slot);
      if (partner === undefined) return;
      const promotion = effect.promotion.id;
      const key = `${effect.promotion.position}|${partner}`;
      const soFar = amounts.get(key)?.amount ?? 0;
      amounts.set(key, { promotion, partner, amount: minorUnits(soFar + amount) });
    });
  }
  return [...amounts.values()].filter(({ amount }) => amount > 0);
}

/** Who funds an effect in a slot; `undefined` for the programme itself. */
export function funderOf(
  at: Case,
  { promotion, benefit }: Effect,
  slot: number,
): string | undefined {
  if (benefit.kind === 'pay-with-points') return undefined;
  const own = at.lines[slot]?.partner ?? at.place.partner;
  if (benefit.kind === 'partner-discount') return benefit.partner ?? own;
  return promotion.type === 'partner-offer' ? own : undefined;
}
