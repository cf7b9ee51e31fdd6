import type { Amounts } from '../../core/ledger/lease/amounts.ts';

/** What one partition says about things that concern others. */
export interface Crossing {
  readonly partition: number;
  /** Relays sent and not answered yet. */
  readonly relays: number;
  /** Points that left members here and arrived at none here, by unit; negative the other way. */
  readonly transit: ReadonlyMap<string, number>;
  /** By budget: what this partition says it was granted. */
  readonly leases: ReadonlyMap<string, Amounts>;
  /** By budget that is at home here: what each partition was granted, where that is known. */
  readonly budgets: ReadonlyMap<string, readonly (Amounts | undefined)[]>;
}

/**
 * What all partitions promise together: points that leave one member arrive at another or are on
 * their way, and nobody may spend of a shared budget what its home has not granted. Only for
 * partitions that were read while nobody wrote.
 */
export function crossingProblems(crossings: readonly Crossing[]): readonly string[] {
  return [...transitProblems(crossings), ...leaseProblems(crossings)];
}

function transitProblems(crossings: readonly Crossing[]): string[] {
  const sums = new Map<string, number>();
  for (const { transit } of crossings) {
    for (const [unit, points] of transit) sums.set(unit, (sums.get(unit) ?? 0) + points);
  }
  const isQuiet = crossings.every(({ relays }) => relays === 0);
  return [...sums].flatMap(([unit, points]) => {
    if (points < 0) return [`${-points} ${unit} arrived at members and left nobody`];
    return isQuiet && points > 0 ? [`${points} ${unit} left members and are not on their way`] : [];
  });
}

function leaseProblems(crossings: readonly Crossing[]): string[] {
  const homes = new Map(crossings.flatMap(({ budgets }) => [...budgets]));
  return crossings.flatMap(({ partition, leases }) =>
    [...leases].flatMap(([budget, granted]) => {
      const out = homes.get(budget)?.[partition];
      if (!out || granted.every((amount, place) => amount <= (out[place] ?? 0))) return [];
      return [`partition ${partition} holds more of the budget ${budget} than was granted`];
    }),
  );
}
