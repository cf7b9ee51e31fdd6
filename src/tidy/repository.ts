import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A text file of the repository; its path starts at the top folder and uses forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const TOP = fileURLToPath(new URL('../..', import.meta.url));

/** What `.gitignore` keeps out, and git itself. */
const OUTSIDE = /^(\.git|node_modules|data|coverage)$|\.(log|tmp)$/;
const TEXT = /\.(ts|sql|md|json|yaml|yml|csv)$|^\.ci\/run$|^\.(npmrc|gitignore|editorconfig)$/;

/** Every text file of the working copy. It asks no git, so that an unpacked archive is checked. */
export function readRepository(): SourceFile[] {
  return pathsBelow('')
    .filter((path) => TEXT.test(path))
    .map((path) => fileFrom(path, readFileSync(join(TOP, path), 'utf8')));
}

export function fileFrom(path: string, text: string): SourceFile {
  return { path, text, lines: text.split('\n') };
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(TOP, folder), { withFileTypes: true })
    .filter(({ name }) => !OUTSIDE.test(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? pathsBelow(path) : [path];
    });
}

export function isTypeScript({ path }: SourceFile): boolean {
  return path.endsWith('.ts');
}

/** Tests, benchmarks and what only they use: free of the rules that hold for the product. */
export function isForTests({ path }: SourceFile): boolean {
  return /\.(test|bench|suite)\.ts$|(^|\/)testing\//.test(path);
}
