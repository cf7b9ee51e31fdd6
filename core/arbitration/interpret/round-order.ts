import { prorateWithin } from '../../money/prorate.ts';
import { fallByRounding } from '../../rules/benefits/round.ts';
import { floorsWith } from './caps.ts';
import type { Case } from './case.ts';
import { bodyOf } from './eligibility.ts';
import { floorsAbove } from './path.ts';
import { type Effect, type State, sum } from './state.ts';

/** Order price rounding: after caps and floors, before points pay. The difference is split. */
export function roundOrder(at: Case, state: State): State {
  return state.effects.reduce((soFar, effect, index) => {
    const { benefit } = effect;
    if (benefit.kind !== 'round' || benefit.target !== 'order') return soFar;
    const fall = fallOf(at, soFar, effect);
    const net = soFar.net.map((price, slot) => price - (fall[slot] ?? 0));
    const rounded = { ...effect, requested: fall, applied: fall };
    return { net, effects: soFar.effects.with(index, rounded) };
  }, state);
}

function fallOf(at: Case, { net }: State, effect: Effect): readonly number[] {
  const { benefit, promotion, units } = effect;
  if (benefit.kind !== 'round') return net.map(() => 0);
  const weights = net.map((price, slot) => ((units[slot] ?? 0) > 0 ? price : 0));
  const fall = fallByRounding(sum(weights), benefit.to, at.money);
  const own = bodyOf(promotion, at).limits;
  const floors = floorsWith(floorsAbove(at, promotion), own, at.lines);
  const room = net.map((price, slot) => {
    if ((units[slot] ?? 0) === 0) return 0;
    const line = at.lines[slot];
    return Math.max(0, fall > 0 ? price - (floors[slot] ?? 0) : (line?.gross ?? 0) - price);
  });
  const split = { total: Math.abs(fall), weights, capacities: room };
  const shares = prorateWithin(split, at.money.residual);
  at.trace?.split({ of: `rounding by ${promotion.id}`, ...split }, at.money.residual);
  return shares.map((share) => (share === 0 ? 0 : Math.sign(fall) * share));
}
