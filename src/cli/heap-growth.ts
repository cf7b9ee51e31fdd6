import { setFlagsFromString } from 'node:v8';

/** By how much a heap may outgrow what lived after a full collection, before the next one. */
const GROWTH_PERCENT = 100;

/**
 * Fewer full collections, for processes that pass many bytes on. V8 grows a heap that allocates
 * little by 8 MiB between two of them, and counts buffers outside the heap in it; the main thread
 * hands on as much in half a second. Each collection took 70 ms of it and as much of each of V8's
 * helpers, and made every batch wait that was on its way (`docs/performance.md`).
 *
 * Called before anything else is started. V8 reads the flag at the end of each collection, in
 * every thread; heaps that seldom collect hardly notice.
 */
export function collectLessOften(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
