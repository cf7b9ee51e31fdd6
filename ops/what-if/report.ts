import { DIMENSIONS } from '../../core/ledger/lease/amounts.ts';
import type { Lease } from '../../core/ledger/lease/lease.ts';
import type { Instant } from '../../core/money/units.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Comparison, Exhausted } from './comparison.ts';
import {
  type Amounts,
  MONEY,
  type MoneyFigure,
  POINTS,
  type PointsFigure,
  partsOf,
} from './effects.ts';
import type { LargeChange } from './largest-changes.ts';
import { type PointWorth, worthBy } from './point-worth.ts';
import type { WhatIfQuestion } from './what-if.ts';

/** Rows told of each kind; the largest changes come first. */
export const ROWS_MAX = 1_000;

/** A figure as it was, as it would have been, and the difference. */
export interface Figure {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

export interface WhatIfReport {
  readonly from: string;
  readonly to: string;
  readonly region: string | null;
  readonly partner: string | null;
  readonly candidate: { readonly version: number; readonly hash: string };
  /** Hashes of the versions that decided in reality. */
  readonly decidedBy: readonly string[];
  readonly transactions: {
    /** Inputs within the range, those that the filter leaves out included. */
    readonly played: number;
    readonly compared: number;
    readonly changed: number;
    readonly newlyAccepted: number;
    readonly newlyRejected: number;
    /** Came out otherwise than recorded when played again under their own version. */
    readonly drifted: number;
  };
  /** Between the first and the last input, in milliseconds. */
  readonly span: number;
  /** Money in minor units, by currency. */
  readonly money: readonly ({ readonly currency: string } & Readonly<
    Record<MoneyFigure, Figure>
  >)[];
  /** In points, by type. `liability` is what members own more at the end than at the start. */
  readonly points: readonly ({ readonly type: string } & Readonly<Record<PointsFigure, Figure>>)[];
  /** The same liability over all types, in minor units of the programme's currency. */
  readonly liability: Figure;
  readonly partners: readonly PartnerCost[];
  readonly promotions: readonly PromotionFigures[];
  readonly members: Readonly<Record<'affected' | 'better' | 'worse', number>>;
  readonly budgets: readonly BudgetRow[];
  readonly exhausted: readonly ExhaustedRow[];
  readonly largest: readonly LargeChange[];
}

/** What a partner pays: its share of discounts, and the worth of the points that it issues. */
export interface PartnerCost {
  /** '' is the programme itself. */
  readonly partner: string;
  readonly contributed: readonly ({ readonly currency: string } & Figure)[];
  readonly issued: readonly ({ readonly type: string } & Figure)[];
  /** Worth of the points, in minor units of the programme's currency. */
  readonly pointsCost: Figure;
}

export interface PromotionFigures {
  readonly promotion: string;
  readonly discount: readonly ({ readonly currency: string } & Figure)[];
  readonly points: readonly ({ readonly type: string } & Figure)[];
}

export interface BudgetRow {
  readonly budget: string;
  /** `uses`, `units`, `discount` or `points`. */
  readonly of: string;
  readonly limit: { readonly before: number | null; readonly after: number | null };
  /** Spent since the budget began, at the end of the range. */
  readonly used: Figure;
}

/** When a budget first had nothing left for a promotion; null: it never had nothing. */
export interface ExhaustedRow {
  readonly promotion: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Played {
  readonly comparison: Comparison;
  readonly leases: { readonly before: readonly Lease[]; readonly after: readonly Lease[] };
  readonly seen: readonly string[];
  readonly span: number;
  readonly inputs: number;
}

export function reportOf(question: WhatIfQuestion, played: Played): WhatIfReport {
  const { comparison: at, leases, seen, span, inputs } = played;
  const { from, to, filter, candidate, version } = question;
  const { worthOf, scaleOf } = worthBy(candidate.tree);
  const points = table(at, 'points', POINTS, (type) => 1 / scaleOf(type));
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    region: filter.region ?? null,
    partner: filter.partner ?? null,
    candidate: { version, hash: candidate.tree.hash },
    decidedBy: seen,
    transactions: {
      played: inputs,
      compared: at.compared,
      changed: at.changed,
      newlyAccepted: at.newlyAccepted,
      newlyRejected: at.newlyRejected,
      drifted: at.drifted,
    },
    span,
    money: table(at, 'money', MONEY, () => 1).map(({ name, ...row }) => ({
      currency: name,
      ...row,
    })),
    points: points.map(({ name, ...row }) => ({ type: name, ...row })),
    liability: sumOf(
      points.map(({ name, liability }) => inMoney(liability, name, { worthOf, scaleOf })),
    ),
    partners: partnersOf(at, { worthOf, scaleOf }),
    promotions: promotionsOf(at, scaleOf),
    members: membersOf(at, worthOf),
    budgets: budgetsOf(leases),
    exhausted: exhaustedOf(at.exhausted),
    largest: at.largest,
  };
}

function figure(before: number, change: number): Figure {
  return { before, after: before + change, change };
}

function sumOf(figures: readonly Figure[]): Figure {
  return figures.reduce(
    (sum, each) => figure(sum.before + each.before, sum.change + each.change),
    figure(0, 0),
  );
}

function inMoney(points: Figure, type: string, { worthOf, scaleOf }: PointWorth): Figure {
  const steps = scaleOf(type);
  const before = worthOf(type, Math.round(points.before * steps));
  return figure(before, worthOf(type, Math.round(points.after * steps)) - before);
}

/** One row for each name, with all its figures. */
function table<F extends string>(
  at: Comparison,
  list: 'money' | 'points',
  figures: readonly F[],
  unit: (name: string) => number,
): readonly ({ readonly name: string } & Readonly<Record<F, Figure>>)[] {
  const [before, change] = [at.before[list], at.change[list]];
  const names = new Set([...before.entries(), ...change.entries()].map(([key]) => partsOf(key)[0]));
  return [...names].flatMap((name = '') => {
    const rows = figures.map((of): [F, Figure] => {
      const key = `${name}\n${of}`;
      return [of, figure(before.of(key) * unit(name), change.of(key) * unit(name))];
    });
    // All figures are there, by the line above.
    const row = Object.fromEntries(rows) as Record<F, Figure>;
    const isEmpty = rows.every(([, each]) => each.before === 0 && each.change === 0);
    return isEmpty ? [] : [{ name, ...row }];
  });
}

/** Figures of one kind by their owner: `[owner, kind, unit]`. */
function owned(before: Amounts, change: Amounts, kind: string) {
  const rows = new Map<string, { readonly unit: string; readonly figure: Figure }[]>();
  const keys = new Set([...before.entries(), ...change.entries()].map(([key]) => key));
  for (const key of [...keys].sort()) {
    const [owner = '', of, unit = ''] = partsOf(key);
    if (of !== kind) continue;
    const row = { unit, figure: figure(before.of(key), change.of(key)) };
    rows.set(owner, [...(rows.get(owner) ?? []), row]);
  }
  return rows;
}

function scaled({ before, after, change }: Figure, by: number): Figure {
  return { before: before / by, after: after / by, change: change / by };
}

function partnersOf(at: Comparison, { worthOf, scaleOf }: PointWorth): readonly PartnerCost[] {
  const [before, change] = [at.before.partners, at.change.partners];
  const money = owned(before, change, 'contributed');
  const points = owned(before, change, 'issued');
  const rows = [...new Set([...money.keys(), ...points.keys()])].map((partner): PartnerCost => {
    const issued = points.get(partner) ?? [];
    return {
      partner,
      contributed: (money.get(partner) ?? []).map((row) => ({ currency: row.unit, ...row.figure })),
      issued: issued.map((row) => ({ type: row.unit, ...scaled(row.figure, scaleOf(row.unit)) })),
      pointsCost: sumOf(
        issued.map(({ unit, figure: { before: was, after } }) =>
          figure(worthOf(unit, was), worthOf(unit, after) - worthOf(unit, was)),
        ),
      ),
    };
  });
  const weight = ({ contributed, pointsCost }: PartnerCost): number =>
    contributed.reduce((sum, { change: by }) => sum + Math.abs(by), Math.abs(pointsCost.change));
  return rows.sort((a, b) => weight(b) - weight(a)).slice(0, ROWS_MAX);
}

function promotionsOf(
  at: Comparison,
  scaleOf: (type: string) => number,
): readonly PromotionFigures[] {
  const [before, change] = [at.before.promotions, at.change.promotions];
  const money = owned(before, change, 'discount');
  const points = owned(before, change, 'points');
  const rows = [...new Set([...money.keys(), ...points.keys()])].map((promotion) => ({
    promotion,
    discount: (money.get(promotion) ?? []).map((row) => ({ currency: row.unit, ...row.figure })),
    points: (points.get(promotion) ?? []).map((row) => ({
      type: row.unit,
      ...scaled(row.figure, scaleOf(row.unit)),
    })),
  }));
  const weight = ({ discount, points: earned }: PromotionFigures): number =>
    [...discount, ...earned].reduce((sum, { change: by }) => sum + Math.abs(by), 0);
  return rows.sort((a, b) => weight(b) - weight(a)).slice(0, ROWS_MAX);
}

/** Members whose discounts or points come out otherwise over the whole range. */
function membersOf(at: Comparison, worthOf: PointWorth['worthOf']): WhatIfReport['members'] {
  const gains = new Map<string, number>();
  for (const [key, amount] of at.change.members.entries()) {
    const [member = '', of, unit = ''] = partsOf(key);
    const gain = of === 'points' ? worthOf(unit, amount) : amount;
    gains.set(member, (gains.get(member) ?? 0) + gain);
  }
  const all = [...gains.values()];
  return {
    affected: all.length,
    better: all.filter((gain) => gain > 0).length,
    worse: all.filter((gain) => gain < 0).length,
  };
}

function budgetsOf({ before, after }: Played['leases']): readonly BudgetRow[] {
  const [old, now] = [byName(before), byName(after)];
  const rows = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((budget) => {
    const [was, is] = [old.get(budget), now.get(budget)];
    return DIMENSIONS.flatMap((of, place): BudgetRow[] => {
      const limit = { before: was?.limits[place] ?? null, after: is?.limits[place] ?? null };
      if (limit.before === null && limit.after === null) return [];
      const [spent, would] = [was?.used[place] ?? 0, is?.used[place] ?? 0];
      return [{ budget, of, limit, used: figure(spent, would - spent) }];
    });
  });
  return rows.sort((a, b) => Math.abs(b.used.change) - Math.abs(a.used.change)).slice(0, ROWS_MAX);
}

function byName(leases: readonly Lease[]): ReadonlyMap<string, Lease> {
  return new Map(leases.map((lease) => [lease.budget, lease]));
}

function exhaustedOf(at: { readonly before: Exhausted; readonly after: Exhausted }) {
  const shown = (when: Instant | undefined): string | null =>
    when === undefined ? null : formatInstant(when);
  return [...new Set([...at.before.keys(), ...at.after.keys()])].map((promotion) => ({
    promotion,
    before: shown(at.before.get(promotion)),
    after: shown(at.after.get(promotion)),
  }));
}
