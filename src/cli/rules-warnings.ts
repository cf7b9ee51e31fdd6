import { ENGINES } from '../../core/arbitration/emit.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';

/**
 * Tells on standard error what is suspicious about a document that is about to become current.
 * It is no reason to refuse; `arbiter rules check` shows each with its place and its witness.
 */
export function tellWarnings(document: unknown): void {
  const options = { world: 'closed', emit: ENGINES.compiled, conflicts: true } as const;
  const compiled = compileRuleSet(document, options);
  if (!compiled.ok) return;
  for (const { code, path, message, witness } of compiled.warnings) {
    process.stderr.write(`warning: ${code} ${path || '/'}: ${message}\n`);
    if (witness) process.stderr.write(`  for example: ${JSON.stringify(witness)}\n`);
  }
}
