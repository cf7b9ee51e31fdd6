import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { contentHash } from '../../ops/rules/compile.ts';
import type { RuleSetVersion } from '../../ops/rules/version.ts';
import { compileForUse } from '../../workers/rules/compile-document.ts';
import { Fault } from '../fault.ts';
import type { RuleRegistry } from './registry.ts';

export type Published =
  | { readonly ok: true; readonly ruleSet: RuleSetVersion; readonly tree: ArbitrationTree }
  | { readonly ok: false; readonly problems: readonly Diagnostic[] };

/**
 * Compiles a document, stores it as a version and makes it current in every partition, whatever
 * is current: for programs that own their deployment. Operators go through `ops/rules/desk.ts`.
 */
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
  const before = await registry.books.lastAct();
  const at = new Date().toISOString();
  const ruleSet = await registry.books.publish({
    hash: tree.hash,
    content: contentHash(document),
    parent: before?.version,
    author,
    authors: [author],
    at,
    note,
    document,
  });
  if (await given.isActive?.(ruleSet.hash)) return { ok: true, ruleSet, tree };
  const { version, hash } = ruleSet;
  const number = (before?.number ?? 0) + 1;
  const act = {
    number,
    act: 'apply',
    version,
    hash,
    before: before?.version,
    author,
    note,
    at,
  } as const;
  if (await registry.activate(act, partitions)) return { ok: true, ruleSet, tree };
  throw new Fault('rule-set-contended', 'somebody else made a version current just now', {
    retry: 'after-backoff',
    facts: { version },
  });
}
