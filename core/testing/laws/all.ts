import { ENGINE_LAWS } from './engines.ts';
import type { Law } from './law.ts';
import { MODE_LAWS } from './modes.ts';
import { OUTCOME_LAWS } from './outcomes.ts';

/** Every law of arbitration. */
export const LAWS: readonly Law[] = [...ENGINE_LAWS, ...OUTCOME_LAWS, ...MODE_LAWS];
