import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a child process ended. */
export type ExitReason = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Whether a process with this id runs. One that belongs to somebody else runs too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * When a process began, in words that never repeat for the same id: ids are given out again, after
 * a restart of the machine even soon. Undefined when there is no such process.
 */
export function birthOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      return `${boot} ${statusFields(pid)[START_TICKS]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Positions in /proc/<pid>/stat, counted after the process's name. */
const STATE = 0;
const START_TICKS = 19;

function statusFields(pid: number): string[] {
  const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name stands in parentheses and may itself hold blanks and parentheses.
  return status.slice(status.lastIndexOf(')') + 2).split(' ');
}

/** Ended, but not yet collected by its parent: in containers that can stay so for ever. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return statusFields(pid)[STATE] === 'Z';
  } catch {
    return true;
  }
}

const POLL_MS = 20;

/** Waits until a process that is not our child is gone; false when it outlives the time. */
export async function waitUntilGone(pid: number, withinMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
