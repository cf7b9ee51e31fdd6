import { readFileSync } from 'node:fs';

/**
 * lmdb reads through a map of the whole file, and whatever was read stays mapped: the process
 * would seem to grow with its stores. The kernel is told that these pages are not needed at hand;
 * they stay in its cache, and the next read maps them again. The map is read-only and shared, so
 * there is nothing that could be lost (`docs/adr/0026-let-go-of-mapped-pages.md`).
 */

/** `madvise(2)`: the pages may go. */
const MADV_DONTNEED = 4;

type Advise = (from: bigint, bytes: bigint, advice: number) => number;

/** What is used of `node:ffi`, which is experimental. */
interface ForeignFunctions {
  readonly dlopen: (
    library: null,
    signatures: { readonly madvise: object },
  ) => { readonly functions: { readonly madvise: Advise } };
}

let known: { readonly advise: Advise | undefined } | undefined;

/**
 * Lets go of the pages of files that this process has mapped, and tells for how many that could be
 * done. The caller keeps the files open meanwhile, so that their maps stay where they are.
 */
export function letGoOfPages(files: readonly string[]): number {
  known ??= { advise: loadAdvise() };
  const { advise } = known;
  if (!advise) return 0;
  const maps = mapsOf(new Set(files));
  return maps.filter(({ from, to }) => advise(from, to - from, MADV_DONTNEED) === 0).length;
}

/** Where files are mapped for reading only, as `/proc/self/maps` tells. */
function mapsOf(files: ReadonlySet<string>): { readonly from: bigint; readonly to: bigint }[] {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (!files.has(line.slice(line.indexOf('/')))) return [];
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) r--s /.exec(line) ?? [];
      return from && to ? [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }] : [];
    });
}

function loadAdvise(): Advise | undefined {
  if (process.platform !== 'linux') return undefined;
  const { emitWarning } = process;
  // That it is experimental is known, and nothing an operator has to read at every start.
  process.emitWarning = () => {};
  try {
    // Of an unknown shape in versions to come: what does not fit is caught here.
    const ffi = process.getBuiltinModule('node:ffi') as unknown as ForeignFunctions;
    const madvise = { arguments: ['u64', 'u64', 'i32'], return: 'i32' };
    return ffi.dlopen(null, { madvise }).functions.madvise;
  } catch {
    // Another libc, another Node: memory is only shown larger than it needs to be.
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
