import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-buffers-'));
  program = join(folder, 'program.ts');
  const module = new URL('./large-buffers.ts', import.meta.url);
  writeFileSync(
    program,
    `import { freeLargeBuffersAtOnce } from ${JSON.stringify(module.href)};
     console.log('begins', process.pid);
     freeLargeBuffersAtOnce();
     const { argv, execArgv, env } = process;
     const said = [argv.slice(2), execArgv, env.MALLOC_MMAP_THRESHOLD_ ?? '', env.OWN];
     console.log('goes on', process.pid, JSON.stringify(said));`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(env: Record<string, string>): string[] {
  const args = ['--no-warnings', program, 'run', '--port', '0'];
  const options = { encoding: 'utf8', env: { OWN: 'kept', ...env } } as const;
  return execFileSync(process.execPath, args, options).trimEnd().split('\n');
}

const begun = /^begins (\d+)$/;

test.runIf(process.platform === 'linux')('a process begins once more, as itself', () => {
  const [first, second, last, ...more] = run({});
  const pid = begun.exec(first ?? '')?.[1];
  expect(pid).toBeDefined();
  expect(second).toBe(first);
  const said = [['run', '--port', '0'], ['--no-warnings'], String(2 ** 20), 'kept'];
  expect(last).toBe(`goes on ${pid} ${JSON.stringify(said)}`);
  expect(more).toEqual([]);
});

test('what an operator set for the allocator holds', () => {
  const lines = run({ MALLOC_MMAP_THRESHOLD_: '4096' });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"4096"');
});
