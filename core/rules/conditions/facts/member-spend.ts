import { history } from '../history.ts';

export const memberSpend = history('spend', {
  name: 'member.spend.',
  type: 'money',
  summary: 'money spent in the last N days',
});
