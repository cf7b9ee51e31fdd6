import type { PointType } from '../arbitration/tree.ts';
import { mulDiv } from '../money/rounding.ts';
import { type Instant, minorUnits } from '../money/units.ts';
import { DAY_MS } from '../time/date.ts';
import { resolveMoment } from '../time/moment.ts';
import { expiresAt, type Validity } from '../time/validity.ts';
import { offsetAt } from '../time/zone.ts';
import type { NormalPointType, NormalRuleSet } from './normal.ts';

/** Point types as the ledger needs them. It does not know drafts: nobody can use them. */
export function pointTypesOf(rules: NormalRuleSet): ReadonlyMap<string, PointType> {
  const active = rules.pointTypes.filter(({ state }) => state !== 'draft');
  return new Map(active.map((type) => [type.id, pointTypeOf(type, rules)]));
}

/** Points of one local day expire together, so of each zone the last day's answer is kept. */
function keptExpiry(validity: Validity | undefined): PointType['expiresAt'] {
  if (validity === undefined) return () => undefined;
  const byZone = new Map<string, { readonly day: number; readonly at: Instant | undefined }>();
  return (earnedAt, zone) => {
    const day = Math.floor((earnedAt + offsetAt(zone, earnedAt)) / DAY_MS);
    const known = byZone.get(zone);
    if (known?.day === day) return known.at;
    const at = expiresAt(validity, earnedAt, zone);
    byZone.set(zone, { day, at });
    return at;
  };
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
    livesFromEarning: type.validFrom === 'earning',
    expiresAt: keptExpiry(type.validity),
    moneyOf: (points) => minorUnits(mulDiv(points, ratio.money, ratio.points, 'floor')),
  };
}
