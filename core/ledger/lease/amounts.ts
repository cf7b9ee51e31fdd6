import type { Usage, UsageDelta } from '../../arbitration/decision.ts';

/**
 * Amounts of a shared budget, one number each for uses, units (thousandths), discount (minor
 * units) and points (smallest steps). Budgets, leases and letters all count in these four.
 */
export type Amounts = readonly [uses: number, units: number, discount: number, points: number];

/** Limits in the same order; `undefined` where there is none. */
export type Limits = readonly [
  uses: number | undefined,
  units: number | undefined,
  discount: number | undefined,
  points: number | undefined,
];

export const DIMENSIONS = ['uses', 'units', 'discount', 'points'] as const;
const [USES, UNITS, DISCOUNT, POINTS] = [0, 1, 2, 3] as const;

export const NOTHING: Amounts = [0, 0, 0, 0];

export function amountsOf(used: Usage | UsageDelta): Amounts {
  return [used.uses, used.units, used.discount, used.points];
}

export function limitsOf(budget: {
  readonly uses: number | undefined;
  readonly units: number | undefined;
  readonly discount: number | undefined;
  readonly points: number | undefined;
}): Limits {
  return [budget.uses, budget.units, budget.discount, budget.points];
}

/** Combines two amounts, one dimension after the other. */
export function zip(a: Amounts, b: Amounts, combine: (a: number, b: number) => number): Amounts {
  return [
    combine(a[USES], b[USES]),
    combine(a[UNITS], b[UNITS]),
    combine(a[DISCOUNT], b[DISCOUNT]),
    combine(a[POINTS], b[POINTS]),
  ];
}

export const plus = (a: Amounts, b: Amounts): Amounts => zip(a, b, (x, y) => x + y);
export const minus = (a: Amounts, b: Amounts): Amounts => zip(a, b, (x, y) => x - y);
export const atLeastZero = (a: Amounts): Amounts => zip(a, NOTHING, Math.max);
export const isNothing = (a: Amounts): boolean => a.every((amount) => amount === 0);

/** Amounts in limited dimensions, zero in the others. */
export function limitedOnly(amounts: Amounts, limits: Limits): Amounts {
  const only = (dimension: 0 | 1 | 2 | 3): number =>
    limits[dimension] === undefined ? 0 : amounts[dimension];
  return [only(USES), only(UNITS), only(DISCOUNT), only(POINTS)];
}

/** What is missing to cover `wanted`, in limited dimensions only. */
export function shortageOf(wanted: Amounts, remains: Amounts, limits: Limits): Amounts {
  return atLeastZero(limitedOnly(minus(wanted, remains), limits));
}

/** True when every limit is at least as high as another's. */
export function coversLimits(limits: Limits, others: Limits): boolean {
  return limits.every((limit, dimension) => {
    const other = others[dimension];
    return limit === undefined || (other !== undefined && limit >= other);
  });
}

/** What each partition may spend of a new budget before it has asked: a quarter, split evenly. */
export function standingShare(limits: Limits, partitions: number): Amounts {
  const share = (limit: number | undefined): number =>
    limit === undefined ? 0 : partitions === 1 ? limit : Math.floor(limit / (4 * partitions));
  const [uses, units, discount, points] = limits.map(share);
  const shares: Amounts = [uses ?? 0, units ?? 0, discount ?? 0, points ?? 0];
  // One limit without a share makes the others useless: they stay with the home partition.
  const isUseful = limits.every((limit, at) => limit === undefined || (shares[at] ?? 0) > 0);
  return isUseful || partitions === 1 ? shares : NOTHING;
}
