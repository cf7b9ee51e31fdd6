import type { Benefit, PointsBenefit } from '../../rules/benefit.ts';
import { type Borne, clip, redistribute } from '../../rules/benefits/bear.ts';
import { bearableBy, moneyOf } from '../../rules/benefits/portion.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import { askOf } from '../interpret/ask.ts';
import { type Basket, timesOf } from '../interpret/asks/basket.ts';
import { baseOf } from '../interpret/base.ts';
import { floorsWith, takeDown } from '../interpret/caps.ts';
import { moneyLeft, pointsOn } from '../interpret/points.ts';
import {
  isFelt,
  isRefusedPart,
  isWithoutLines,
  pointsProblem,
  redistributes,
  type Turn,
  whyNothing,
  withinOwnLimits,
} from '../interpret/promotion.ts';
import type { Effect } from '../interpret/state.ts';
import { clampToPrices } from '../interpret/sum.ts';
import { withinUnitLimits } from '../interpret/units.ts';
import { pointsAtPresent, worthOf } from '../interpret/worth.ts';
import type { Selection } from '../language.ts';
import type { PlannedBenefit, PlannedBody, PlannedPromotion } from './plan.ts';
import { quickly } from './quick-asks.ts';
import type { Session } from './session.ts';

/** Stands for "worth something" where nobody compares candidates. */
const SOMETHING: readonly number[] = [1];

/** Lets a promotion do at the present level what it can, and applies it. */
export function runPromotion(session: Session, planned: PlannedPromotion): void {
  const body = session.bodyOf(planned);
  const benefits = session.level === 'product' ? body.product : body.order;
  if (benefits.length === 0) return;
  const refused = session.verdict(planned) ?? admitted(session, planned);
  if (refused !== undefined) {
    session.note(planned, refused);
    return;
  }
  const above = session.floors;
  const { minPrice } = body.body.limits;
  if (minPrice !== undefined)
    session.floors = floorsWith(above, body.body.limits, session.at.lines);
  const [only] = benefits;
  const done =
    benefits.length === 1 && only !== undefined
      ? runOne(session, { planned, body, planned1: only })
      : runSeveral(session, { planned, body, benefits });
  session.floors = above;
  if (typeof done === 'string') session.note(planned, done);
  else for (const effect of done) session.apply(effect);
}

/** Why a promotion may not join what has applied so far; nothing to ask in most rule sets. */
function admitted(session: Session, { promotion, isWary }: PlannedPromotion): string | undefined {
  const { plan, at, effects } = session;
  const suppressed = at.suppressed.size === 0 ? undefined : at.suppressed.get(promotion);
  if (suppressed !== undefined || !isWary) return suppressed;
  return plan.compatibility.admission(promotion, effects);
}

/** The common case: one benefit at the level. */
function runOne(
  session: Session,
  {
    planned,
    body,
    planned1,
  }: { planned: PlannedPromotion; body: PlannedBody; planned1: PlannedBenefit },
): readonly Effect[] | string {
  const part = runBenefit(session, planned, { body, one: planned1 });
  if (typeof part === 'string') return part;
  const { limits } = body.body;
  const { partial } = session.at.rules.settings;
  const isPlain =
    limits.maxDiscount === undefined && limits.budget === undefined && partial === 'allow';
  if (isPlain) return isFelt(part, session.at) ? [part] : whyNothing([part], [part]);
  return finish(session, { planned, body, done: [part], problem: undefined });
}

function runSeveral(
  session: Session,
  {
    planned,
    body,
    benefits,
  }: { planned: PlannedPromotion; body: PlannedBody; benefits: readonly PlannedBenefit[] },
): readonly Effect[] | string {
  const mark = session.mark();
  const parts: Effect[] = [];
  let problem: string | undefined;
  for (const one of benefits) {
    const part = runBenefit(session, planned, { body, one });
    if (typeof part === 'string') {
      problem ??= part;
      continue;
    }
    parts.push(part);
    if (body.body.mode === 'sequential') session.apply(part);
  }
  session.backTo(mark);
  const done =
    body.body.mode === 'sequential' ? parts : clampToPrices([parts], session, session)[0];
  return finish(session, { planned, body, done: done ?? parts, problem });
}

/** The promotion's own limits, and whether anything is left. */
function finish(
  session: Session,
  {
    planned,
    body,
    done,
    problem,
  }: {
    planned: PlannedPromotion;
    body: PlannedBody;
    done: readonly Effect[];
    problem: string | undefined;
  },
): readonly Effect[] | string {
  const turn: Turn = { promotion: planned.promotion, body: body.body, frame: session };
  const capped = withinOwnLimits(done, session, turn);
  if (isRefusedPart(capped, body.body, session.at)) {
    return 'partial-not-allowed';
  }
  const effects = capped.filter((effect) => isFelt(effect, session.at));
  return effects.length > 0 ? effects : (problem ?? whyNothing(done, capped));
}

function runBenefit(
  session: Session,
  { promotion }: PlannedPromotion,
  { body, one }: { body: PlannedBody; one: PlannedBenefit },
): Effect | string {
  const { at } = session;
  const { benefit } = one;
  let selection = session.select(one.scope);
  if (body.limitsUnits) {
    const limits = { body: body.body, scopes: benefit.lines, at };
    const { units, bundles } = withinUnitLimits(selection, promotion, limits);
    selection = { units, bundles };
  }
  if (isEmpty(selection) && !isWithoutLines(benefit, at)) return 'no-eligible-line';
  if (benefit.timesBundles && selection.bundles === 0) return 'no-eligible-line';
  const problem = pointsProblem(benefit, at);
  if (problem !== undefined) return problem;
  const { units, bundles } = selection;
  const { zeros } = session;
  if (!one.changesPrices) {
    const worth = weigh(session, benefit, selection);
    return { promotion, benefit, units, bundles, requested: zeros, applied: zeros, worth };
  }
  const isQuick = promotion.stacking.calculation === undefined;
  const borne =
    (isQuick ? quickly(session, benefit, selection) : undefined) ??
    bearAll(session, promotion, { benefit, selection });
  if (typeof borne === 'string') return borne;
  const { requested, applied } = borne;
  const worth = zeros;
  if (benefit.target !== 'lines') {
    return { promotion, benefit, units, bundles, requested, applied, worth };
  }
  const { from, to } = selection;
  return { promotion, benefit, units, bundles, requested, applied, worth, from, to };
}

function isEmpty({ units, to }: Selection): boolean {
  if (to !== undefined) return to === 0;
  for (let slot = 0; slot < units.length; slot += 1) if ((units[slot] ?? 0) > 0) return false;
  return true;
}

/** Points matter to arbitration only where candidates are compared, or when there are none. */
function weigh(session: Session, benefit: Benefit, selection: Selection): readonly number[] {
  if (benefit.kind !== 'points') return session.zeros;
  const basket: Basket = { at: session.at, net: session.net, selection };
  if (session.comparing > 0) return worthOf(benefit, basket, session);
  return grantsAny(session, benefit, basket) ? SOMETHING : session.zeros;
}

/** Whether any points would be granted at present prices. */
function grantsAny(session: Session, benefit: PointsBenefit, basket: Basket): boolean {
  const { at, net } = session;
  if (benefit.value.by === 'field') return pointsAtPresent(benefit, basket) > 0;
  const { units } = basket.selection;
  let base = 0;
  for (let slot = 0; benefit.target !== 'delivery' && slot < at.lines.length; slot += 1) {
    const selected = units[slot] ?? 0;
    const quantity = at.lines[slot]?.quantity ?? 0;
    if (selected > 0) base += moneyOf({ net: net[slot] ?? 0, units: selected, quantity });
  }
  if (benefit.target !== 'lines') base += net[at.lines.length] ?? 0;
  return pointsOn(base, benefit, at) * timesOf(benefit, basket.selection) > 0;
}

function bearAll(
  session: Session,
  promotion: NormalPromotion,
  { benefit, selection }: { benefit: Benefit; selection: Selection },
): Borne | string {
  const { at } = session;
  const base = baseOf(benefit, promotion, { state: session, at });
  const basket: Basket = { at, net: base, selection };
  const ask = askOf(benefit, basket);
  const room = capacities(session, benefit, selection);
  const borne = redistributes(benefit, at)
    ? redistribute(ask, room, at.money.residual)
    : clip(ask, room);
  if (benefit.kind !== 'pay-with-points') return borne;
  let wanted = 0;
  for (let slot = 0; slot < borne.applied.length; slot += 1) wanted += borne.applied[slot] ?? 0;
  const left = moneyLeft(benefit.type, session, at);
  if (left === 0) return 'points-insufficient';
  if (left >= wanted) return borne;
  if (at.rules.settings.shortBalance !== 'partial') return 'points-insufficient';
  const only = { applied: borne.applied } as Effect; // takeDown reads nothing else of an effect
  const slots = borne.applied.map((_, slot) => slot);
  const limit = { kind: 'balance', type: benefit.type } as const;
  const [part = []] = takeDown([[only]], { slots, allowed: left, way: 'pro-rata', limit }, at);
  return { requested: borne.requested, applied: part[0]?.applied ?? borne.applied };
}

function capacities(session: Session, benefit: Benefit, selection: Selection): readonly number[] {
  const { net, floors, at } = session;
  const room: number[] = [];
  for (let slot = 0; slot < net.length; slot += 1) {
    const price = net[slot] ?? 0;
    const own = Math.max(0, price - (floors[slot] ?? 0));
    const units = selection.units[slot] ?? 0;
    const quantity = at.lines[slot]?.quantity ?? 0;
    if (benefit.target === 'delivery') room.push(own);
    else room.push(units === 0 ? 0 : bearableBy({ net: price, units, quantity }, own));
  }
  return room;
}
