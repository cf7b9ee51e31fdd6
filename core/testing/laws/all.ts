import { ENGINE_LAWS } from './engines.ts';
import type { Law } from './law.ts';
import { MODE_LAWS } from './modes.ts';
import { OUTCOME_LAWS } from './outcomes.ts';
import { MAXIMUM_IS_OPTIMAL } from './solver.ts';

/** Every law of arbitration. */
export const LAWS: readonly Law[] = [
  ...ENGINE_LAWS,
  ...OUTCOME_LAWS,
  ...MODE_LAWS,
  MAXIMUM_IS_OPTIMAL,
];
