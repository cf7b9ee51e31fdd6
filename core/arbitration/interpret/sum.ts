import { takeDown } from './caps.ts';
import type { Frame } from './promotion.ts';
import { appliedIn, type Effect, type State } from './state.ts';

/**
 * Summation meets a price more than once: what all of them take from a slot may not take it
 * below its floor (K6). The excess is given up in proportion.
 */
export function clampToPrices(
  parts: readonly (readonly Effect[])[],
  state: State,
  { floors, at }: Frame,
): readonly (readonly Effect[])[] {
  return state.net.reduce((soFar, price, slot) => {
    const floor = floors[slot] ?? 0;
    const allowed = Math.max(0, price - floor);
    if (appliedIn(soFar.flat(), slot) <= allowed) return soFar;
    const limit = { kind: 'min-price', price, floor } as const;
    return takeDown(soFar, { slots: [slot], allowed, way: 'pro-rata', limit }, at);
  }, parts);
}
