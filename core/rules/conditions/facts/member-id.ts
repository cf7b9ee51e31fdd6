import { fact } from '../definition.ts';

export const memberId = fact({
  name: 'member.id',
  type: 'text',
  summary: 'the identifier of the member',
  read: (facts) => facts.input.member?.id,
});
