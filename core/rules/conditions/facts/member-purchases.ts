import { history } from '../history.ts';

export const memberPurchases = history('purchases', {
  name: 'member.purchases.',
  type: 'number',
  summary: 'accepted checkouts of the last N days',
});
