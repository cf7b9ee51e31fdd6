import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledBy, inputOf } from '../testing/cases.ts';
import { balances, quotes, ruleSets } from '../testing/rule-sets.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const seed = fc.integer({ min: 0, max: 900 });
const cases = fc.array(fc.record({ quote: quotes, balances, seed }), {
  minLength: 1,
  maxLength: 3,
});

test('the compiled tree decides as the interpreter does', () => {
  let compiledSets = 0;
  fc.assert(
    fc.property(ruleSets(), cases, (document, texts) => {
      const specification = compiledBy('interpret', document);
      const compiled = compiledBy('compiled', document);
      if (specification === undefined || compiled === undefined) return;
      compiledSets += 1;
      for (const text of texts) {
        const input = inputOf(text, specification.rules);
        const expected = specification.tree.decide(input);
        expect(compiled.tree.decide(input)).toEqual(expected);
      }
    }),
    { numRuns: RUNS },
  );
  expect(compiledSets).toBeGreaterThan(RUNS * 0.9);
});
