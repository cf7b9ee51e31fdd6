import { posix } from 'node:path';
import { isTypeScript, type SourceFile } from './repository.ts';

/** What one file names of another: an import, or a path it runs or reads. */
export interface Reference {
  readonly from: string;
  readonly line: number;
  /** As written: a relative path or the name of a package. */
  readonly written: string;
  /** The path in the repository; `undefined` for a package. */
  readonly to: string | undefined;
}

const IMPORT = /(?:\bfrom\s+|^import\s+|\bimport\()'([^']+)'/gm;
/** Worker files, child processes and the like, which are named by their path. */
const NAMED_FILE = /'(\.{1,2}\/[^']+\.ts)'/g;

/** Imports of a file, static and dynamic, over several lines too. */
export function importsOf(file: SourceFile): Reference[] {
  return isTypeScript(file) ? referencesBy(IMPORT, file) : [];
}

/** Imports, and files named by their relative path. */
export function referencesOf(file: SourceFile): Reference[] {
  return [...importsOf(file), ...(isTypeScript(file) ? referencesBy(NAMED_FILE, file) : [])];
}

function referencesBy(pattern: RegExp, file: SourceFile): Reference[] {
  return [...file.text.matchAll(pattern)].map((match) => {
    const written = match[1] ?? '';
    const isRelative = written.startsWith('.');
    const to = isRelative ? posix.join(posix.dirname(file.path), written) : undefined;
    const line = file.text.slice(0, match.index).split('\n').length;
    return { from: file.path, line, written, to };
  });
}
