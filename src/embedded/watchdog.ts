import { spawn } from 'node:child_process';

/** Asks the process to stop when the line it reads from ends, which it never does but by death. */
const SCRIPT = 'read -r _; kill -TERM "$0" 2>/dev/null';

/**
 * Lets a child process end with this one, even when this one is killed: a shell waits on a pipe
 * that only we hold open. Returns what calls the watch off.
 */
export function stopWithUs(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  return () => watchdog.kill('SIGKILL');
}
