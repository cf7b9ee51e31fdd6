import type { LineScope } from '../../rules/condition.ts';
import type { NormalPromotion, PromotionBody } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { Selection } from '../language.ts';
import type { Case } from './case.ts';
import { sum } from './state.ts';
import { budgetLeft, isSkuSpent, memberUnitsLeft } from './usage.ts';

/** Takes a selection down to the units that the promotion's limits leave. */
export function withinUnitLimits(
  selection: Selection,
  promotion: NormalPromotion,
  { body, scopes, at }: { body: PromotionBody; scopes: readonly LineScope[]; at: Case },
): Selection {
  const perLine = eachLine(selection, body, { promotion, at });
  const total = smallest([
    body.limits.unitsPerOrder,
    memberUnitsLeft(promotion, body, at),
    sharedUnitsLeft(promotion, body, at),
  ]);
  if (total === undefined || sum(perLine) <= total) return { ...selection, units: perLine };
  return { ...selection, units: firstUnits(perLine, total, order(at.lines, scopes)) };
}

function eachLine(
  selection: Selection,
  { limits }: PromotionBody,
  { promotion, at }: { promotion: NormalPromotion; at: Case },
): number[] {
  const { unitsPerLine, budget } = limits;
  const times = unitsPerLine?.timesBundles === true ? selection.bundles : 1;
  const most = unitsPerLine === undefined ? Number.POSITIVE_INFINITY : unitsPerLine.units * times;
  const left = new Map<string, number>();
  return selection.units.map((units, index) => {
    const sku = at.lines[index]?.sku ?? '';
    const allowed = Math.min(units, most);
    if (budget === undefined || !budget.perSku) return allowed;
    if (isSkuSpent(promotion, { budget, sku }, at)) return 0;
    if (budget.units === undefined) return allowed;
    const rest = left.get(sku) ?? budgetLeft(promotion, { budget, of: 'units', sku }, at) ?? 0;
    const taken = Math.min(allowed, rest);
    left.set(sku, rest - taken);
    return taken;
  });
}

function sharedUnitsLeft(
  promotion: NormalPromotion,
  { limits }: PromotionBody,
  at: Case,
): number | undefined {
  if (limits.budget === undefined || limits.budget.perSku) return undefined;
  return budgetLeft(promotion, { budget: limits.budget, of: 'units', sku: '' }, at);
}

function smallest(limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

/** Which units count: the cheapest first, unless the scope ranks the other way. */
function order(lines: readonly OrderLine[], scopes: readonly LineScope[]): number[] {
  const ranking = scopes.findLast((scope) => scope.ranking !== undefined)?.ranking;
  const sign = ranking?.order === 'most-expensive-first' ? -1 : 1;
  const indices = lines.map((_, index) => index);
  if (ranking?.order === 'as-listed') return indices;
  return indices.sort((one, two) => {
    const [a, b] = [lines[one], lines[two]];
    if (a === undefined || b === undefined) return 0;
    return sign * (a.price - b.price) || a.gross - b.gross || one - two;
  });
}

function firstUnits(units: readonly number[], total: number, order: readonly number[]): number[] {
  const taken = units.map(() => 0);
  let rest = total;
  for (const index of order) {
    const some = Math.min(rest, units[index] ?? 0);
    taken[index] = some;
    rest -= some;
  }
  return taken;
}
