import { ANY_CURRENCY } from '../money/currency.ts';
import { DEFAULT_SETTINGS, type DocumentSettings } from './document/program.ts';
import { WEEKDAYS } from './document/time.ts';
import type { NormalRuleSet, Programme, Settings } from './normal.ts';
import { normalCategories } from './normalise/categories.ts';
import { normalPartners, normalPlaces } from './normalise/places.ts';
import { normalPointTypes, normalTierGroups } from './normalise/points.ts';
import { scalesOf } from './normalise/scale.ts';
import { normalTree } from './normalise/tree.ts';
import type { ValidRuleSet } from './validate.ts';

/** Stage 3: one form for everything that means the same. Nothing can be wrong any more. */
export function normalise(rules: ValidRuleSet): NormalRuleSet {
  const { program } = rules.document;
  const scales = scalesOf(rules);
  const pointTypes = normalPointTypes(rules, scales);
  const tierGroups = normalTierGroups(rules, scales);
  const topUps = new Map(pointTypes.map((type) => [type.id, type.topUp?.at]));
  const tree = normalTree(rules.document.arbitration, {
    scales,
    zone: program?.timezone ?? 'UTC',
    currency: program?.currency.code ?? ANY_CURRENCY,
    returns: (program?.settings ?? DEFAULT_SETTINGS).returns,
    tiersOf: new Map(tierGroups.map(({ id, tiers }) => [id, tiers.map((tier) => tier.id)])),
    topUpOf: (type) => topUps.get(type),
    categories: new Map((program?.categories ?? []).map((each) => [each.id, each])),
  });
  return {
    programme: normalProgramme(program),
    settings: normalSettings(program?.settings ?? DEFAULT_SETTINGS),
    categories: normalCategories(program?.categories ?? []),
    pointTypes,
    tierGroups,
    places: normalPlaces(rules),
    partners: normalPartners(rules, scales),
    ...tree,
    closedWorld: rules.world === 'closed',
  };
}

/** Who may apply a version is no part of what it decides. */
function normalSettings({ approval: _, ...settings }: DocumentSettings): Settings {
  const { neverStackable, neverStackablePerCategory } = settings;
  const day = WEEKDAYS.indexOf(settings.weekStart) + 1;
  const isEach = neverStackablePerCategory < neverStackable;
  return {
    ...settings,
    weekStart: day === 1 ? undefined : day,
    neverStackable: neverStackable === 1 ? undefined : neverStackable,
    neverStackablePerCategory: isEach ? neverStackablePerCategory : undefined,
  };
}

function normalProgramme(program: ValidRuleSet['document']['program']): Programme {
  const { code, exponent } = program?.currency ?? { code: ANY_CURRENCY, exponent: 2 };
  return {
    id: program?.id ?? 'programme',
    currency: code,
    exponent,
    zone: program?.timezone ?? 'UTC',
  };
}
