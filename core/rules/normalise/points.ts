import { minorUnits, points } from '../../money/units.ts';
import { compareText } from '../canonical.ts';
import type { DocumentPointType } from '../document/points.ts';
import { MILLION, type NormalPointType, type TierGroup } from '../normal.ts';
import type { ValidRuleSet } from '../validate.ts';
import { type Scales, steps } from './scale.ts';

export function normalPointTypes(rules: ValidRuleSet, scales: Scales): readonly NormalPointType[] {
  const declared = rules.document.pointTypes.map((type) => normalPointType(type, scales));
  const known = new Set(declared.map(({ id }) => id));
  const byUse = [...rules.names['point-type']]
    .filter((id) => !known.has(id))
    .map((id) => pointTypeByUse(id, scales));
  return [...declared, ...byUse].sort((left, right) => compareText(left.id, right.id));
}

function normalPointType(type: DocumentPointType, scales: Scales): NormalPointType {
  const { precision, ratio, topUp, initialBalance, payUpTo } = type;
  return {
    id: type.id,
    kind: type.kind,
    precision,
    ratio:
      ratio === undefined
        ? worthOneMajorUnit(precision, scales)
        : { points: steps(ratio.points, precision), money: ratio.money },
    validity: type.validity,
    validFrom: type.validFrom === 'earning' ? 'earning' : undefined,
    refund: type.refund,
    negative: type.negative,
    initialBalance: initialBalance === undefined ? points(0) : steps(initialBalance, precision),
    deactivateAt: type.deactivateAt,
    topUp: topUp === undefined ? undefined : { at: steps(topUp.at, precision) },
    adjustUpTo: type.adjustUpTo && steps(type.adjustUpTo, precision),
    payUpTo: payUpTo && {
      percent: payUpTo.percent,
      points: payUpTo.points && steps(payUpTo.points, precision),
    },
    weight: type.weight === MILLION ? undefined : type.weight,
    state: type.state === 'draft' ? 'draft' : undefined,
    tierGroup: type.tierGroup,
  };
}

function worthOneMajorUnit(precision: number, scales: Scales): NormalPointType['ratio'] {
  return { points: points(10 ** precision), money: minorUnits(10 ** scales.exponent) };
}

/** A point type that a document only uses. */
function pointTypeByUse(id: string, scales: Scales): NormalPointType {
  return {
    id,
    kind: 'standard',
    precision: 0,
    ratio: worthOneMajorUnit(0, scales),
    validity: undefined,
    validFrom: undefined,
    refund: true,
    negative: 'unlimited',
    initialBalance: points(0),
    deactivateAt: undefined,
    topUp: undefined,
    adjustUpTo: undefined,
    payUpTo: undefined,
    weight: undefined,
    state: undefined,
    tierGroup: undefined,
  };
}

export function normalTierGroups(rules: ValidRuleSet, scales: Scales): readonly TierGroup[] {
  const groups = rules.document.tierGroups.map(
    ({ title: _, grace, tiers, ...group }): TierGroup => ({
      ...group,
      graceDays: grace ?? 0,
      tiers: tiers
        .map(({ id, from }) => ({ id, from: steps(from, scales.precisionOf(group.points)) }))
        .sort((left, right) => left.from - right.from || compareText(left.id, right.id)),
    }),
  );
  return groups.sort((left, right) => compareText(left.id, right.id));
}
