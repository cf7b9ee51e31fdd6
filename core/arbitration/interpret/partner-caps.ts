import { minorUnits, points } from '../../money/units.ts';
import type { PartnerCap } from '../../rules/normal.ts';
import type { Accrual, BudgetLimits, Redemption, UsageDelta } from '../decision.ts';
import type { Case } from './case.ts';
import { sum } from './state.ts';

/**
 * The most points that a partner gives or takes in a period, over all members. A cap is a shared
 * budget like that of a promotion: the ledger spends it through leases. Caps clip, they never
 * refuse: who comes when nothing is left buys without them.
 */

/** What of a partner's points is meant. */
export interface Capped {
  readonly of: PartnerCap['of'];
  readonly partner: string;
  readonly type: string;
}

/** Points that caps still let a partner give or take. `undefined` = it has no cap of the kind. */
export function leftOfCaps(at: Case, capped: Capped): number | undefined {
  let left: number | undefined;
  for (const cap of capsOf(at, capped)) {
    const { points: rest } = at.input.usage.budget(keyOf(at, capped.partner, cap), limitsOf(cap));
    left = Math.max(0, Math.min(left ?? rest, rest));
  }
  return left;
}

/** Points of a type that a partner has issued in this checkout so far. */
export function issuedBy({ partner, type }: Capped, soFar: readonly Accrual[]): number {
  const own = soFar.filter((one) => one.issuer === partner && one.type === type);
  return sum(own.map((one) => one.points));
}

/** Points of a type that a partner has accepted in this checkout so far. */
export function acceptedBy(
  at: Case,
  { partner, type }: Capped,
  soFar: readonly Redemption[],
): number {
  const own = soFar.filter((one) => one.type === type);
  return sum(own.map((one) => sum(one.pointShares.filter((_, slot) => soldBy(at, slot, partner)))));
}

/** Whether a partner sold a line. */
export function soldBy(at: Case, slot: number, partner: string): boolean {
  return sellerOf(at, slot) === partner;
}

/** The partner who sold a line. */
export function sellerOf(at: Case, slot: number): string | undefined {
  return at.lines[slot]?.partner ?? at.place.partner;
}

/** The partners of a checkout who take no more than so many points of a type. */
export function cappedSellers(at: Case, type: string): readonly Capped[] {
  const sellers = new Set(at.lines.map((_, slot) => sellerOf(at, slot) ?? ''));
  return [...sellers]
    .map((partner): Capped => ({ of: 'accepted', partner, type }))
    .filter((capped) => capsOf(at, capped).length > 0);
}

/** Whether a partner caps anything at all. */
export function hasCaps(at: Case, partner: string | undefined): boolean {
  return partner !== undefined && (at.partners.get(partner)?.caps.length ?? 0) > 0;
}

/** What a checkout consumes of the caps of partners. */
export function capUsage(
  at: Case,
  done: { readonly accruals: readonly Accrual[]; readonly redemptions: readonly Redemption[] },
): readonly UsageDelta[] {
  const { accruals, redemptions } = done;
  if (accruals.length === 0 && redemptions.length === 0) return NO_USAGE;
  const deltas: UsageDelta[] = [];
  for (const { issuer: partner, type } of accruals) {
    if (partner === undefined) continue;
    const capped: Capped = { of: 'issued', partner, type };
    addUsage(deltas, at, { capped, amount: issuedBy(capped, accruals) });
  }
  for (const { type } of redemptions) {
    for (const capped of cappedSellers(at, type)) {
      addUsage(deltas, at, { capped, amount: acceptedBy(at, capped, redemptions) });
    }
  }
  return deltas;
}

const NO_USAGE: readonly UsageDelta[] = [];

function addUsage(
  deltas: UsageDelta[],
  at: Case,
  { capped, amount }: { readonly capped: Capped; readonly amount: number },
): void {
  if (amount === 0) return;
  for (const cap of capsOf(at, capped)) {
    const key = keyOf(at, capped.partner, cap);
    if (deltas.some((delta) => delta.key === key)) continue;
    const nothing = { uses: 0, units: 0, discount: minorUnits(0) };
    const { until } = at.counters.windowOf(cap.per);
    deltas.push({ scope: 'programme', key, ...nothing, points: points(amount), until });
  }
}

function capsOf(at: Case, { of, partner, type }: Capped): readonly PartnerCap[] {
  const caps = at.partners.get(partner)?.caps ?? NO_CAPS;
  return caps.length === 0 ? caps : caps.filter((cap) => cap.of === of && cap.type === type);
}

const NO_CAPS: readonly PartnerCap[] = [];

function keyOf(at: Case, partner: string, { of, type, per }: PartnerCap): string {
  const { name } = at.counters.windowOf(per);
  return `cap:${of}:${partner}:${type}|${name}`;
}

function limitsOf({ points: most }: PartnerCap): BudgetLimits {
  return { uses: undefined, units: undefined, discount: undefined, points: most };
}
