import { points } from '../money/units.ts';
import type { Spend } from './hold.ts';
import type { SoldShares } from './standing-shares.ts';

const NO_SPENDS: readonly Spend[] = [];

/** What points pay, by the partner who sold the lines: each accepts what its own goods cost. */
export function spendsOf({ checkout, decision }: SoldShares, partner: string): readonly Spend[] {
  if (decision.redemptions.length === 0) return NO_SPENDS;
  return decision.redemptions.flatMap(({ type, points: all, promotion = '', pointShares }) => {
    const byAcceptor = new Map<string, number>();
    for (let index = 0; index < pointShares.length; index += 1) {
      const share = pointShares[index] ?? 0;
      if (share === 0) continue;
      const acceptor = checkout.lines[index]?.partner ?? partner;
      byAcceptor.set(acceptor, (byAcceptor.get(acceptor) ?? 0) + share);
    }
    if (byAcceptor.size === 0) byAcceptor.set(partner, all);
    return [...byAcceptor].map(([name, share]) => {
      const acceptor = name === '' ? undefined : name;
      return { type, promotion, acceptor, points: points(share) };
    });
  });
}
