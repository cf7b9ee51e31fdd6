import { posix } from 'node:path';
import type { SourceFile } from './repository.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** Relative links in the README and below docs lead to a file, a folder or a heading. */
export function deadLinks(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.flatMap(({ path }) => withFolders(path)));
  const headings = new Map(files.map((file) => [file.path, headingsOf(file)]));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(LINK)].flatMap((match) => {
        const link = match[1] ?? '';
        if (/^[a-z]+:/.test(link)) return [];
        const [file = '', heading] = link.split('#');
        const to = file === '' ? path : posix.join(posix.dirname(path), file).replace(/\/$/, '');
        const known = paths.has(to) && (!heading || headings.get(to)?.has(heading) !== false);
        return known ? [] : `${path} links to ${link}, which is not there: repair the link`;
      }),
    );
}

function withFolders(path: string): string[] {
  const names = path.split('/');
  return names.map((_, count) => names.slice(0, count + 1).join('/'));
}

/** Headings as links name them: lower case, spaces as hyphens, other signs dropped. */
function headingsOf({ lines }: SourceFile): Set<string> {
  const headings = lines
    .filter((line) => /^#+ /.test(line))
    .map((line) => line.replace(/^#+ /, ''));
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}
