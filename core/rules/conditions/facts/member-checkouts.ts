import { fact } from '../definition.ts';

export const memberCheckouts = fact({
  name: 'member.checkouts',
  type: 'number',
  summary: 'accepted checkouts of the member before this one',
  read: (facts) => facts.input.member?.checkouts,
});
