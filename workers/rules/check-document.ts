import { compileForUse } from './compile-document.ts';

/** What a document means to this engine, or why it cannot be used. */
export interface DocumentCheck {
  readonly hash: string;
  readonly problems: readonly string[];
}

const PROBLEMS_MAX = 20;

/** Compiles a document and has both engines decide the same made-up checkouts. */
export function checkDocument(document: unknown): DocumentCheck {
  const compiled = compileForUse(document);
  if (compiled.ok) return { hash: compiled.value.tree.hash, problems: [] };
  const problems = compiled.diagnostics
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => `${path || '/'}: ${message}`);
  return { hash: '', problems };
}
