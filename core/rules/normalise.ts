import { ANY_CURRENCY } from '../money/currency.ts';
import { compareText } from './canonical.ts';
import { DEFAULT_SETTINGS, type DocumentSettings } from './document/program.ts';
import { WEEKDAYS } from './document/time.ts';
import type { NormalRuleSet, Programme, Settings } from './normal.ts';
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
  });
  return {
    programme: normalProgramme(program),
    settings: normalSettings(program?.settings ?? DEFAULT_SETTINGS),
    categories: (program?.categories ?? []).toSorted((a, b) => compareText(a.id, b.id)),
    pointTypes,
    tierGroups,
    places: normalPlaces(rules),
    partners: normalPartners(rules, scales),
    ...tree,
    closedWorld: rules.world === 'closed',
  };
}

/** Who may apply a version is no part of what it decides. */
function normalSettings({ weekStart, approval: _, ...settings }: DocumentSettings): Settings {
  const day = WEEKDAYS.indexOf(weekStart) + 1;
  return { ...settings, weekStart: day === 1 ? undefined : day };
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
