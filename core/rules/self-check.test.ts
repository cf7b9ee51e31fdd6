import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENGINES } from '../arbitration/emit.ts';
import { must } from '../assert.ts';
import { documentWith, normalRules } from '../testing/rule-cases.ts';
import { arbitraryDocument } from '../testing/rule-documents.ts';
import { compileRuleSet, type Emit } from './compile.ts';
import { boundariesOf } from './self-check/boundaries.ts';

test('a rule set on which both engines agree is sealed', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const { compiled, interpret } = ENGINES;
      const result = compileRuleSet(document, {
        world: 'closed',
        emit: compiled,
        specification: interpret,
      });
      expect(result.ok ? [] : result.diagnostics).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('a rule set too large to tell of every promotion is sealed too', () => {
  const children = Array.from({ length: 80 }, (_, n) => ({
    promotion: `p${n}`,
    type: 'product-discount',
    lines: { sku: `S${n}` },
    benefits: { list: [{ discount: { percent: 1 + (n % 9) } }] },
  }));
  const document = { arbitration: { mode: 'sequential', children } };
  const { compiled, interpret } = ENGINES;
  const options = { world: 'open', emit: compiled, specification: interpret } as const;
  const result = compileRuleSet(document, options);
  expect(result.ok ? [] : result.diagnostics).toEqual([]);
});

test('an engine that forgets a discount is found out', () => {
  const forgetful: Emit = (rules, language) => {
    const decide = ENGINES.interpret({ ...rules, root: { ...rules.root, children: [] } }, language);
    return (input) => decide(input);
  };
  const document = documentWith({
    lines: { sku: 'RARE' },
    when: { 'total.current': { atLeast: 777 } },
  });
  const result = compileRuleSet(document, {
    world: 'open',
    emit: forgetful,
    specification: ENGINES.interpret,
  });
  expect(result.ok).toBe(false);
  expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toEqual([
    'self-check-failed',
  ]);
});

test('the boundaries are those of the rule set', () => {
  const rules = normalRules(
    documentWith({
      period: { start: '2026-01-01', end: '2026-02-01' },
      when: { 'total.current': { atLeast: 777 }, codes: 'SPRING' },
      lines: { bundle: [{ sku: 'A', quantity: 1 }] },
    }),
  );
  const edges = boundariesOf(rules);
  expect(edges.amounts).toEqual(expect.arrayContaining([776, 777, 778]));
  expect(edges.codes).toEqual(['SPRING']);
  expect(edges.skus).toEqual(['A', 'other']);
  expect(edges.instants).toContain(Date.UTC(2026, 0, 1));
  expect(must(edges.instants[0], 'an instant')).toBe(Date.UTC(2026, 0, 1) - 1);
});
