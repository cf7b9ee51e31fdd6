import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  documentWith,
  factsFor,
  inputOf,
  normalRules,
  onlyPromotion,
} from '../../testing/rule-cases.ts';
import { arbitraryCheckoutJson, arbitraryLines } from '../../testing/rule-documents.ts';
import type { LineScope, Ranking } from '../condition.ts';
import { interpretLineCondition } from '../conditions/interpret.ts';
import type { LineFacts } from '../facts.ts';
import { ranked } from './rank.ts';
import { compileSelect } from './select.ts';

/** Ranking and counting said slowly: a list of single units (or lines), cut into windows. */
function counted(ranking: Ranking, lines: readonly LineFacts[]): number[] {
  const { order, skip, count, every } = ranking;
  const items = ranked(lines, order).flatMap(({ index, line }) =>
    count === 'lines' ? [index] : Array.from({ length: line.quantity / 1_000 }, () => index),
  );
  const left = items.slice(skip);
  const window = every ?? left.length;
  const taken = left.filter((_, position) => position % window < (ranking.take ?? window));
  const units = new Map<number, number>();
  for (const index of taken) {
    const one =
      count === 'lines' ? (lines.find((line) => line.index === index)?.line.quantity ?? 0) : 1_000;
    units.set(index, (units.get(index) ?? 0) + one);
  }
  return lines.map(({ index }) => units.get(index) ?? 0);
}

function slowly(scope: LineScope, lines: readonly LineFacts[]): number[] {
  const matching = lines.filter((line) => interpretLineCondition(scope.where, line) === undefined);
  const units =
    scope.ranking === undefined
      ? matching.map(({ line }) => line.quantity)
      : counted(scope.ranking, matching);
  return lines.map((line) => units[matching.indexOf(line)] ?? 0);
}

test('measuring on a tape selects what counting one by one selects', () => {
  fc.assert(
    fc.property(arbitraryLines, arbitraryCheckoutJson, (scope, checkout) => {
      const rules = normalRules(documentWith({ lines: scope }));
      const { lines } = factsFor(rules, inputOf({ checkout }));
      const scopes = onlyPromotion(rules).body.lines;
      const [only] = scopes;
      fc.pre(scopes.length === 1 && only !== undefined && only.bundle.length === 0);
      expect(compileSelect(scopes)(lines).units).toEqual(slowly(only, lines));
    }),
    { numRuns: 300 },
  );
});

test('bundles never use more than there is, and always complete sets', () => {
  const bundle = [
    { sku: 'APPLE', quantity: 2 },
    { category: 'food', quantity: 1 },
  ];
  const rules = normalRules(documentWith({ lines: { bundle } }));
  const select = compileSelect(onlyPromotion(rules).body.lines);
  fc.assert(
    fc.property(arbitraryCheckoutJson, (checkout) => {
      const { lines } = factsFor(rules, inputOf({ checkout }));
      const { units, bundles } = select(lines);
      expect(units.every((one, index) => one <= (lines[index]?.line.quantity ?? 0))).toBe(true);
      expect(units.reduce((sum, one) => sum + one, 0)).toBe(bundles * 3_000);
    }),
  );
});
