import type { Instant } from '../money/units.ts';

/** Whether a member takes part, and if not, why and since when. */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly at: Instant }
  | {
      readonly kind: 'merged';
      readonly at: Instant;
      readonly into: string;
      /** The transaction that merged it. */
      readonly merge: string;
    };

/** Cards and phones of one member. */
export const IDENTIFIERS_MAX = 100;

/**
 * A card or phone as its member's record has it. `pending` and `leaving` wait for the answer of
 * the partition that keeps the identifier; `replaced` stays, so that the old card is told of.
 */
export type LinkState = 'pending' | 'active' | 'blocked' | 'leaving' | 'replaced';
export const LINK_STATES: readonly LinkState[] = [
  'pending',
  'active',
  'blocked',
  'leaving',
  'replaced',
];
