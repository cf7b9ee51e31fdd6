import { isForTests, isTypeScript, type SourceFile } from './repository.ts';

const LINE_LETTERS_MAX = 100;
/** Prose reads well a little wider than code. */
const PROSE_LETTERS_MAX = 120;
const FILE_LINES_MAX = 500;

/** Written by a program, or data in a form that others chose. */
const GENERATED_OR_DATA = /^docs\/reference\/|^package-lock\.json$|\.(yaml|json|csv)$/;
/** Expected output keeps its own lines, and a migration that has run somewhere is never edited. */
const FIXED = /\.test\.ts$|^src\/clickhouse\/migrations\//;
/** Tables and links cannot be broken in Markdown, texts for people and long names not in code. */
const UNBREAKABLE_PROSE = /^\s*\||\]\(|https?:\/\//;
const UNBREAKABLE_CODE = /['"`]|^\s*\S+$/;

export function longLines(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !GENERATED_OR_DATA.test(path) && !FIXED.test(path))
    .flatMap(({ path, lines }) => {
      const isProse = path.endsWith('.md');
      const max = isProse ? PROSE_LETTERS_MAX : LINE_LETTERS_MAX;
      const unbreakable = isProse ? UNBREAKABLE_PROSE : UNBREAKABLE_CODE;
      return lines.flatMap((line, at) => {
        if (line.length <= max || unbreakable.test(line)) return [];
        return `${path}:${at + 1} has ${line.length} letters: break it at ${max}`;
      });
    });
}

export function longFiles(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !GENERATED_OR_DATA.test(path))
    .filter(({ lines }) => lines.length > FILE_LINES_MAX + 1)
    .map(
      ({ path, lines }) => `${path} has ${lines.length} lines: split it below ${FILE_LINES_MAX}`,
    );
}

/** Work left behind is an issue with a number, or it is forgotten. */
export function unnumberedTasks(files: readonly SourceFile[]): string[] {
  return matches(files, {
    pattern: /\b(TO[D]O|FIX[M]E)\b(?!.*#\d+)/,
    advice: 'open an issue and name its number as #12, or do it now',
  });
}

/** The repository speaks of itself: it runs on any machine and installs from any registry. */
export function machinePaths(files: readonly SourceFile[]): string[] {
  return matches(files, {
    pattern: /(^|[\s"'`(=:])\/(home|root|work|Users)\/|\bregistry\.[a-z0-9.-]+\.(org|com|io|net)\b/,
    advice: 'name no folder or registry of one machine',
  });
}

/** What makes a decision differ between two runs over the same log. */
const IMPURE = [
  { pattern: /\b(async|await)\b|\bPromise\b/, what: 'waits' },
  {
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bprocess\./,
    what: 'reads the machine',
  },
  { pattern: /\bMath\.random\b|\bcrypto\./, what: 'draws a random number' },
  { pattern: /'node:|\brequire\(|\bset(Timeout|Interval|Immediate)\b/, what: 'does IO' },
];

export function impureCore(files: readonly SourceFile[]): string[] {
  const core = files.filter(
    (file) => file.path.startsWith('core/') && isTypeScript(file) && !isForTests(file),
  );
  return IMPURE.flatMap(({ pattern, what }) =>
    matches(core.map(withoutComments), {
      pattern,
      advice: `core ${what} here: pass what it needs in as an argument`,
    }),
  );
}

/** Text of a rule set never becomes a program: nothing in the product makes one out of text. */
export function generatedSource(files: readonly SourceFile[]): string[] {
  const product = files.filter(
    (file) => isTypeScript(file) && !isForTests(file) && !file.path.startsWith('src/tidy/'),
  );
  return matches(product.map(withoutComments), {
    pattern: /\beval\s*\(|\bnew Function\b|'node:vm'|\bFunction\s*\(/,
    advice: 'make closures out of data, never source out of text',
  });
}

/** Comments may speak of clocks and promises; the lines keep their numbers. */
function withoutComments(file: SourceFile): SourceFile {
  const text = file.text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/\/\/.*$/gm, '');
  return { path: file.path, text, lines: text.split('\n') };
}

function matches(
  files: readonly SourceFile[],
  { pattern, advice }: { readonly pattern: RegExp; readonly advice: string },
): string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (pattern.test(line) ? `${path}:${at + 1}: ${advice}` : [])),
  );
}
