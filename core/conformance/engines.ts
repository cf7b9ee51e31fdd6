import { ENGINES, type EngineName } from '../arbitration/emit.ts';
import { compileRuleSet } from '../rules/compile.ts';
import type { Engine } from './run.ts';

function engine(name: EngineName): Engine {
  return {
    name,
    build(ruleSet, usedPointTypes) {
      const emit = ENGINES[name];
      const compiled = compileRuleSet(ruleSet, { world: 'open', emit, usedPointTypes });
      if (!compiled.ok) return { ok: false, diagnostics: compiled.diagnostics };
      return { ok: true, tree: compiled.value.tree };
    },
  };
}

/** Fixtures run on both engines: the specification, and the tree that production runs. */
export const CONFORMANCE_ENGINES: readonly Engine[] = [engine('interpret'), engine('compiled')];
