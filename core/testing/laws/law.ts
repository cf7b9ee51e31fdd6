import type fc from 'fast-check';
import type { CaseText } from '../cases.ts';

/** A rule set as an operator writes it, and checkouts that meet it. */
export interface LawCase {
  readonly ruleSet: unknown;
  readonly texts: readonly CaseText[];
}

/**
 * Something that is true of every rule set and every checkout. Property tests draw a few cases of
 * each law, `npm run fuzz` draws them for hours, and what once broke one is kept as data.
 */
export interface Law {
  readonly name: string;
  readonly cases: fc.Arbitrary<LawCase>;
  /** Throws where the law does not hold. */
  readonly holds: (one: LawCase) => void;
  /** How often a long run draws it; 1 when not given. */
  readonly weight?: number;
}
