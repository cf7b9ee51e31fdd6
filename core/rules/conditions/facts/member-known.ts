import { fact } from '../definition.ts';

export const memberKnown = fact({
  name: 'member.known',
  type: 'flag',
  summary: 'false for an anonymous checkout',
  read: (facts) => facts.input.member !== undefined,
});
