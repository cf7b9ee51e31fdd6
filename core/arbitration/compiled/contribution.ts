import { minorUnits } from '../../money/units.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
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
    const { promotion, benefit } = effect;
    if (promotion.type !== 'partner-offer' && benefit.kind !== 'partner-discount') continue;
    for (let slot = 0; slot < effect.applied.length; slot += 1) {
      const amount = effect.applied[slot] ?? 0;
      const partner = amount === 0 ? undefined : funderOf(at, effect, slot);
      if (partner !== undefined) sumOf(sums, promotion, partner).amount += amount;
    }
  }
  const contributions: Contribution[] = [];
  for (const { promotion, partner, amount } of sums) {
    if (amount > 0) contributions.push({ promotion, partner, amount: minorUnits(amount) });
  }
  return contributions;
}

function sumOf(sums: Sum[], { position, id }: NormalPromotion, partner: string): Sum {
  for (const one of sums) if (one.position === position && one.partner === partner) return one;
  const sum = { position, promotion: id, partner, amount: 0 };
  sums.push(sum);
  return sum;
}
