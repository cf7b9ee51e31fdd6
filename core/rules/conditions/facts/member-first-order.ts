import { fact } from '../definition.ts';

export const memberFirstOrder = fact({
  name: 'member.firstOrder',
  type: 'flag',
  summary: 'true when no checkout of the member was accepted before',
  read: ({ input: { member } }) => (member === undefined ? undefined : member.checkouts === 0),
});
