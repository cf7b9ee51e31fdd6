import type { Credit } from '../../decision.ts';
import type { Effect } from '../state.ts';

/** One benefit's points, slot by slot, while they are still being multiplied. */
export interface Grant {
  readonly effect: Effect;
  readonly type: string;
  readonly credit: Credit;
  readonly requested: number;
  readonly shares: readonly number[];
  readonly multiplied: boolean;
}
