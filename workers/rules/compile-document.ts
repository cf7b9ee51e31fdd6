import { interpret } from '../../core/arbitration/interpret/decide.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';

/** The compiled tree of a stored document, or `undefined` if this engine refuses it. */
export function compileDocument(document: unknown): ArbitrationTree | undefined {
  const emit = interpret;
  const compiled = compileRuleSet(document, { world: 'closed', emit });
  return compiled.ok ? compiled.value.tree : undefined;
}
