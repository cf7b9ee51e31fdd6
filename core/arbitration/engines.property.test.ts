import fc from 'fast-check';
import { test } from 'vitest';
import {
  DEEP_TREES_AGREE,
  ENGINES_AGREE,
  EXPLANATION_ADDS_UP,
  LARGE_SEARCH_IS_EXACT,
  SEARCH_IS_EXACT,
} from '../testing/laws/engines.ts';

// A few hundred cases of each law; `npm run fuzz` draws them for hours.
test.each([
  { ...ENGINES_AGREE, numRuns: 300 },
  { ...DEEP_TREES_AGREE, numRuns: 10 },
  { ...SEARCH_IS_EXACT, numRuns: 40 },
  { ...LARGE_SEARCH_IS_EXACT, numRuns: 3 },
  { ...EXPLANATION_ADDS_UP, numRuns: 150 },
])('$name', ({ cases, holds, numRuns }) => {
  fc.assert(fc.property(cases, holds), { numRuns });
});
