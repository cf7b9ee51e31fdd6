import type { Benefit } from '../benefit.ts';
import type { GroupNode, NormalPromotion } from '../normal.ts';

/** A promotion that never gets its turn, and the one that always takes it. */
export interface Shadowed {
  readonly promotion: NormalPromotion;
  readonly by: NormalPromotion;
}

/**
 * Under incompatibility the first child with an effect wins each line. One that applies to every
 * line of every checkout leaves nothing to the product-level promotions after it.
 */
export function shadowedChildren(group: GroupNode): readonly Shadowed[] {
  if (group.mode !== 'exclusive') return [];
  const promotions = group.children.flatMap((child) =>
    child.kind === 'promotion' ? [child.promotion] : [],
  );
  const by = promotions.find(alwaysApplies);
  if (by === undefined) return [];
  return promotions
    .filter((one) => one.position > by.position && onlyActsOnLines(one))
    .map((promotion) => ({ promotion, by }));
}

function alwaysApplies({ body, regions, variants, stacking }: NormalPromotion): boolean {
  const { period, repeat, hours, channels, when, lines, limits, benefits } = body;
  const unlimited = Object.values(limits).every((limit) => limit === undefined);
  const unbounded = period.start === undefined && period.end === undefined && !repeat;
  const everywhere = regions === undefined && variants.length === 0;
  const always = hours.length + channels.length + lines.length === 0 && when.kind === 'always';
  return (
    unlimited &&
    unbounded &&
    everywhere &&
    always &&
    stacking.category === 'common' &&
    benefits.some(lowersEveryLine)
  );
}

function lowersEveryLine(benefit: Benefit): boolean {
  if (benefit.kind !== 'discount' || benefit.target !== 'lines') return false;
  const { value } = benefit;
  const isPositive = value.by === 'percent' ? value.percent > 0 : value.amount > 0;
  return benefit.lines.length === 0 && isPositive;
}

function onlyActsOnLines({ body }: NormalPromotion): boolean {
  return body.benefits.every(
    ({ kind, target }) => target === 'lines' && (kind === 'discount' || kind === 'price'),
  );
}
