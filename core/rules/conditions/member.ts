import { type FactDefinition, FIELD_NAME, fact } from './definition.ts';

export const memberKnown = fact({
  name: 'member.known',
  type: 'flag',
  summary: 'false for an anonymous checkout',
  read: (facts) => facts.input.member !== undefined,
});

export const memberId = fact({
  name: 'member.id',
  type: 'text',
  summary: 'the identifier of the member',
  read: (facts) => facts.input.member?.id,
});

export const memberTier = fact({
  name: 'member.tier',
  type: 'tier',
  many: true,
  summary: 'the tiers held when the checkout begins, of all tier groups',
  cost: 2,
  read: (facts) => {
    const tiers = facts.input.member?.tiers;
    return tiers === undefined || tiers.size === 0 ? undefined : [...tiers.values()];
  },
});

export const memberTierOfGroup: FactDefinition = {
  name: 'member.tier.',
  parameter: { label: 'GROUP', pattern: FIELD_NAME.pattern },
  type: 'tier',
  many: false,
  summary: 'the tier held in one tier group',
  cost: 1,
  reader: (group) => (facts) => facts.input.member?.tiers.get(group),
};

export const memberSegments = fact({
  name: 'member.segments',
  type: 'text',
  many: true,
  summary: 'the segments the member is in',
  read: (facts) => facts.input.member?.segments,
});

export const memberPartners = fact({
  name: 'member.partners',
  type: 'text',
  many: true,
  summary: 'the partners whose terms apply to the member',
  read: (facts) => facts.input.member?.partners,
});

export const memberFields: FactDefinition = {
  name: 'member.fields.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'a free attribute of the member',
  cost: 1,
  reader: (name) => (facts) => facts.input.member?.fields.get(name),
};

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
