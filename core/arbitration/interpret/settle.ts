import { minorUnits } from '../../money/units.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import type { Decision, LineAward, LineDecision, NotApplied, Totals } from '../decision.ts';
import { cappedOut } from './acceptance.ts';
import { type Accruals, accrue } from './accrual.ts';
import type { Case } from './case.ts';
import { contributionsOf } from './contribution.ts';
import type { Run } from './decide.ts';
import { extrasOf } from './extras.ts';
import { capUsage } from './partner-caps.ts';
import { type Payments, pay } from './payment.ts';
import { roundOrder } from './round-order.ts';
import { changesPrices, type Effect, goodsOf, type State, sum } from './state.ts';
import { usageOf } from './usage-delta.ts';

/**
 * After the tree: order price rounding, payment with points, accrual on the paid base, texts and
 * codes, and what all of it consumes of limits. Nothing here competes any more.
 */
export function settle(at: Case, { state: priced, notes }: Run): Decision {
  const state = roundOrder(at, priced);
  const payments = pay(at, state);
  const accruals = accrue(at, state, payments);
  const applied = appliedBy(at, { state, payments, accruals });
  const reasons = new Map(notes.map((note) => [note.promotion, note.reason]));
  const extras = extrasOf(at, state, applied);
  return {
    totals: totalsOf(at, state, payments),
    lines: at.lines.map((_, slot) => lineOf(at, slot, { state, payments })),
    deliveryAwards: awardsIn(state, state.net.length - 1),
    accruals: accruals.list,
    redemptions: payments.list,
    contributions: contributionsOf(at, state),
    texts: extras.texts,
    codes: extras.codes,
    notApplied: notApplied(
      at,
      applied,
      (promotion) =>
        reasons.get(promotion) ?? whyCapped(at, promotion, { state, payments, accruals }),
    ),
    usage: [
      ...usageOf(at, { applied, state, accruals }),
      ...capUsage(at, { accruals: accruals.list, redemptions: payments.list }),
    ],
  };
}

/** Everything that was settled, for those who look back at it. */
export interface Settled {
  readonly state: State;
  readonly payments: Payments;
  readonly accruals: Accruals;
}

/** The promotions that did something in the end, in order of evaluation. */
function appliedBy(at: Case, { state, payments, accruals }: Settled): readonly NormalPromotion[] {
  const paying = new Set(payments.list.map((one) => one.promotion));
  const granting = new Set(accruals.list.map((one) => one.promotion));
  const did = new Set(
    state.effects.filter((effect) => lasts(effect, at)).map((effect) => effect.promotion),
  );
  return at.rules.promotions.filter(
    (promotion) => did.has(promotion) || paying.has(promotion.id) || granting.has(promotion.id),
  );
}

/** Whether an effect by itself makes its promotion one that applied. */
export function lasts(effect: Effect, at: Case): boolean {
  if (at.rules.settings.noEffect === 'force') return true;
  const { benefit } = effect;
  if (changesPrices(benefit) || benefit.kind === 'round') {
    return effect.applied.some((amount) => amount !== 0);
  }
  return benefit.kind === 'text' || benefit.kind === 'issue-code' || benefit.kind === 'top-up';
}

function notApplied(
  at: Case,
  applied: readonly NormalPromotion[],
  reasonOf: (promotion: NormalPromotion) => string | undefined,
): readonly NotApplied[] {
  const did = new Set(applied);
  return at.rules.promotions
    .filter((promotion) => !did.has(promotion))
    .map((promotion) => ({
      promotion: promotion.id,
      reason: reasonOf(promotion) ?? 'no-effect',
    }));
}

function whyCapped(
  at: Case,
  promotion: NormalPromotion,
  { state, payments, accruals }: Settled,
): string | undefined {
  const done = { accruals: accruals.list, redemptions: payments.list };
  for (const effect of state.effects) {
    const why = effect.promotion === promotion ? cappedOut(at, effect, done) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

function totalsOf(at: Case, state: State, payments: Payments): Totals {
  const { delivery } = at.input.checkout;
  const gross = at.initialTotal;
  const goods = goodsOf(state.net);
  const deliveryNet = state.net.at(-1) ?? 0;
  const paidWithPoints = sum(payments.paid);
  return {
    gross: minorUnits(gross),
    discount: minorUnits(gross - goods),
    delivery,
    deliveryDiscount: minorUnits(delivery - deliveryNet),
    paidWithPoints: minorUnits(paidWithPoints),
    payable: minorUnits(goods + deliveryNet - paidWithPoints),
  };
}

function lineOf(
  at: Case,
  slot: number,
  { state, payments }: { state: State; payments: Payments },
): LineDecision {
  const line = at.lines[slot];
  const gross = line?.gross ?? minorUnits(0);
  const net = state.net[slot] ?? 0;
  return {
    id: line?.id ?? '',
    gross,
    discount: minorUnits(gross - net),
    net: minorUnits(net),
    paidWithPoints: minorUnits(payments.paid[slot] ?? 0),
    awards: awardsIn(state, slot),
  };
}

function awardsIn({ effects }: State, slot: number): readonly LineAward[] {
  return effects
    .filter((effect) => (effect.requested[slot] ?? 0) !== 0 || (effect.applied[slot] ?? 0) !== 0)
    .map(({ promotion, benefit, requested, applied }) => ({
      promotion: promotion.id,
      benefit: benefit.kind,
      requested: requested[slot] ?? 0,
      applied: applied[slot] ?? 0,
    }));
}
