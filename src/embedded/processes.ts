import { readFileSync } from 'node:fs';

/** Whether a process with this id runs. One that belongs to somebody else runs too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ended, but not yet collected by its parent: in containers that can stay so for ever. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before the state is in parentheses and may itself hold parentheses.
    return status.charAt(status.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return true;
  }
}
