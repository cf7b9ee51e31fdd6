import { mulDiv } from '../../money/rounding.ts';
import { moneyOf } from '../../rules/benefits/portion.ts';
import { MILLION } from '../../rules/normal.ts';
import { type Case, pointTypeOf } from '../interpret/case.ts';
import { groupsAround } from '../interpret/path.ts';
import type { Effect, State } from '../interpret/state.ts';
import { worthOf } from '../interpret/worth.ts';

/**
 * What multiplied points are worth depends on whose points are multiplied, so it is known only
 * once a candidate has been put together: here, by the same rules as at accrual.
 */

interface Grant {
  readonly type: string;
  readonly worth: readonly number[];
  readonly isMultiplied: boolean;
}

/** The effects of a candidate, with multipliers worth what they add to the points in sight. */
export function weighMultipliers(
  effects: readonly Effect[],
  state: State,
  at: Case,
): readonly Effect[] {
  if (!effects.some(({ benefit }) => benefit.kind === 'multiply-points')) return effects;
  const grants: Grant[] = [
    ...state.effects.flatMap((effect) => grantOf(effect, presentWorth(effect, state, at))),
    ...effects.flatMap((effect) => grantOf(effect, effect.worth)),
  ];
  return effects.map((effect) => {
    const added = addedBy(effect, grants, at);
    if (added === undefined) return effect;
    const worth = state.net.map((_, slot) =>
      added.reduce((soFar, one) => soFar + (one.worth[slot] ?? 0), 0),
    );
    grants.push(...added);
    return { ...effect, worth };
  });
}

function grantOf({ benefit }: Effect, worth: readonly number[]): readonly Grant[] {
  return benefit.kind === 'points' ? [{ type: benefit.type, worth, isMultiplied: false }] : [];
}

/** Points granted on the way here, at the prices of now. */
function presentWorth(effect: Effect, state: State, at: Case): readonly number[] {
  const { units, bundles, benefit } = effect;
  return worthOf(benefit, { at, net: state.net, selection: { units, bundles } }, state);
}

/** What a multiplier adds to each grant; `undefined` for any other effect. */
function addedBy(effect: Effect, grants: readonly Grant[], at: Case): readonly Grant[] | undefined {
  const { benefit, promotion } = effect;
  if (benefit.kind !== 'multiply-points') return undefined;
  const addsUp = groupsAround(at.rules, promotion).at(-1)?.mode === 'sum';
  const factor = Math.max(0, benefit.factor - MILLION);
  return grants
    .filter(({ type }) => (benefit.type ?? type) === type)
    .filter(({ type }) => benefit.type !== undefined || pointTypeOf(at, type).kind === 'standard')
    .filter(({ isMultiplied }) => !addsUp || !isMultiplied)
    .map(({ type, worth }) => ({
      type,
      isMultiplied: true,
      worth: worth.map((money, slot) => {
        const seen = seenIn(effect, { slot, money, at });
        return mulDiv(seen, factor, MILLION, 'floor');
      }),
    }));
}

/** The part of a slot's points that a multiplier acts on. */
function seenIn(
  { benefit, units }: Effect,
  { slot, money, at }: { slot: number; money: number; at: Case },
): number {
  const line = at.lines[slot];
  if (line === undefined) return benefit.target === 'lines' ? 0 : money;
  const selected = benefit.target === 'delivery' ? 0 : (units[slot] ?? 0);
  return selected === 0 ? 0 : moneyOf({ net: money, units: selected, quantity: line.quantity });
}
