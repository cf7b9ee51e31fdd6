import { type MinorUnits, minorUnits } from '../../money/units.ts';
import type { Bits } from '../../rules/candidates/bits.ts';
import type { Accrual, Decision, LineAward, LineDecision } from '../decision.ts';
import { cappedOut } from '../interpret/acceptance.ts';
import type { Case } from '../interpret/case.ts';
import { capUsage } from '../interpret/partner-caps.ts';
import { type Payments, pay } from '../interpret/payment.ts';
import { roundOrder } from '../interpret/round-order.ts';
import { lasts } from '../interpret/settle.ts';
import type { State } from '../interpret/state.ts';
import { accruedBy } from './accrual.ts';
import { consumedBy } from './consumption.ts';
import { contributedBy } from './contribution.ts';
import { extrasBy } from './extras.ts';
import type { PlannedPromotion } from './plan.ts';
import { reasonsFor, reasonsForAll } from './reasons.ts';
import type { Session } from './session.ts';

/** After the tree: the same steps as `interpret/settle.ts`, skipping those that nobody needs. */
export function settleSession(session: Session, running: Bits | undefined): Decision {
  const { at } = session;
  const needs = needsOf(session);
  const state: State = needs.rounding ? roundOrder(at, session) : session;
  const payments =
    needs.paying || at.input.checkout.pay !== undefined ? pay(at, state) : unpaid(session);
  const accruals = needs.points ? accruedBy(session, state, payments) : NONE;
  const applied = whoApplied(session, state, { payments, accruals });
  const prices = pricesOf(at, state, payments);
  const extras = extrasBy(session, state, applied);
  noteCaps(session, state, { accruals, redemptions: payments.list });
  const caps = capUsage(at, { accruals, redemptions: payments.list });
  return {
    totals: prices.totals,
    lines: prices.lines,
    deliveryAwards: prices.deliveryAwards,
    accruals,
    redemptions: payments.list,
    contributions: needs.partners ? contributedBy(at, state) : [],
    texts: extras.texts,
    codes: extras.codes,
    notApplied: running === undefined ? reasonsFor(session) : reasonsForAll(session, running),
    usage: withCaps(consumedBy(session, { applied, state, accruals }), caps),
  };
}

const NONE: readonly Accrual[] = [];

/** Says which promotions came to nothing because a partner gives, or takes, no more points. */
function noteCaps(
  session: Session,
  { effects }: State,
  done: Pick<Decision, 'accruals' | 'redemptions'>,
): void {
  const { notes, applied } = session;
  for (const effect of effects) {
    const { position } = effect.promotion;
    if (applied[position] === 1 || notes[position] !== undefined) continue;
    const why = cappedOut(session.at, effect, done);
    if (why !== undefined) notes[position] = why;
  }
}

function withCaps(usage: Decision['usage'], caps: Decision['usage']): Decision['usage'] {
  return caps.length === 0 ? usage : [...usage, ...caps];
}

function unpaid({ zeros }: Session): Payments {
  return { list: [], paid: zeros };
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

/**
 * Marks the promotions that did something in the end, and gives those of them that bring more
 * with them than effects, in order of evaluation.
 */
function whoApplied(
  session: Session,
  { effects }: State,
  { payments, accruals }: { payments: Payments; accruals: readonly Accrual[] },
): readonly PlannedPromotion[] {
  const marks = session.applied;
  for (const effect of effects) {
    const { position, id } = effect.promotion;
    if (marks[position] === 1) continue;
    const did = lasts(effect, session.at) || isAmong(accruals, id) || isAmong(payments.list, id);
    if (did) marks[position] = 1;
  }
  let applied: PlannedPromotion[] | undefined;
  for (const position of session.live) {
    const planned = marks[position] === 1 ? session.plan.promotions[position] : undefined;
    if (planned === undefined || !session.bodyOf(planned).bringsMore) continue;
    applied ??= [];
    applied.push(planned);
  }
  return applied ?? NOBODY;
}

const NOBODY: readonly PlannedPromotion[] = [];

function isAmong(
  list: readonly { readonly promotion: string | undefined }[],
  promotion: string,
): boolean {
  for (const one of list) if (one.promotion === promotion) return true;
  return false;
}

type Prices = Pick<Decision, 'totals' | 'lines' | 'deliveryAwards'>;

const NO_AWARDS: readonly LineAward[] = [];

function pricesOf(at: Case, state: State, payments: Payments): Prices {
  const last = at.lines.length;
  const awards = awardsBySlot(state);
  const lines = new Array<LineDecision>(last);
  let goods = 0;
  let paid = 0;
  for (let slot = 0; slot < last; slot += 1) {
    const line = at.lines[slot];
    if (line === undefined) continue;
    const net = state.net[slot] ?? 0;
    const byPoints = payments.paid[slot] ?? 0;
    goods += net;
    paid += byPoints;
    lines[slot] = {
      id: line.id,
      gross: line.gross,
      discount: minorUnits(line.gross - net),
      net: minorUnits(net),
      paidWithPoints: minorUnits(byPoints),
      awards: awards[slot] ?? NO_AWARDS,
    };
  }
  return {
    totals: totalsOf(at, { goods, paid, state }),
    lines,
    deliveryAwards: awards[last] ?? NO_AWARDS,
  };
}

/** What each slot was asked for and gave; slots without awards have none. */
function awardsBySlot({ effects, net }: State): readonly (LineAward[] | undefined)[] {
  const awards = new Array<LineAward[] | undefined>(net.length);
  for (const { promotion, benefit, requested, applied, from, to } of effects) {
    for (let slot = from ?? 0; slot < (to ?? requested.length); slot += 1) {
      const asked = requested[slot] ?? 0;
      const given = applied[slot] ?? 0;
      if (asked === 0 && given === 0) continue;
      const { id } = promotion;
      const award = { promotion: id, benefit: benefit.kind, requested: asked, applied: given };
      const known = awards[slot];
      if (known === undefined) awards[slot] = [award];
      else known.push(award);
    }
  }
  return awards;
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
