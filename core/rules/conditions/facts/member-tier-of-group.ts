import { type FactDefinition, FIELD_NAME } from '../definition.ts';

export const memberTierOfGroup: FactDefinition = {
  name: 'member.tier.',
  parameter: { label: 'GROUP', pattern: FIELD_NAME.pattern },
  type: 'tier',
  many: false,
  summary: 'the tier held in one tier group',
  cost: 1,
  reader: (group) => (facts) => facts.input.member?.tiers.get(group),
};
