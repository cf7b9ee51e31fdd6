import { type FactDefinition, FIELD_NAME } from '../definition.ts';

export const memberPoints: FactDefinition = {
  name: 'member.points.',
  parameter: { label: 'TYPE', pattern: FIELD_NAME.pattern },
  type: 'points',
  many: false,
  summary: 'points of a type that can be spent now',
  cost: 1,
  reader: (type) => (facts) => {
    const member = facts.input.member;
    return member === undefined ? undefined : (member.points.get(type) ?? 0);
  },
};
