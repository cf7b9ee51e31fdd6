import type { Benefit } from '../../rules/benefit.ts';
import { type Borne, clip, redistribute, redistribution } from '../../rules/benefits/bear.ts';
import { bearableBy } from '../../rules/benefits/portion.ts';
import type { NormalPromotion, PromotionBody } from '../../rules/normal.ts';
import { decidingBenefits } from '../benefits.ts';
import { askOf } from './ask.ts';
import { type Basket, portionOf } from './asks/basket.ts';
import { baseOf } from './base.ts';
import { cappedParts, floorsWith, takeDown } from './caps.ts';
import { type Case, factsOf, isInactive, pointTypeOf } from './case.ts';
import { bodyOf, eligibility } from './eligibility.ts';
import { isOutOfRange, moneyLeft } from './points.ts';
import { admission } from './stacking.ts';
import {
  after,
  changesPrices,
  type Effect,
  type Level,
  levelOf,
  NOTHING,
  nothingBecause,
  type Result,
  type State,
  sum,
} from './state.ts';
import { clampToPrices } from './sum.ts';
import { withinUnitLimits } from './units.ts';
import { budgetLeft } from './usage.ts';
import { worthOf } from './worth.ts';

/** Where in the tree something is evaluated. */
export interface Frame {
  readonly at: Case;
  readonly level: Level;
  /** The least each slot may cost, by all nodes from here up. */
  readonly floors: readonly number[];
}

/** What a promotion does at a level, told the state it finds: its own small arbitration. */
export function evaluatePromotion(promotion: NormalPromotion, state: State, frame: Frame): Result {
  const { at } = frame;
  const body = bodyOf(promotion, at);
  const benefits = decidingBenefits(body).filter((benefit) => levelOf(benefit) === frame.level);
  if (benefits.length === 0) return NOTHING;
  const refused = eligibility(promotion, factsOf(at, state), at) ?? admission(promotion, state, at);
  if (refused !== undefined) return nothingBecause(promotion, refused);

  const floors = floorsWith(frame.floors, body.limits, at.lines);
  at.trace?.within(floors);
  const turn: Turn = { promotion, body, frame: { ...frame, floors } };
  const parts = runBenefits(benefits, state, turn);
  const problem = parts.find((part) => typeof part === 'string');
  const done = parts.filter((part) => typeof part !== 'string');
  const capped = withinOwnLimits(done, state, turn);
  if (isRefusedPart(capped, body, at)) {
    return nothingBecause(promotion, 'partial-not-allowed');
  }
  const effects = capped.filter((effect) => isFelt(effect, at));
  if (effects.length > 0) return { effects, notes: [] };
  return nothingBecause(promotion, problem ?? whyNothing(done, capped));
}

export interface Turn {
  readonly promotion: NormalPromotion;
  readonly body: PromotionBody;
  readonly frame: Frame;
}

/** Whether a promotion has anything to say at a level. */
export function actsAt(body: PromotionBody, level: Level): boolean {
  return decidingBenefits(body).some((benefit) => levelOf(benefit) === level);
}

/** In-promotion arbitration: each benefit on the result before it, or all on the same input. */
function runBenefits(
  benefits: readonly Benefit[],
  state: State,
  turn: Turn,
): readonly (Effect | string)[] {
  const parts: (Effect | string)[] = [];
  let seen = state;
  for (const benefit of benefits) {
    const part = runBenefit(benefit, seen, turn);
    parts.push(part);
    if (typeof part !== 'string' && turn.body.mode === 'sequential') seen = after(seen, [part]);
  }
  if (turn.body.mode === 'sequential') return parts;
  const effects = parts.filter((part) => typeof part !== 'string');
  const [clamped = []] = [clampToPrices([effects], state, turn.frame)].flat();
  return [...clamped, ...parts.filter((part) => typeof part === 'string')];
}

/** One benefit, or the reason why it does nothing. */
function runBenefit(benefit: Benefit, state: State, turn: Turn): Effect | string {
  const { promotion, body, frame } = turn;
  const { at } = frame;
  const found = at.language.select(benefit.lines, factsOf(at, state));
  const limits = { body, scopes: benefit.lines, at };
  const selection = withinUnitLimits(found, promotion, limits);
  if (sum(selection.units) === 0 && !isWithoutLines(benefit, at)) return 'no-eligible-line';
  if (benefit.timesBundles && selection.bundles === 0) return 'no-eligible-line';

  const problem = pointsProblem(benefit, at);
  if (problem !== undefined) return problem;
  const basket: Basket = { at, net: state.net, selection };
  const none = state.net.map(() => 0);
  const effect = { promotion, benefit, units: [...selection.units], bundles: selection.bundles };
  if (!changesPrices(benefit)) {
    const worth = worthOf(benefit, basket, state);
    return { ...effect, requested: none, applied: none, worth };
  }
  const borne = bear(benefit, basket, { state, frame, promotion });
  if (typeof borne === 'string') return borne;
  return { ...effect, ...borne, worth: none };
}

/** What a trigger grants asks for no lines, because it has none. */
export function isWithoutLines({ lines }: Benefit, at: Case): boolean {
  return at.input.event !== undefined && at.lines.length === 0 && lines.length === 0;
}

/** Points and codes need a member, points a type that is alive and, to pay with, spendable. */
export function pointsProblem(benefit: Benefit, at: Case): string | undefined {
  const needsMember = benefit.kind === 'multiply-points' || benefit.kind === 'issue-code';
  if (needsMember && at.input.member === undefined) return 'member-required';
  if (benefit.kind !== 'points' && benefit.kind !== 'pay-with-points') return undefined;
  if (at.input.member === undefined) return 'member-required';
  const type = pointTypeOf(at, benefit.type);
  // Whoever asks for too many has made a mistake, whatever has become of the type meanwhile.
  if (benefit.kind === 'points' && isOutOfRange(benefit, at)) return 'points-out-of-range';
  if (isInactive(at, type)) return 'points-inactive';
  const pays = benefit.kind === 'pay-with-points';
  return pays && type.kind === 'qualification' ? 'points-not-spendable' : undefined;
}

/** Lets the slots bear what is asked for, and the member's points pay for it where they must. */
function bear(
  benefit: Benefit,
  basket: Basket,
  { state, frame, promotion }: { state: State; frame: Frame; promotion: NormalPromotion },
): Borne | string {
  const { at } = frame;
  const ask = askOf(benefit, { ...basket, net: baseOf(benefit, promotion, { state, at }) });
  const capacities = capacitiesOf(benefit, basket, frame);
  const spreads = redistributes(benefit, at);
  const borne = spreads ? redistribute(ask, capacities, at.money.residual) : clip(ask, capacities);
  if (spreads && borne.applied !== ask.requested) {
    at.trace?.split({ of: 'redistributed', ...redistribution(ask, capacities) }, at.money.residual);
  }
  tellFloors({ promotion, benefit, ...borne } as Effect, capacities, { state, frame });
  if (benefit.kind !== 'pay-with-points') return borne;
  const left = moneyLeft(benefit.type, state, at);
  const wanted = sum(borne.applied);
  if (left === 0) return 'points-insufficient';
  if (left < wanted && at.rules.settings.shortBalance !== 'partial') return 'points-insufficient';
  if (left >= wanted) return borne;
  // takeDown reads nothing else of an effect
  const only = { promotion, benefit, applied: borne.applied } as Effect;
  const slots = borne.applied.map((_, slot) => slot);
  const limit = { kind: 'balance', type: benefit.type } as const;
  const [part] = takeDown([[only]], { slots, allowed: left, way: 'pro-rata', limit }, at);
  return { requested: borne.requested, applied: part?.[0]?.applied ?? borne.applied };
}

/** Tells an explanation which prices could not bear what was asked of them. */
function tellFloors(
  effect: Effect,
  capacities: readonly number[],
  { state, frame }: { state: State; frame: Frame },
): void {
  const { trace } = frame.at;
  if (trace === undefined) return;
  const asked = { ...effect, applied: effect.requested };
  for (const [slot, price] of state.net.entries()) {
    if ((effect.requested[slot] ?? 0) <= (effect.applied[slot] ?? 0)) continue;
    const limit = { kind: 'min-price', price, floor: frame.floors[slot] ?? 0 } as const;
    const allowed = capacities[slot] ?? 0;
    trace.cut({ limit, allowed }, [asked], { after: [effect], slots: [slot] });
  }
}

/** How much each slot may still fall, as far as the selected units go. */
function capacitiesOf(benefit: Benefit, basket: Basket, { floors }: Frame): readonly number[] {
  return basket.net.map((price, slot) => {
    const room = Math.max(0, price - (floors[slot] ?? 0));
    if (benefit.target === 'delivery') return room;
    const portion = portionOf(slot, basket);
    return portion === undefined ? 0 : bearableBy(portion, room);
  });
}

/** K8: fixed discounts on the order move on to lines that can bear them; others are cut off. */
export function redistributes(benefit: Benefit, at: Case): boolean {
  const { overflow } = at.rules.settings;
  if (overflow !== 'by-kind') return overflow === 'redistribute';
  if (benefit.target !== 'order') return false;
  if (benefit.kind !== 'discount' && benefit.kind !== 'pay-with-points') return false;
  return benefit.value.by !== 'percent';
}

/** The promotion's own maximum discount and what is left of its budget. */
export function withinOwnLimits(
  effects: readonly Effect[],
  state: State,
  { promotion, body, frame }: Turn,
): readonly Effect[] {
  const { at } = frame;
  const earlier = state.effects.filter((effect) => effect.promotion === promotion);
  const order = { cap: body.limits.maxDiscount, way: 'last-first', earlier } as const;
  const parts = cappedParts(
    effects.map((effect) => [effect]),
    order,
    { state, at },
  );
  const { budget } = body.limits;
  if (budget?.discount === undefined) return parts.flat();
  const lines = at.lines.map((_, slot) => slot);
  const groups = budget.perSku
    ? [...new Set(at.lines.map((line) => line.sku))].map((sku) => ({
        sku,
        slots: lines.filter((slot) => at.lines[slot]?.sku === sku),
      }))
    : [{ sku: '', slots: [...lines, lines.length] }];
  return groups
    .reduce((soFar, { sku, slots }) => {
      const left = budgetLeft(promotion, { budget, of: 'discount', sku }, at) ?? 0;
      const used = sum(earlier.map((one) => sum(slots.map((slot) => one.applied[slot] ?? 0))));
      const limit = { kind: 'budget' } as const;
      return takeDown(soFar, { slots, allowed: left - used, way: 'last-first', limit }, at);
    }, parts)
    .flat();
}

/**
 * A fixed amount that could not be given in full, where that is not allowed (K7), or the last of
 * a budget, where its promotion or else the programme does not let the last use take it.
 */
export function isRefusedPart(
  effects: readonly Effect[],
  { limits }: PromotionBody,
  at: Case,
): boolean {
  const isStrict = at.rules.settings.partial === 'reject';
  const isLastRefused =
    limits.budget?.discount !== undefined && !(limits.budget.partial ?? !isStrict);
  if (!isStrict && !isLastRefused) return false;
  return effects.some(
    ({ benefit, requested, applied }) =>
      benefit.kind === 'discount' &&
      (isLastRefused || (isStrict && benefit.value.by === 'amount')) &&
      sum(requested) > sum(applied),
  );
}

/** K11: an effect that changes nothing is none, unless the programme forces it. */
export function isFelt(effect: Effect, at: Case): boolean {
  if (at.rules.settings.noEffect === 'force') return true;
  if (changesPrices(effect.benefit)) return isAnyNonZero(effect.applied);
  if (effect.benefit.kind === 'points') return isAnyNonZero(effect.worth);
  return true;
}

function isAnyNonZero(amounts: readonly number[]): boolean {
  for (let slot = 0; slot < amounts.length; slot += 1) if (amounts[slot] !== 0) return true;
  return false;
}

export function whyNothing(done: readonly Effect[], capped: readonly Effect[]): string {
  const asked = done.some((effect) => effect.requested.some((amount) => amount > 0));
  if (!asked) return 'no-effect';
  const borne = done.some((effect) => effect.applied.some((amount) => amount > 0));
  return borne && capped.length > 0 ? 'maximum-discount-reached' : 'floor-reached';
}
