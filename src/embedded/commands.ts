import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a helper program may say before it is cut off, in bytes. */
const OUTPUT_BYTES_MAX = 4 * 1_024 * 1_024;

/** Runs a program to its end, without a shell, and gives what it printed. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly withinMs: number; readonly folder?: string },
): Promise<string> {
  const { stdout, stderr } = await run(program, [...args], {
    cwd: options.folder,
    timeout: options.withinMs,
    maxBuffer: OUTPUT_BYTES_MAX,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout + stderr;
}
