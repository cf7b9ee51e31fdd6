import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { compileForUse } from '../../workers/rules/compile-document.ts';
import type { StoredRuleSet } from '../../workers/rules/rules-store.ts';
import type { RuleRegistry } from './registry.ts';

export type Published =
  | { readonly ok: true; readonly ruleSet: StoredRuleSet; readonly tree: ArbitrationTree }
  | { readonly ok: false; readonly problems: readonly Diagnostic[] };

/** Compiles a document, stores it as a version and makes it current in every partition. */
export async function publishDocument(
  registry: RuleRegistry,
  given: {
    readonly document: unknown;
    readonly author: string;
    readonly note: string;
    readonly partitions: number;
    /** Whether this version is current in every partition already; then nothing is activated. */
    readonly isActive?: (hash: string) => Promise<boolean>;
  },
): Promise<Published> {
  const { document, author, note, partitions } = given;
  const compiled = compileForUse(document);
  if (!compiled.ok) return { ok: false, problems: compiled.diagnostics };

  const { tree } = compiled.value;
  const ruleSet = await registry.publish({ hash: tree.hash, author, note, document });
  if (await given.isActive?.(ruleSet.hash)) return { ok: true, ruleSet, tree };
  await registry.activate(ruleSet, { partitions, at: new Date().toISOString() });
  return { ok: true, ruleSet, tree };
}
