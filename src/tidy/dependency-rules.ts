import { importsOf } from './references.ts';
import { isForTests, type SourceFile } from './repository.ts';

export const DEPENDENCIES_PAGE = 'docs/adr/0001-dependencies.md';

/** A row of the page's tables: the package in the first column, our importers in backticks. */
interface Row {
  readonly name: string;
  readonly importers: readonly string[];
}

export function undocumentedDependencies(files: readonly SourceFile[]): string[] {
  const known = new Set(rowsOf(files).map(({ name }) => name));
  const { dependencies, optionalDependencies, devDependencies } = manifestOf(files);
  return Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies })
    .filter((name) => !known.has(name))
    .map((name) => `${name} has no row in ${DEPENDENCIES_PAGE}: say why we need it`);
}

/** What is imported is asked for by name, not found because a dependency happens to use it. */
export function unlistedPackages(files: readonly SourceFile[]): string[] {
  const { dependencies, optionalDependencies, devDependencies } = manifestOf(files);
  const listed = { ...dependencies, ...optionalDependencies, ...devDependencies };
  return files.flatMap((file) =>
    importsOf(file)
      .filter(({ written, to }) => to === undefined && !written.startsWith('node:'))
      .filter(({ written }) => !(packageOf(written) in listed))
      .map(({ from, line, written }) => `${from}:${line} imports ${written}: npm i it by name`),
  );
}

/** A package is imported where its row says and nowhere else, so that it can be replaced. */
export function strayImports(files: readonly SourceFile[]): string[] {
  const { dependencies, optionalDependencies } = manifestOf(files);
  const runtime = { ...dependencies, ...optionalDependencies };
  const rows = new Map(rowsOf(files).map((row) => [row.name, row]));
  return files
    .filter((file) => !isForTests(file))
    .flatMap((file) =>
      importsOf(file).flatMap(({ from, line, written, to }) => {
        const name = packageOf(written);
        const row = rows.get(name);
        if (to !== undefined || !(name in runtime) || row === undefined) return [];
        if (row.importers.some((place) => from === place || from.startsWith(place))) return [];
        return `${from}:${line} imports ${name}: add the file to ${DEPENDENCIES_PAGE}, or don't`;
      }),
    );
}

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Named;
}

/**
 * A registry that mirrors only some platforms makes npm write a lock that lacks the others, and
 * `npm ci` then refuses that lock everywhere.
 */
export function incompleteLock(files: readonly SourceFile[]): string[] {
  const text = files.find(({ path }) => path === 'package-lock.json')?.text ?? '{}';
  // Written by npm.
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };
  const locked = Object.keys(packages);
  return Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !locked.some((path) => path.endsWith(`node_modules/${name}`)))
      .map(([name, version]) => `package-lock.json lacks ${name} ${version}: npm run fix:lock`),
  );
}

function rowsOf(files: readonly SourceFile[]): Row[] {
  const page = files.find(({ path }) => path === DEPENDENCIES_PAGE);
  return (page?.lines ?? []).flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const name = /^`([^`]+)`/.exec(cells[1] ?? '')?.[1];
    if (name === undefined) return [];
    const importers = [...(cells.at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    return [{ name, importers }];
  });
}

/** `nats/internal` and `@nats-io/kv/x` belong to `nats` and `@nats-io/kv`. */
function packageOf(written: string): string {
  return written.split('/', written.startsWith('@') ? 2 : 1).join('/');
}

type Named = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies?: Named;
  readonly optionalDependencies?: Named;
  readonly devDependencies?: Named;
}

function manifestOf(files: readonly SourceFile[]): Manifest {
  const manifest = files.find(({ path }) => path === 'package.json');
  // Our own file; npm has checked its shape.
  return JSON.parse(manifest?.text ?? '{}') as Manifest;
}
