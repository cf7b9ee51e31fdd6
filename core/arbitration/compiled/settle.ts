import { type MinorUnits, minorUnits } from '../../money/units.ts';
import type { Decision, LineAward, LineDecision, NotApplied } from '../decision.ts';
import { type Accruals, accrue } from '../interpret/accrual.ts';
import type { Case } from '../interpret/case.ts';
import { contributionsOf } from '../interpret/contribution.ts';
import { extrasOf } from '../interpret/extras.ts';
import { type Payments, pay } from '../interpret/payment.ts';
import { roundOrder } from '../interpret/round-order.ts';
import { lasts } from '../interpret/settle.ts';
import type { State } from '../interpret/state.ts';
import { usageOf } from '../interpret/usage-delta.ts';
import type { PlannedPromotion } from './plan.ts';
import type { Session } from './session.ts';

/** After the tree: the same steps as `interpret/settle.ts`, skipping those that nobody needs. */
export function settleSession(
  session: Session,
  notAppliedOf: (isApplied: ReadonlySet<number>) => readonly NotApplied[],
): Decision {
  const { at } = session;
  const needs = needsOf(session);
  const state: State = needs.rounding ? roundOrder(at, session) : session;
  const payments =
    needs.paying || at.input.checkout.pay !== undefined ? pay(at, state) : unpaid(at);
  const accruals = needs.points ? accrue(at, state, payments) : NO_ACCRUALS;
  const { applied, isApplied, counters, riders } = whoApplied(session, state, {
    payments,
    accruals,
  });
  const promotions = applied.map(({ promotion }) => promotion);
  const extras = riders ? extrasOf(at, state, promotions) : NO_EXTRAS;
  return {
    ...pricesOf(at, state, payments),
    accruals: accruals.list,
    redemptions: payments.list,
    contributions: needs.partners ? contributionsOf(at, state) : [],
    texts: extras.texts,
    codes: extras.codes,
    notApplied: notAppliedOf(isApplied),
    usage: counters ? usageOf(at, { applied: promotions, state, accruals }) : [],
  };
}

const NO_ACCRUALS: Accruals = { list: [] };
const NO_EXTRAS = { texts: [], codes: [] };

function unpaid(at: Case): Payments {
  return { list: [], paid: new Array<number>(at.lines.length).fill(0) };
}

interface Needs {
  rounding: boolean;
  paying: boolean;
  points: boolean;
  partners: boolean;
}

function needsOf({ effects }: Session): Needs {
  const needs = { rounding: false, paying: false, points: false, partners: false };
  for (const { benefit, promotion } of effects) {
    if (benefit.kind === 'round') needs.rounding ||= benefit.target === 'order';
    else if (benefit.kind === 'pay-with-points') needs.paying = true;
    else if (benefit.kind === 'points') needs.points = true;
    needs.partners ||= benefit.kind === 'partner-discount' || promotion.type === 'partner-offer';
  }
  return needs;
}

interface Applied {
  readonly applied: readonly PlannedPromotion[];
  readonly isApplied: ReadonlySet<number>;
  readonly counters: boolean;
  readonly riders: boolean;
}

/** The promotions that did something in the end, in order of evaluation. */
function whoApplied(
  session: Session,
  { effects }: State,
  { payments, accruals }: { payments: Payments; accruals: Accruals },
): Applied {
  const isApplied = new Set<number>();
  const moved = new Set<string | undefined>();
  for (const { promotion } of payments.list) moved.add(promotion);
  for (const { promotion } of accruals.list) moved.add(promotion);
  for (const effect of effects) {
    const { promotion } = effect;
    if (moved.has(promotion.id) || lasts(effect, session.at)) isApplied.add(promotion.position);
  }
  const positions = [...isApplied].sort((one, two) => one - two);
  const applied = positions.flatMap((position) => session.plan.promotions[position] ?? []);
  const bodies = applied.map((planned) => session.bodyOf(planned));
  return {
    applied,
    isApplied,
    counters: bodies.some(({ hasCounters }) => hasCounters),
    riders: bodies.some(({ hasRiders }) => hasRiders),
  };
}

type Prices = Pick<Decision, 'totals' | 'lines' | 'deliveryAwards'>;

function pricesOf(at: Case, state: State, payments: Payments): Prices {
  const last = at.lines.length;
  const awards: LineAward[][] = [];
  for (let slot = 0; slot <= last; slot += 1) awards.push([]);
  for (const { promotion, benefit, requested, applied } of state.effects) {
    for (let slot = 0; slot <= last; slot += 1) {
      const asked = requested[slot] ?? 0;
      const given = applied[slot] ?? 0;
      if (asked === 0 && given === 0) continue;
      awards[slot]?.push({
        promotion: promotion.id,
        benefit: benefit.kind,
        requested: asked,
        applied: given,
      });
    }
  }
  const lines: LineDecision[] = [];
  let goods = 0;
  let paid = 0;
  for (let slot = 0; slot < last; slot += 1) {
    const line = at.lines[slot];
    if (line === undefined) continue;
    const net = state.net[slot] ?? 0;
    const byPoints = payments.paid[slot] ?? 0;
    goods += net;
    paid += byPoints;
    lines.push({
      id: line.id,
      gross: line.gross,
      discount: minorUnits(line.gross - net),
      net: minorUnits(net),
      paidWithPoints: minorUnits(byPoints),
      awards: awards[slot] ?? [],
    });
  }
  return {
    totals: totalsOf(at, { goods, paid, state }),
    lines,
    deliveryAwards: awards[last] ?? [],
  };
}

function totalsOf(
  at: Case,
  { goods, paid, state }: { goods: number; paid: number; state: State },
): Decision['totals'] {
  const delivery: MinorUnits = at.input.checkout.delivery;
  const deliveryNet = state.net[at.lines.length] ?? 0;
  return {
    gross: minorUnits(at.initialTotal),
    discount: minorUnits(at.initialTotal - goods),
    delivery,
    deliveryDiscount: minorUnits(delivery - deliveryNet),
    paidWithPoints: minorUnits(paid),
    payable: minorUnits(goods + deliveryNet - paid),
  };
}
