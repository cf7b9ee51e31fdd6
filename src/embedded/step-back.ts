import { getPriority, setPriority } from 'node:os';

/** The least important that a process can be. */
const NICE_MAX = 19;

/**
 * Steps back where processors are scarce: answers to tills come first. Threads take over what
 * their creator has, so this comes before they are started.
 */
export function stepBack(increment: number): void {
  setPriority(Math.min(getPriority() + increment, NICE_MAX));
}
