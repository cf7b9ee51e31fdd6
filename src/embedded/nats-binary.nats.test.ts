import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import { cacheDirectory } from './cache-directory.ts';
import { runCommand } from './commands.ts';
import { obtainByApt } from './nats-apt.ts';
import { natsBinary, natsBinaryOptions } from './nats-binary.ts';
import { archiveName, obtainRelease } from './nats-release.ts';
import { isAtLeast, natsVersion } from './nats-version.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'arbiter-binary-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The server this machine has, or one fetched into the user's own cache as the demo does. */
function anyServer() {
  return natsBinary(natsBinaryOptions(process.env));
}

test('versions are compared by number, not by letter', () => {
  expect(isAtLeast('2.9.4')).toBe(true);
  expect(isAtLeast('2.9.10')).toBe(true);
  expect(isAtLeast('2.9.3')).toBe(false);
  expect(isAtLeast('2.10.0', [2, 9, 99])).toBe(true);
});

test('the cache folder is the one named, else the user-wide one', () => {
  expect(cacheDirectory({ ARBITER_CACHE_DIR: '/c' })).toBe('/c');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/x' })).toBe('/x/arbiter');
  expect(cacheDirectory({})).toMatch(/\/\.cache\/arbiter$/);
});

test('a named program is used, or refused with what to do', async () => {
  const { program } = await anyServer();
  expect(await natsBinary({ program, cacheDirectory: directory })).toMatchObject({ program });
  await expect(
    natsBinary({ program: '/bin/true', cacheDirectory: directory }),
  ).rejects.toMatchObject({
    code: 'embedded-nats-missing',
    message: expect.stringContaining('NATS_SERVER_BIN names /bin/true'),
  });
});

test('a program on the search path is preferred', async () => {
  const { program } = await anyServer();
  const copy = join(directory, 'nats-server');
  await copyFile(program, copy);
  const found = await natsBinary({ searchPath: directory, cacheDirectory: '/nowhere' });
  expect(found.program).toBe(copy);
});

test('the distribution package is fetched and unpacked without root', async (context) => {
  let program: string;
  try {
    program = await obtainByApt(directory);
  } catch (error) {
    return context.skip(`no package source can be reached here: ${error}`);
  }
  expect(await natsVersion(program)).toMatch(/^\d+\.\d+\.\d+$/);
});

/** Serves a release of the real program as the project publishes it. */
async function releaseOf(program: string): Promise<{ server: Server; baseUrl: string }> {
  const name = archiveName(process.platform, process.arch);
  const folder = join(directory, basename(name, '.tar.gz'));
  await mkdir(folder);
  await copyFile(program, join(folder, 'nats-server'));
  const files = ['-C', directory, basename(folder)];
  await runCommand('tar', ['-czf', join(directory, name), ...files], { withinMs: 60_000 });
  const sum = createHash('sha256')
    .update(await readFile(join(directory, name)))
    .digest('hex');
  await writeFile(join(directory, 'SHA256SUMS'), `${sum}  ${name}\n`);

  const server = createServer(async (request, response) => {
    response.end(await readFile(join(directory, basename(request.url ?? ''))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, baseUrl: `http://127.0.0.1:${port}` };
}

test('a release archive is used only when its sum is the published one', async () => {
  const { program } = await anyServer();
  const { server, baseUrl } = await releaseOf(program);
  try {
    const target = await mkdtemp(join(directory, 'target-'));
    const obtained = await obtainRelease(target, { baseUrl, sums: {} });
    expect(await natsVersion(obtained)).toBe(await natsVersion(program));

    const name = archiveName(process.platform, process.arch);
    const other = await mkdtemp(join(directory, 'target-'));
    await expect(
      obtainRelease(other, { baseUrl, sums: { [name]: '0'.repeat(64) } }),
    ).rejects.toThrow('was expected');
    expect(await readdir(other)).toEqual([]);
  } finally {
    server.close();
  }
});

test('faults tell a person what to do', async () => {
  const fault = await natsBinary({ program: '/nowhere', cacheDirectory: directory }).catch(
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(Fault);
  expect(String(fault)).toContain('apt-get install nats-server');
});
