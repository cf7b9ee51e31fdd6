import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAXIMUM_IS_OPTIMAL, SOLVED } from '../../testing/laws/solver.ts';

const { name, cases, holds } = MAXIMUM_IS_OPTIMAL;
const CASES = 20;

test(name, () => {
  fc.assert(fc.property(cases, holds), { numRuns: CASES });
  // A gap is allowed where the budget of evaluations ends, but must stay the exception.
  expect(SOLVED.exact).toBeGreaterThan(CASES * 0.75);
});
