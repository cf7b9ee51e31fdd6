import { emit } from '../arbitration/emit.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { Bug } from '../assert.ts';
import { compileRuleSet } from '../rules/compile.ts';

/** The tree of a rule set written for a test, in an open world: names need no declaration. */
export function compiledTree(document: Readonly<Record<string, unknown>>): ArbitrationTree {
  const compiled = compileRuleSet(document, { world: 'open', emit });
  if (!compiled.ok) throw new Bug('the test wrote a rule set that does not compile', [compiled]);
  return compiled.value.tree;
}
