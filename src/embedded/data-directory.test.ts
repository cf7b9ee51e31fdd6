import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesFree, dataLayout, openDataDirectory, ownerOf } from './data-directory.ts';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'arbiter-data-'));
});

afterEach(() => {
  rmSync(path, { recursive: true, force: true });
});

const MODULE = JSON.stringify(new URL('./data-directory.ts', import.meta.url).href);

/** A process of its own that opens the folder, says so, and stays. */
async function otherProcess(): Promise<{ pid: number; kill(): Promise<void> }> {
  const program = `
    import { openDataDirectory } from ${MODULE};
    openDataDirectory(${JSON.stringify(path)});
    console.log('open');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a data directory has a folder for each part and space on its disk', () => {
  const directory = openDataDirectory(path);
  expect(readdirSync(path).toSorted()).toEqual(['clickhouse', 'nats', 'run', 'store']);
  expect(directory).toMatchObject(dataLayout(path));
  expect(bytesFree(path)).toBeGreaterThan(0);
  directory.release();
});

test('two processors never share a data directory, one after the other may have it', () => {
  const first = openDataDirectory(path);
  expect(ownerOf(path)).toBe(process.pid);
  expect(() => openDataDirectory(path)).toThrow(
    expect.objectContaining({ code: 'data-directory-in-use', retry: 'operator' }),
  );
  first.release();
  first.release();
  expect(ownerOf(path)).toBeUndefined();
  openDataDirectory(path).release();
});

test('a living processor is named, a killed one leaves the folder free', async () => {
  const other = await otherProcess();
  expect(ownerOf(path)).toBe(other.pid);
  expect(() => openDataDirectory(path)).toThrow(`process ${other.pid} on `);

  await other.kill();
  expect(ownerOf(path)).toBeUndefined();
  const next = openDataDirectory(path);
  expect(ownerOf(path)).toBe(process.pid);
  next.release();
});

test('a folder that cannot be made is a fault for a person', () => {
  writeFileSync(join(path, 'a-file'), '');
  expect(() => openDataDirectory(join(path, 'a-file'))).toThrow(
    expect.objectContaining({ code: 'data-directory-unusable', retry: 'operator' }),
  );
});
