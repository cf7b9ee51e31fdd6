import { homedir } from 'node:os';
import { join } from 'node:path';

/** Arbiter's cache folder: `ARBITER_CACHE_DIR`, or the user's cache folder as XDG has it. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const own = environment['ARBITER_CACHE_DIR'];
  return own || join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'arbiter');
}
