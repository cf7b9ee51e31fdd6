import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compiledBy, inputOf } from '../testing/cases.ts';
import { recompute } from '../testing/recompute.ts';
import { balances, quotes, ruleSets } from '../testing/rule-sets.ts';
import { explain } from './explain.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
const text = fc.record({ quote: quotes, balances, seed: fc.integer({ min: 0, max: 900 }) });

test('an independent checker recomputes every decision from its explanation', () => {
  fc.assert(
    fc.property(ruleSets(), text, (document, one) => {
      const compiled = compiledBy('compiled', document);
      if (compiled === undefined) return;
      const input = inputOf(one, compiled.rules);
      const result = compiled.tree.decide(input);
      if (!result.ok) return;
      const { totals, lines } = result.decision;
      const explanation = explain(compiled.rules, input);
      expect(recompute({ totals: { ...totals }, lines, explanation })).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test('it recomputes the documented examples of other systems', () => {
  const cases = new URL('../conformance/cases/', import.meta.url);
  let checked = 0;
  for (const file of readdirSync(cases)) {
    const fixture = parse(readFileSync(new URL(file, cases), 'utf8'));
    const compiled = compiledBy('compiled', fixture.ruleSet);
    for (const quote of fixture.transactions ?? []) {
      if (compiled === undefined || quote.kind !== 'quote') continue;
      const lines = quote.lines.map((line: object, at: number) => ({
        id: String(at + 1),
        quantity: 1,
        ...line,
      }));
      const one = { quote: { ...quote, lines }, balances: fixture.member?.points ?? {}, seed: 0 };
      const input = inputOf(one, compiled.rules);
      const result = compiled.tree.decide(input);
      if (!result.ok) continue;
      const { totals, lines: decided } = result.decision;
      const explanation = explain(compiled.rules, input);
      expect(recompute({ totals: { ...totals }, lines: decided, explanation }), file).toEqual([]);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(30);
});
