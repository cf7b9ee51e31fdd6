import { totalsOf } from '../../core/layout/rows/money-totals.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { isMembers, type Movement, type Transfer } from '../../core/ledger/transfer.ts';
import { soldBy } from '../../core/outcome/outcome.ts';

/** Amounts by a name; what is not there is zero. */
export class Amounts {
  readonly #amounts = new Map<string, number>();

  add(name: string, amount: number): void {
    if (amount === 0) return;
    const sum = (this.#amounts.get(name) ?? 0) + amount;
    if (sum === 0) this.#amounts.delete(name);
    else this.#amounts.set(name, sum);
  }

  of(name: string): number {
    return this.#amounts.get(name) ?? 0;
  }

  addAll(others: Amounts, sign: 1 | -1 = 1): void {
    for (const [name, amount] of others.#amounts) this.add(name, sign * amount);
  }

  get isNothing(): boolean {
    return this.#amounts.size === 0;
  }

  entries(): readonly (readonly [name: string, amount: number])[] {
    return [...this.#amounts];
  }
}

/** Money is counted by its currency, points by their type: `KZT discount`, `main accrued`. */
export const MONEY = [
  'gross',
  'discount',
  'deliveryDiscount',
  'paidWithPoints',
  'payable',
] as const;
export const POINTS = ['accrued', 'redeemed', 'expired', 'liability'] as const;
export type MoneyFigure = (typeof MONEY)[number];
export type PointsFigure = (typeof POINTS)[number];

/** Names have no control characters, so no part can pretend to be two. */
const SEPARATOR = '\n';
export const named = (...parts: readonly string[]): string => parts.join(SEPARATOR);
export const partsOf = (name: string): readonly string[] => name.split(SEPARATOR);

/** What one input brought about, in figures that can be added up. */
export interface Effects {
  /** `[currency, figure]` */
  readonly money: Amounts;
  /** `[point type, figure]` */
  readonly points: Amounts;
  /** `[promotion, 'discount', currency]` or `[promotion, 'points', type]` */
  readonly promotions: Amounts;
  /** `[partner, 'contributed', currency]` or `[partner, 'issued', type]`; '' is the programme */
  readonly partners: Amounts;
  /** `[member, 'discount', currency]` or `[member, 'points', type]` */
  readonly members: Amounts;
}

export function noEffects(): Effects {
  return {
    money: new Amounts(),
    points: new Amounts(),
    promotions: new Amounts(),
    partners: new Amounts(),
    members: new Amounts(),
  };
}

const LISTS = ['money', 'points', 'promotions', 'partners', 'members'] as const;

/** Adds effects up, or takes them away. */
export function addEffects(sum: Effects, others: Effects, sign: 1 | -1 = 1): void {
  for (const list of LISTS) sum[list].addAll(others[list], sign);
}

export function isNothing(effects: Effects): boolean {
  return LISTS.every((list) => effects[list].isNothing);
}

/** Benefits whose awards are points; they are counted where the ledger moves them. */
const POINT_BENEFITS: ReadonlySet<string> = new Set(['points', 'multiply-points', 'top-up']);
const PAY_WITH_POINTS = 'pay-with-points';

/** Adds what a record brought about. A return counts against what it takes back. */
export function addRecord(sum: Effects, record: LedgerRecord): void {
  const { outcome, currency, member } = record;
  if (outcome.status === 'rejected') return;
  const totals = totalsOf(outcome);
  for (const figure of MONEY) sum.money.add(named(currency, figure), totals[figure]);
  const lowered = totals.discount + totals.deliveryDiscount;
  if (member !== '') sum.members.add(named(member, 'discount', currency), lowered);

  const decision = soldBy(outcome);
  for (const { awards } of [
    ...(decision?.lines ?? []),
    { awards: decision?.deliveryAwards ?? [] },
  ]) {
    for (const { promotion, benefit, applied } of awards) {
      if (POINT_BENEFITS.has(benefit) || benefit === PAY_WITH_POINTS) continue;
      sum.promotions.add(named(promotion, 'discount', currency), applied);
    }
  }
  for (const { awards } of outcome.reversal?.lines ?? []) {
    for (const { promotion, benefit, amount } of awards) {
      if (POINT_BENEFITS.has(benefit) || benefit === PAY_WITH_POINTS) continue;
      sum.promotions.add(named(promotion, 'discount', currency), -amount);
    }
  }
  for (const { partner, amount } of decision?.contributions ?? []) {
    sum.partners.add(named(partner, 'contributed', currency), amount);
  }
  for (const { partner, amount } of outcome.reversal?.contributions ?? []) {
    sum.partners.add(named(partner, 'contributed', currency), -amount);
  }
  for (const move of record.transfers) addTransfer(sum, move);
}

/** How movements count; what only changes hands counts nowhere but in what members own. */
const SIGNS: { readonly [movement in Movement]?: readonly [PointsFigure, 1 | -1] } = {
  accrual: ['accrued', 1],
  'initial-balance': ['accrued', 1],
  'accrual-reversal': ['accrued', -1],
  redemption: ['redeemed', 1],
  'redemption-reversal': ['redeemed', -1],
  expiry: ['expired', 1],
  forfeit: ['expired', 1],
};
const ISSUED = 'issued:';

function addTransfer(sum: Effects, move: Transfer): void {
  const { movement, from, to, unit, points, promotion } = move;
  const counted = SIGNS[movement];
  if (counted) sum.points.add(named(unit, counted[0]), counted[1] * points);
  owns(sum, { account: from, unit, points: -points });
  owns(sum, { account: to, unit, points });
  const issued = issuedBy(from, points) ?? issuedBy(to, -points);
  if (!issued) return;
  sum.partners.add(named(issued.partner, 'issued', unit), issued.points);
  if (promotion !== '') sum.promotions.add(named(promotion, 'points', unit), issued.points);
}

function owns(
  sum: Effects,
  side: { readonly account: string; readonly unit: string; readonly points: number },
): void {
  const { account, unit, points } = side;
  if (!isMembers(account)) return;
  sum.points.add(named(unit, 'liability'), points);
  sum.members.add(named(account.slice(account.indexOf(':') + 1), 'points', unit), points);
}

function issuedBy(account: string, points: number) {
  if (!account.startsWith(ISSUED)) return undefined;
  const partner = account.slice(ISSUED.length);
  return { partner: partner === 'programme' ? '' : partner, points };
}
