import { minorUnits } from '../../money/units.ts';
import type { Contribution } from '../decision.ts';
import type { Case } from '../interpret/case.ts';
import { funderOf } from '../interpret/contribution.ts';
import type { State } from '../interpret/state.ts';

interface Sum {
  readonly position: number;
  readonly promotion: string;
  readonly partner: string;
  amount: number;
}

/** What partners pay for: discounts of their offers, by promotion and partner. */
export function contributedBy(at: Case, { effects }: State): readonly Contribution[] {
  const sums: Sum[] = [];
  for (const effect of effects) {
    const { position, id: promotion } = effect.promotion;
    for (let slot = 0; slot < effect.applied.length; slot += 1) {
      const amount = effect.applied[slot] ?? 0;
      const partner = amount === 0 ? undefined : funderOf(at, effect, slot);
      if (partner === undefined) continue;
      const known = sums.find((one) => one.position === position && one.partner === partner);
      if (known === undefined) sums.push({ position, promotion, partner, amount });
      else known.amount += amount;
    }
  }
  return sums
    .filter(({ amount }) => amount > 0)
    .map(({ promotion, partner, amount }) => ({ promotion, partner, amount: minorUnits(amount) }));
}
