import { fact } from '../definition.ts';

export const memberTier = fact({
  name: 'member.tier',
  type: 'tier',
  many: true,
  summary: 'the tiers held when the checkout begins, of all tier groups',
  cost: 2,
  read: (facts) => {
    const tiers = facts.input.member?.tiers;
    return tiers === undefined || tiers.size === 0 ? undefined : [...tiers.values()];
  },
});
