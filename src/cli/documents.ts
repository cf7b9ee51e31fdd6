import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

/** Thrown for an input that cannot be read; its message is for the person at the terminal. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

/** Reads a JSON or YAML document from a file, or from standard input when it is named `-`. */
export async function readDocument(file: string): Promise<unknown> {
  try {
    const content = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
    return parse(content);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new UnreadableInput(`cannot read ${file === '-' ? 'standard input' : file}: ${because}`);
  }
}
