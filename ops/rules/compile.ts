import { ENGINES } from '../../core/arbitration/emit.ts';
import { canonicalText } from '../../core/rules/canonical.ts';
import { type CompiledRuleSet, compileRuleSet } from '../../core/rules/compile.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { sha256 } from '../../core/rules/sha256.ts';
import { type Refusal, refused } from './refusal.ts';

export type CompiledDocument =
  | {
      readonly ok: true;
      readonly compiled: CompiledRuleSet;
      readonly warnings: readonly Diagnostic[];
    }
  | Refusal;

/** Compiles a document as processors do; that both engines agree on it, they check themselves. */
export function compileDocument(document: unknown): CompiledDocument {
  const result = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
  if (result.ok) return { ok: true, compiled: result.value, warnings: result.warnings };
  const count = result.diagnostics.length;
  const message = `${count} ${count === 1 ? 'problem' : 'problems'}; nothing was applied`;
  return refused('does-not-compile', message, result.diagnostics.map(describeProblem));
}

export function describeProblem({ path, message, hint }: Diagnostic): string {
  return `${path || '/'}: ${message}${hint ? ` (${hint})` : ''}`;
}

/** The content address of a document: equal for equal text, whatever the order of its keys. */
export function contentHash(document: unknown): string {
  return `sha256:${sha256(canonicalText(document))}`;
}
