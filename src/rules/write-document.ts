import { stringify } from 'yaml';

/** A document for a file, so that a git workflow works on it. */
export const asJson = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** The same with a first line that says what it is. */
export function asYaml(document: unknown, head: string): string {
  return `# ${head}\n${stringify(document, { version: '1.2', lineWidth: 100 })}`;
}
