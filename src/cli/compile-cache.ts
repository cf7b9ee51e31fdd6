import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirectory } from '../embedded/cache-directory.ts';

/**
 * Keeps compiled code between starts, for this process and for the threads and processes it
 * starts: most of a cold start is spent on reading TypeScript. A folder of the user's own, because
 * what lies in it is run.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  if (env['NODE_COMPILE_CACHE'] || env['NODE_DISABLE_COMPILE_CACHE']) return;
  try {
    const folder = join(cacheDirectory(env), 'compiled');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enableCompileCache(folder);
    env['NODE_COMPILE_CACHE'] = folder;
  } catch {
    // A read-only home only makes starts slower.
  }
}
