import { createHash } from 'node:crypto';
import { ENGINES } from '../../core/arbitration/emit.ts';
import { canonicalText } from '../../core/rules/canonical.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { type Refusal, refused } from './refusal.ts';

export type CompiledDocument =
  | {
      readonly ok: true;
      /** What it means: outcomes carry it. */
      readonly hash: string;
    }
  | Refusal;

/** Compiles a document as processors do; that both engines agree on it, they check themselves. */
export function compileDocument(document: unknown): CompiledDocument {
  const result = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
  if (result.ok) return { ok: true, hash: result.value.tree.hash };
  const count = result.diagnostics.length;
  const message = `${count} ${count === 1 ? 'problem' : 'problems'}; nothing was applied`;
  return refused('does-not-compile', message, result.diagnostics.map(describeProblem));
}

export function describeProblem({ path, message, hint }: Diagnostic): string {
  return `${path || '/'}: ${message}${hint ? ` (${hint})` : ''}`;
}

/** The content address of a document: equal for equal text, whatever the order of its keys. */
export function contentHash(document: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalText(document)).digest('hex')}`;
}
