import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENGINES } from '../arbitration/emit.ts';
import { explain } from '../arbitration/explain.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { compileRuleSet } from '../rules/compile.ts';
import { recompute } from '../testing/recompute.ts';
import { readFixture } from './fixture.ts';
import { type Engine, runFixture } from './run.ts';

const CASES = new URL('./cases/', import.meta.url);

/** The compiled tree, which has every decision it makes explained and added up again. */
function checkedEngine(problems: string[], checked: { decisions: number }): Engine {
  return {
    name: 'compiled, explained and recomputed',
    build: (ruleSet, usedPointTypes) => {
      const options = { world: 'open', emit: ENGINES.compiled, usedPointTypes } as const;
      const compiled = compileRuleSet(ruleSet, options);
      if (!compiled.ok) return compiled;
      const { rules, tree } = compiled.value;
      const decide: ArbitrationTree['decide'] = (input) => {
        const result = tree.decide(input);
        if (!result.ok) return result;
        const { totals, lines } = result.decision;
        const explanation = explain(rules, input);
        problems.push(...recompute({ totals: { ...totals }, lines, explanation }));
        checked.decisions += 1;
        return result;
      };
      return { ok: true, tree: { ...tree, decide } };
    },
  };
}

test('every decision of the documented examples can be recomputed from its explanation', () => {
  const checked = { decisions: 0 };
  for (const file of readdirSync(CASES).sort()) {
    const read = readFixture(parse(readFileSync(new URL(file, CASES), 'utf8')));
    if (!read.ok) throw new Error(`${file}: ${read.problem}`);
    const problems: string[] = [];
    runFixture(read.fixture, checkedEngine(problems, checked));
    expect(problems, file).toEqual([]);
  }
  expect(checked.decisions).toBeGreaterThan(50);
});
