import type { RulePorts } from '../../ops/rules/ports.ts';
import type { RuleSetVersion } from '../../ops/rules/version.ts';
import { workingCopyDocument } from '../../ops/rules/working-copy.ts';
import { readDocument, UnreadableInput } from './documents.ts';

/** A document that a person named, and the version it is or was made from. */
export interface NamedDocument {
  readonly name: string;
  readonly document: unknown;
  readonly version: RuleSetVersion | undefined;
}

/** `current`, `draft`, the number of a version, or a file. */
export async function namedDocument(ports: RulePorts, word: string): Promise<NamedDocument> {
  if (word === 'draft') {
    const document = await workingCopyDocument(ports);
    if (document.ok) return { name: 'the working copy', ...document };
    throw new UnreadableInput(document.message);
  }
  if (word === 'current' || isNumber(word)) {
    const version = await versionNamed(ports, word);
    const document = await ports.books.documentOf(version);
    return { name: `version ${version.version}`, document, version };
  }
  return { name: word, document: await readDocument(word), version: undefined };
}

export const isNumber = (word: string): boolean => /^\d{1,15}$/.test(word);

async function versionNamed({ books }: RulePorts, word: string): Promise<RuleSetVersion> {
  const number = word === 'current' ? (await books.lastAct())?.version : Number(word);
  if (number === undefined) throw new UnreadableInput('no version is current yet');
  const version = await books.version(number);
  if (version) return version;
  throw new UnreadableInput(`there is no version ${number}`);
}
