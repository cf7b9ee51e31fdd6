import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseRuleDocument } from '../rules/read-document.ts';

/** Thrown for an input that cannot be read; its message is for the person at the terminal. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

/** Reads a JSON or YAML document from a file, or from standard input when it is named `-`. */
export async function readDocument(file: string): Promise<unknown> {
  const name = file === '-' ? 'standard input' : file;
  const read = parseRuleDocument(await contentOf(file, name));
  if (read.ok) return read.document.value;
  const { line, column } = read.position;
  throw new UnreadableInput(`cannot read ${name}:${line}:${column}: ${read.message}`);
}

async function contentOf(file: string, name: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new UnreadableInput(`cannot read ${name}: ${because}`);
  }
}
