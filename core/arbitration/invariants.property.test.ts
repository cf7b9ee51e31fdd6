import fc from 'fast-check';
import { describe, test } from 'vitest';
import { MODE_LAWS } from '../testing/laws/modes.ts';
import { OUTCOME_LAWS } from '../testing/laws/outcomes.ts';

const RUNS = 150;

describe('whatever the rule set and the checkout', () => {
  test.each(OUTCOME_LAWS)('$name', ({ cases, holds }) => {
    fc.assert(fc.property(cases, holds), { numRuns: RUNS });
  });
});

describe('laws of the modes', () => {
  test.each(MODE_LAWS)('$name', ({ cases, holds }) => {
    fc.assert(fc.property(cases, holds), { numRuns: RUNS });
  });
});
