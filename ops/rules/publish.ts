import type { RuleCommand } from './commands.ts';
import { compileDocument, contentHash } from './compile.ts';
import type { RulePorts } from './ports.ts';
import { type Refusal, refused } from './refusal.ts';
import type { RuleSetVersion } from './version.ts';

/** Makes a document that compiles a version. */
export async function publishDocument(
  { books, now, compile }: Pick<RulePorts, 'books' | 'now' | 'compile'>,
  given: Pick<RuleCommand, 'author' | 'note'> & {
    readonly document: unknown;
    readonly parent: number | undefined;
    readonly authors: readonly string[];
  },
): Promise<{ readonly ok: true; readonly version: RuleSetVersion } | Refusal> {
  const { document, parent, author, authors, note } = given;
  if (parent !== undefined && !(await books.version(parent))) return unknownVersion(parent);
  const compiled = compile ? await compile(document) : compileDocument(document);
  if (!compiled.ok) return compiled;
  const version = await books.publish({
    hash: compiled.hash,
    content: contentHash(document),
    parent,
    author: author.name,
    authors,
    at: new Date(now()).toISOString(),
    note,
    document,
  });
  return { ok: true, version };
}

export function unknownVersion(number: number): Refusal {
  return refused('unknown-version', `there is no version ${number}`);
}
