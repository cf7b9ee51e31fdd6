/** What glibc's allocator reads once, when a process starts (`man 3 mallopt`). */
const SETTINGS = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 20),
};
/** Where an operator has set something of the kind, that holds. */
const SET_BY_OPERATOR = [...Object.keys(SETTINGS), 'GLIBC_TUNABLES', 'LD_PRELOAD'];

/**
 * Has the system get the memory of large buffers back as soon as they are freed. By default glibc
 * maps buffers one by one only until the first of them is freed; after that it takes up to 32 MiB
 * each from its arenas, where the rows for ClickHouse leave gaps that nobody fills: some 60 MiB
 * that only grew (`docs/performance.md`).
 *
 * The allocator takes its settings from the environment, so the process replaces itself with the
 * same program, under the same id. Called before anything is opened or started; returns where
 * there is nothing to change.
 */
export function freeLargeBuffersAtOnce(): void {
  const { env, execPath, execArgv, argv, platform } = process;
  if (platform !== 'linux' || process.execve === undefined) return;
  if (SET_BY_OPERATOR.some((name) => env[name] !== undefined)) return;
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, ...SETTINGS });
}
