import { steps } from '../normalise/scale.ts';
import { decimal, id } from '../shape/scalars.ts';
import { optional } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';

/** `top-up`: whenever the balance reaches so many points, they become money on the phone. */
export const topUp = defineBenefit({
  kind: 'top-up',
  summary: 'turns points into a top-up of the phone account',
  plain: 'at',
  fields: {
    type: optional(id, 'the point type that is turned into a top-up'),
    at: optional(decimal, 'so many points make one; default that of the point type'),
  },
  normal: (given, base, { scales, topUpOf }) => {
    const type = given.type ?? scales.defaultType;
    const precision = scales.precisionOf(type);
    const declared = { digits: topUpOf(type) ?? 10 ** precision, places: precision };
    return { ...base, kind: 'top-up', type, at: steps(given.at ?? declared, precision) };
  },
  describe: ({ at, type }) => `for every ${at} steps of ${type}`,
});
