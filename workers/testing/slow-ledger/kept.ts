import type { Written } from './expected.ts';
import type { Sold } from './policies.ts';

/** Reasons that are the arbitration's own, about a member's wish to pay with points. */
export const REFUSALS: ReadonlySet<string> = new Set([
  'unknown-point-type',
  'points-not-spendable',
  'member-required',
  'too-many-decimals',
  'insufficient-points',
  'point-type-deactivated',
  'partner-block-exhausted',
]);

export const CLOCK_AHEAD = 5 * 60_000;

/** The lengths of holds that these tests ask for. */
const HOLD_FOR: Readonly<Record<string, number>> = {
  undefined: 15 * 60_000,
  P1D: 86_400_000,
  P5D: 5 * 86_400_000,
};

/** An accepted hold, as it was made. */
export interface MadeHold extends Sold {
  readonly acceptors: readonly string[];
  readonly at: number;
}

export function holdFor({ holdFor: wanted }: Written): number {
  return HOLD_FOR[String(wanted)] ?? Number.NaN;
}

/** Equal for transactions that say the same. */
export function contentOf(written: Written): string {
  return JSON.stringify(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1)));
}
