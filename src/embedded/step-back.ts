import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** The least important that a process can be. */
const NICE_MAX = 19;
/** Position of the session's id in /proc/self/stat, counted after the process's name. */
const SESSION = 3;

/**
 * Steps back where processors are scarce: answers to tills come first. Threads take over what
 * their creator has, so this comes before they are started.
 */
export function stepBack(increment: number): void {
  const nice = Math.min(getPriority() + increment, NICE_MAX);
  setPriority(nice);
  if (process.platform === 'linux') stepBackSession(nice);
}

/**
 * Outside of control groups Linux gives each session its share, and niceness counts only within
 * one (`man 7 sched`, autogroups). So who leads a session of its own has all of it step back.
 */
function stepBackSession(nice: number): void {
  try {
    const status = readFileSync('/proc/self/stat', 'latin1');
    const session = status.slice(status.lastIndexOf(')') + 2).split(' ')[SESSION];
    if (Number(session) === process.pid) writeFileSync('/proc/self/autogroup', String(nice));
  } catch {
    // A kernel without autogroups has no such file, and niceness counts everywhere.
  }
}
