import { importsOf, referencesOf } from './references.ts';
import { isForTests, isTypeScript, type SourceFile } from './repository.ts';

/** Files that people, npm or a tool start; everything else is imported by somebody. */
const ENTRY_POINTS = [
  /^vitest\.config\.ts$/,
  /^src\/cli\/main\.ts$/,
  /^src\/reference\/write\.ts$/,
  /^(src|loadtest)\/[a-z]+\/write-[a-z-]+\.ts$/,
  /^loadtest\/(.*\/)?(bench|main|run)\.ts$/,
  /\.(test|bench)\.ts$/,
];

export function filesNobodyImports(files: readonly SourceFile[]): string[] {
  const used = new Set(files.flatMap(referencesOf).map(({ to }) => to));
  const scripts = files.find(({ path }) => path === 'package.json')?.text ?? '';
  return files
    .filter(isTypeScript)
    .map(({ path }) => path)
    .filter((path) => !used.has(path) && !scripts.includes(path))
    .filter((path) => !ENTRY_POINTS.some((entry) => entry.test(path)))
    .map((path) => `${path} is imported by nobody: delete it, or list it in ENTRY_POINTS`);
}

/** Where each folder may import from, besides itself. */
const ARROWS: Readonly<Record<string, readonly RegExp[]>> = {
  core: [],
  workers: [/^core\//],
  src: [/^core\//, /^workers\//, /^ops\//],
  ops: [/^core\//],
  // The load is a black box: it shares the input's vocabulary and speaks NATS and HTTP.
  loadtest: [/^core\//, /^src\/generate\//, /^src\/client\//],
};
/** The composition of the test run itself. */
const FREE = new Set(['vitest.config.ts', '.ci']);

export function wrongArrows(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const top = topOf(file.path);
    const allowed = ARROWS[top];
    return importsOf(file).flatMap(({ from, line, to, written }) => {
      if (to === undefined || FREE.has(top) || topOf(to) === top) return [];
      if (allowed?.some((arrow) => arrow.test(to))) return [];
      if (to.startsWith('.ci/') && top === 'src' && isForTests(file)) return [];
      return `${from}:${line} imports ${written}: ${top} may not know ${topOf(to)}`;
    });
  });
}

/** Core runs without any package; its tests may use what the repository has. */
export function packagesInCore(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith('core/') && !isForTests(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ to }) => to === undefined)
        .map(
          ({ from, line, written }) => `${from}:${line} imports ${written}: core uses no package`,
        ),
    );
}

const NAMELESS = new Set([
  'utils',
  'util',
  'types',
  'helpers',
  'services',
  'common',
  'shared',
  'lib',
]);

export function namelessFolders(files: readonly SourceFile[]): string[] {
  const folders = new Set(files.map(({ path }) => path.split('/').slice(0, -1).join('/')));
  return [...folders]
    .filter((folder) => folder.split('/').some((name) => NAMELESS.has(name)))
    .map((folder) => `${folder}/: name the folder after what it is about`);
}

/** A default export has no name of its own; a barrel hides where things are. */
export function hiddenNames(files: readonly SourceFile[]): string[] {
  return files.filter(isTypeScript).flatMap(({ path, text }) => {
    const problems: string[] = [];
    if (/^export default\b/m.test(text) && path !== 'vitest.config.ts') {
      problems.push(`${path} has a default export: export it by its name`);
    }
    if (/(^|\/)index\.ts$/.test(path) || /^export \* from\b/m.test(text)) {
      problems.push(`${path} is a barrel: import from the file that has the thing`);
    }
    return problems;
  });
}

function topOf(path: string): string {
  return path.split('/')[0] ?? '';
}
