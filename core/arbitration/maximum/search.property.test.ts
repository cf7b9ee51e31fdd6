import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledBy, inputOf } from '../../testing/cases.ts';
import { balances, crowdedMaximum, quotes } from '../../testing/rule-sets.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 400) / 10;
const text = fc.record({ quote: quotes, balances, seed: fc.integer({ min: 0, max: 900 }) });

/** The interpreter tries every subset both ways; the compiled tree searches. */
function agrees(children: number, numRuns: number): void {
  fc.assert(
    fc.property(crowdedMaximum(children), text, (document, one) => {
      const specification = compiledBy('interpret', document);
      const compiled = compiledBy('compiled', document);
      if (specification === undefined || compiled === undefined) return;
      const input = inputOf(one, specification.rules);
      expect(compiled.tree.decide(input)).toEqual(specification.tree.decide(input));
    }),
    { numRuns },
  );
}

test('the search finds what trying all subsets of up to 8 children finds', () => {
  agrees(8, RUNS);
});

test('the search finds what trying all subsets of up to 12 children finds', () => {
  agrees(12, Math.max(3, RUNS / 20));
});
