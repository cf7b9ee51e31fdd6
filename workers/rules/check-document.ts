import { compileForUse } from './compile-document.ts';
import { type NormalForm, packNormal } from './normal-form.ts';

/** What a document means to this engine, or why it cannot be used. */
export interface DocumentCheck {
  readonly hash: string;
  readonly problems: readonly string[];
}

/** The same, with what other threads need to use the version without compiling it again. */
export interface CheckedDocument extends DocumentCheck {
  readonly normal?: NormalForm;
}

const PROBLEMS_MAX = 20;

/** Compiles a document and has both engines decide the same made-up checkouts. */
export function checkDocument(document: unknown): CheckedDocument {
  const compiled = compileForUse(document);
  if (compiled.ok) {
    const { tree, rules } = compiled.value;
    return { hash: tree.hash, problems: [], normal: packNormal(rules) };
  }
  const problems = compiled.diagnostics
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => `${path || '/'}: ${message}`);
  return { hash: '', problems };
}
