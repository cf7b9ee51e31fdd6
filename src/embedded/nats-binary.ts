import { access, chmod, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Fault, messageOf } from '../fault.ts';
import { cacheDirectory } from './cache-directory.ts';
import { obtainByApt } from './nats-apt.ts';
import { NATS_RELEASE, obtainRelease, type ReleaseSource } from './nats-release.ts';
import { isAtLeast, natsVersion } from './nats-version.ts';

/** Where to look for the server's program, and where to put it when it has to be fetched. */
export type NatsBinaryOptions = {
  /** `NATS_SERVER_BIN`: this program and no other. */
  readonly program?: string | undefined;
  /** `PATH`. */
  readonly searchPath?: string | undefined;
  readonly cacheDirectory: string;
  /** Told what takes long, in words for a person. */
  readonly report?: ((line: string) => void) | undefined;
  readonly release?: ReleaseSource | undefined;
};

export type NatsBinary = { readonly program: string; readonly version: string };

/** System folders that a plain user's PATH leaves out on Debian, and where macOS installs to. */
const ALSO_SEARCHED = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

const HINT =
  'install nats-server 2.9.4 or newer (Debian, Ubuntu: `apt-get install nats-server`; others: ' +
  'https://github.com/nats-io/nats-server/releases), name its program in NATS_SERVER_BIN, ' +
  'or configure the URL of a server that runs already';

/** The environment's say in where the server comes from. */
export function natsBinaryOptions(environment: NodeJS.ProcessEnv): NatsBinaryOptions {
  return {
    program: environment['NATS_SERVER_BIN'] || undefined,
    searchPath: environment['PATH'],
    cacheDirectory: cacheDirectory(environment),
  };
}

/** Finds a usable nats-server, or obtains one into the cache folder without root. */
export async function natsBinary(options: NatsBinaryOptions): Promise<NatsBinary> {
  if (options.program !== undefined) {
    const named = await usable(options.program);
    if (named !== undefined) return named;
    throw missing(`NATS_SERVER_BIN names ${options.program}, which is no usable nats-server`, []);
  }
  const folders = [...(options.searchPath ?? '').split(delimiter), ...ALSO_SEARCHED];
  const cached = cachedProgram(options.cacheDirectory);
  for (const program of [...folders.filter(Boolean).map(programIn), cached]) {
    const found = await usable(program);
    if (found !== undefined) return found;
  }
  return obtain(options, cached);
}

function programIn(folder: string): string {
  return join(folder, 'nats-server');
}

function cachedProgram(cache: string): string {
  return join(cache, 'nats-server', 'nats-server');
}

async function usable(program: string): Promise<NatsBinary | undefined> {
  if (!(await isExecutable(program))) return undefined;
  const version = await natsVersion(program);
  return version !== undefined && isAtLeast(version) ? { program, version } : undefined;
}

async function isExecutable(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function obtain(options: NatsBinaryOptions, target: string): Promise<NatsBinary> {
  const report = options.report ?? (() => {});
  const sources = [
    {
      name: 'the package nats-server of this system (apt-get download)',
      fetch: obtainByApt,
      offered: await isExecutable('/usr/bin/apt-get'),
    },
    {
      name: `the release ${NATS_RELEASE} of nats-server`,
      fetch: (folder: string) => obtainRelease(folder, options.release),
      offered: true,
    },
  ];
  const reasons: string[] = [];
  for (const source of sources.filter(({ offered }) => offered)) {
    report(`fetching ${source.name} into ${options.cacheDirectory}`);
    try {
      return await install(source.fetch, { cache: options.cacheDirectory, target });
    } catch (error) {
      reasons.push(`${source.name}: ${messageOf(error).trim().split('\n').at(-1)}`);
    }
  }
  throw missing('no nats-server was found and none could be fetched', reasons);
}

/** Fetches beside the target and moves the program there whole, so that starts may race. */
async function install(
  fetch: (folder: string) => Promise<string>,
  { cache, target }: { cache: string; target: string },
): Promise<NatsBinary> {
  await mkdir(join(cache, 'nats-server'), { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetching-'));
  try {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    const binary = await usable(fetched);
    if (binary === undefined) throw new Error('what was fetched is too old or does not run here');
    await rename(fetched, target);
    return { program: target, version: binary.version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function missing(message: string, reasons: readonly string[]): Fault {
  const tried = reasons.map((reason) => `\n  tried ${reason}`).join('');
  return new Fault('embedded-nats-missing', `${message}: ${HINT}${tried}`, {
    retry: 'operator',
    facts: { reasons },
  });
}
