import { fact } from '../definition.ts';

export const memberSegments = fact({
  name: 'member.segments',
  type: 'text',
  many: true,
  summary: 'the segments the member is in',
  read: (facts) => facts.input.member?.segments,
});
