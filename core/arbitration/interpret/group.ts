import { unreachable } from '../../assert.ts';
import type { ArbitrationNode, GroupNode, NormalPromotion } from '../../rules/normal.ts';
import { cappedParts, floorsWith, type Way } from './caps.ts';
import { factsOf, promotionsOf } from './case.ts';
import { bodyOf, eligibility } from './eligibility.ts';
import { maximum } from './maximum.ts';
import { inOrder } from './order.ts';
import { actsAt, evaluatePromotion, type Frame } from './promotion.ts';
import { exclusiveChild, hasApplied } from './stacking.ts';
import {
  after,
  alongside,
  type Effect,
  NOTHING,
  type Note,
  type Result,
  type State,
  touches,
} from './state.ts';
import { clampToPrices } from './sum.ts';

/** What a node of the tree does at a level, told the state it finds. */
export function evaluate(node: ArbitrationNode, state: State, frame: Frame): Result {
  const { trace } = frame.at;
  const run = () => evaluateNode(node, state, frame);
  return trace === undefined ? run() : trace.node(node, { state, level: frame.level }, run);
}

/** Does something without keeping it, and without telling an explanation. */
export function trying<T>({ at }: Pick<Frame, 'at'>, run: () => T): T {
  return at.trace === undefined ? run() : at.trace.trying(run);
}

function evaluateNode(node: ArbitrationNode, state: State, frame: Frame): Result {
  if (node.kind === 'promotion') return evaluatePromotion(node.promotion, state, frame);
  const group = inOrder(node, frame.at);
  const floors = floorsWith(frame.floors, group.limits, frame.at.lines);
  const inside = { ...frame, floors };
  frame.at.trace?.within(floors);
  const run = () => combine(group, state, inside);
  const owner = exclusiveOwner(group, state, inside);
  return owner === undefined ? run() : alone(group, owner, { state, frame: inside });
}

function combine(group: GroupNode, state: State, frame: Frame): Result {
  switch (group.mode) {
    case 'sequential':
      return chain(group, state, frame);
    case 'sum':
      return summation(group, state, frame);
    case 'exclusive':
      return incompatibility(group, state, frame);
    case 'max':
      return maximum(group, state, frame);
    default:
      return unreachable(group.mode);
  }
}

/** What children did, one result a child, before the limits of their group. */
export interface Family {
  readonly results: readonly Result[];
  readonly way: Way;
}

/** Applies a group's maximum discount to what its children did. */
export function limited(
  group: GroupNode,
  { results, way }: Family,
  { state, frame }: { state: State; frame: Frame },
): Result {
  const parts = results.map((result) => result.effects);
  const cap = group.limits.maxDiscount;
  const earlier = state.effects.filter((effect) => hasApplied(group, [effect]));
  const capped = cappedParts(parts, { cap, way, earlier }, { state, at: frame.at });
  const notes = results.flatMap((result) => result.notes);
  return { effects: capped.flat(), notes };
}

/** Consistent application: each child sees the prices that the children before it left. */
export function chain(group: GroupNode, state: State, frame: Frame): Result {
  const results: Result[] = [];
  let seen = state;
  let stopped = false;
  for (const child of group.children) {
    const result: Result = stopped
      ? left(child, 'stopped-by-another', { state: seen, frame })
      : evaluate(child, seen, frame);
    results.push(result);
    seen = after(seen, result.effects);
    stopped ||= endsGroup(child) && result.effects.length > 0;
  }
  return limited(group, { results, way: 'last-first' }, { state, frame });
}

/** Summation: every child sees the group's input, and what they do is added up. */
export function summation(group: GroupNode, state: State, frame: Frame): Result {
  const results: Result[] = [];
  let seen = state;
  let stopped = false;
  for (const child of group.children) {
    const result: Result = stopped
      ? left(child, 'stopped-by-another', { state: seen, frame })
      : evaluate(child, seen, frame);
    results.push(result);
    seen = alongside(seen, result.effects);
    stopped ||= endsGroup(child) && result.effects.length > 0;
  }
  const clamped = clampToPrices(
    results.map((result) => result.effects),
    state,
    frame,
  );
  const family = results.map((result, index) => ({ ...result, effects: clamped[index] ?? [] }));
  return limited(group, { results: family, way: 'pro-rata' }, { state, frame });
}

function endsGroup(child: ArbitrationNode): boolean {
  return child.kind === 'promotion' && child.promotion.stacking.stopAfter;
}

/** Incompatibility: the first child with an effect wins, each line and then the order. */
function incompatibility(group: GroupNode, state: State, frame: Frame): Result {
  if (group.decides === 'across-levels') return firstAcross(group, state, frame);
  return frame.level === 'product'
    ? firstPerLine(group, state, frame)
    : firstOfAll(group, state, frame);
}

function firstOfAll(group: GroupNode, state: State, frame: Frame): Result {
  const results: Result[] = [];
  let won = false;
  for (const child of group.children) {
    const result: Result = won
      ? left(child, 'lost-to-another', { state, frame })
      : evaluate(child, state, frame);
    results.push(result);
    won ||= result.effects.length > 0;
  }
  return limited(group, { results, way: 'pro-rata' }, { state, frame });
}

function firstPerLine(group: GroupNode, state: State, frame: Frame): Result {
  const results: Result[] = [];
  let free = frame.at.lines.map((_, slot) => slot);
  for (const child of group.children) {
    if (free.length === 0) {
      results.push(left(child, 'lost-to-another', { state, frame }));
      continue;
    }
    const whole = evaluate(child, alongside(state, effectsOf(results)), frame);
    const effects = whole.effects.flatMap((effect) => onlyIn(effect, free));
    results.push({ effects, notes: [...whole.notes, ...losers(whole.effects, effects)] });
    free = free.filter((slot) => !effects.some((effect) => touches(effect, slot)));
  }
  return limited(group, { results, way: 'pro-rata' }, { state, frame });
}

function effectsOf(results: readonly Result[]): readonly Effect[] {
  return results.flatMap((result) => result.effects);
}

/** The part of an effect on some lines; nothing when it does nothing there. */
export function onlyIn(effect: Effect, slots: readonly number[]): readonly Effect[] {
  const keep = (numbers: readonly number[]) => onlyAt(numbers, slots);
  if (!slots.some((slot) => touches(effect, slot))) return [];
  return [
    {
      ...effect,
      requested: keep(effect.requested),
      applied: keep(effect.applied),
      units: keep(effect.units),
      worth: keep(effect.worth),
    },
  ];
}

function onlyAt(numbers: readonly number[], slots: readonly number[]): readonly number[] {
  const kept = numbers.map(() => 0);
  for (const slot of slots) {
    const number = numbers[slot];
    if (number !== undefined) kept[slot] = number;
  }
  return kept;
}

/** Notes for promotions that had an effect and kept none of it. */
function losers(had: readonly Effect[], kept: readonly Effect[]): readonly Note[] {
  const keepers = new Set(kept.map((effect) => effect.promotion));
  const lost = [...new Set(had.map((effect) => effect.promotion))].filter(
    (promotion) => !keepers.has(promotion),
  );
  return lost.map((promotion) => ({ promotion, reason: 'lost-to-another' }));
}

/** One winner for both levels: the first child with an effect at either. */
function firstAcross(group: GroupNode, state: State, frame: Frame): Result {
  const winner =
    group.children.find((child) => hasApplied(child, state.effects)) ??
    group.children.find((child) => hasEffect(child, state, frame));
  if (winner === undefined) {
    return {
      effects: [],
      notes: group.children.flatMap((child) => evaluate(child, state, frame).notes),
    };
  }
  const results = group.children.map((child) =>
    child === winner
      ? evaluate(child, state, frame)
      : left(child, 'lost-to-another', { state, frame }),
  );
  return limited(group, { results, way: 'pro-rata' }, { state, frame });
}

/** Whether a child does anything at this level, or at a level still to come. */
export function hasEffect(child: ArbitrationNode, state: State, frame: Frame): boolean {
  const tries = (level: Frame['level']) =>
    trying(frame, () => evaluate(child, state, { ...frame, level })).effects.length > 0;
  return tries(frame.level) || (frame.level === 'product' && tries('order'));
}

function exclusiveOwner(group: GroupNode, state: State, frame: Frame): ArbitrationNode | undefined {
  if (group.mode === 'max') return undefined;
  return exclusiveChild(group, state, (child) => hasEffect(child, state, frame));
}

/** An exclusive promotion applies, its siblings do not. */
export function alone(
  group: GroupNode,
  owner: ArbitrationNode,
  where: { state: State; frame: Frame },
): Result {
  const { state, frame } = where;
  const results = group.children.map((child) =>
    child === owner ? evaluate(child, state, frame) : left(child, 'suppressed-by-exclusive', where),
  );
  return limited(group, { results, way: 'last-first' }, where);
}

/** A child that is left out: each of its promotions for its own reason, or else for this one. */
export function left(
  child: ArbitrationNode,
  reason: string,
  { state, frame }: { state: State; frame: Frame },
): Result {
  const { at } = frame;
  const promotions: readonly NormalPromotion[] =
    child.kind === 'promotion' ? [child.promotion] : promotionsOf(at, child);
  const facts = factsOf(at, state);
  const here = promotions.filter((promotion) => actsAt(bodyOf(promotion, at), frame.level));
  const notes = here.map((promotion) => ({
    promotion,
    reason: eligibility(promotion, facts, at) ?? at.suppressed.get(promotion) ?? reason,
  }));
  return { ...NOTHING, notes };
}
