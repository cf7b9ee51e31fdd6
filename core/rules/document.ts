import { partner, place } from './document/places.ts';
import { pointType, tierGroup } from './document/points.ts';
import { program } from './document/program.ts';
import { arbitration } from './document/tree.ts';
import { type Decoded, defaulted, list, optional, record } from './shape/structures.ts';

/** Declarations of one kind. */
const POINT_TYPES_MAX = 100;
const TIER_GROUPS_MAX = 50;
const PLACES_MAX = 100_000;
const PARTNERS_MAX = 10_000;

const DOCUMENT = {
  program: optional(program, 'the programme and its settings'),
  pointTypes: defaulted(
    list(pointType, { max: POINT_TYPES_MAX }),
    [],
    'the kinds of points; without any, `main` exists',
  ),
  tierGroups: defaulted(list(tierGroup, { max: TIER_GROUPS_MAX }), [], 'the ladders of tiers'),
  places: defaulted(list(place, { max: PLACES_MAX }), [], 'countries, zones, regions and stores'),
  partners: defaulted(list(partner, { max: PARTNERS_MAX }), [], 'the companies of the programme'),
  arbitration: optional(arbitration, 'main arbitration, the root of the tree'),
};

/** A rule set as written: shapes checked, names not yet. */
export const ruleSetDocument = record(DOCUMENT);
export type RuleSetDocument = Decoded<typeof DOCUMENT>;
