import type { PointType } from '../arbitration/tree.ts';
import { mulDiv } from '../money/rounding.ts';
import { minorUnits } from '../money/units.ts';
import { resolveMoment } from '../time/moment.ts';
import { expiresAt } from '../time/validity.ts';
import type { NormalPointType, NormalRuleSet } from './normal.ts';

/** Point types as the ledger needs them. It does not know drafts: nobody can use them. */
export function pointTypesOf(rules: NormalRuleSet): ReadonlyMap<string, PointType> {
  const active = rules.pointTypes.filter(({ state }) => state !== 'draft');
  return new Map(active.map((type) => [type.id, pointTypeOf(type, rules)]));
}

function pointTypeOf(type: NormalPointType, rules: NormalRuleSet): PointType {
  const { ratio, deactivateAt } = type;
  return {
    id: type.id,
    kind: type.kind,
    precision: type.precision,
    refund: type.refund,
    initialBalance: type.initialBalance,
    deactivateAt:
      deactivateAt === undefined
        ? undefined
        : resolveMoment(deactivateAt, rules.programme.zone, 'start'),
    topUp: type.topUp,
    negative: type.negative,
    adjustUpTo: type.adjustUpTo,
    consumption: rules.settings.consumption,
    expiresAt: (earnedAt, zone) => expiresAt(type.validity, earnedAt, zone),
    moneyOf: (points) => minorUnits(mulDiv(points, ratio.money, ratio.points, 'floor')),
  };
}
