import { execFileSync } from 'node:child_process';
import { test } from 'vitest';

const PATIENCE_MS = 600_000;

// Part of `npm test`, so that one command and one closing line speak for the types and the lint
// too; `npm run check` runs the same two commands first, because they are the fastest to fail.
test.each(['check:types', 'check:lint'])(
  'npm run %s has nothing to say',
  {
    timeout: PATIENCE_MS,
  },
  (script) => run(script),
);

function run(script: string): void {
  try {
    execFileSync('npm', ['run', '--silent', script], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // What `execFileSync` throws carries what the command printed.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm run ${script} fails:\n${stdout}${stderr}`);
  }
}
