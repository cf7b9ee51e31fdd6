import { fact } from '../definition.ts';

export const memberPartners = fact({
  name: 'member.partners',
  type: 'text',
  many: true,
  summary: 'the partners whose terms apply to the member',
  read: (facts) => facts.input.member?.partners,
});
