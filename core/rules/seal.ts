import { canonicalText } from './canonical.ts';
import type { NormalRuleSet } from './normal.ts';
import { sha256 } from './sha256.ts';

/**
 * Behaviour of the engine that a rule set was sealed for. A change of behaviour is a new number
 * with its own sentence here, so that yesterday's checkout replays to yesterday's result.
 *
 * 1. The first.
 * 2. Maximum benefit also tries children that act only in company, and values multiplied points.
 */
export const ENGINE_VERSION = 2;

/** The content hash: equal for equal meaning. Promotions that are off mean nothing. */
export function hashOf({ dormant: _, promotions: __, ...meaning }: NormalRuleSet): string {
  return `sha256:${sha256(canonicalText({ engine: ENGINE_VERSION, ...meaning }))}`;
}
