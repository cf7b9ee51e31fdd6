import { ENGINES } from '../../core/arbitration/emit.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { type CompiledRuleSet, compileRuleSet } from '../../core/rules/compile.ts';
import type { Compiled } from '../../core/rules/diagnostic.ts';

/** Compiles a document as the processor does: every name declared, every problem told. */
export function compileStored(document: unknown): Compiled<CompiledRuleSet> {
  return compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
}

/** The same before a version is used for the first time: both engines must agree on it. */
export function compileForUse(document: unknown): Compiled<CompiledRuleSet> {
  const { compiled, interpret } = ENGINES;
  return compileRuleSet(document, { world: 'closed', emit: compiled, specification: interpret });
}

/**
 * The compiled tree of a stored document, or `undefined` if this engine refuses it. The hash was
 * checked when the version was prepared; making it anew would cost half of the time.
 */
export function compileSealed(document: unknown, hash: string): ArbitrationTree | undefined {
  const options = { world: 'closed', emit: ENGINES.compiled, sealedAs: hash } as const;
  const compiled = compileRuleSet(document, options);
  return compiled.ok ? compiled.value.tree : undefined;
}
