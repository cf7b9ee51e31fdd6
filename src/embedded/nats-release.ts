import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './commands.ts';

/** The release that is fetched where there is no distribution package. */
export const NATS_RELEASE = '2.12.7';

export type ReleaseSource = {
  readonly baseUrl: string;
  /** SHA-256 by archive name; for others the project's own list of sums is asked. */
  readonly sums: Readonly<Record<string, string>>;
};

export const RELEASE_SOURCE: ReleaseSource = {
  baseUrl: `https://github.com/nats-io/nats-server/releases/download/v${NATS_RELEASE}`,
  sums: {
    [archiveName('linux', 'x64')]:
      '570d2d627db111e679cc1e6bc57ba78f373ed1769acd8dc9c21c8f62d15b3c52',
    [archiveName('linux', 'arm64')]:
      '3b9a79986778285c0e5acaba0b1218b72f6159db68fe5b8916a7d846240f9f22',
  },
};

const DOWNLOAD_MS_MAX = 180_000;
const ARCHIVE_BYTES_MAX = 64 * 1_024 * 1_024;
const UNPACK_MS_MAX = 60_000;

export function archiveName(platform: string, architecture: string): string {
  const machine = architecture === 'x64' ? 'amd64' : architecture;
  return `nats-server-v${NATS_RELEASE}-${platform}-${machine}.tar.gz`;
}

/** Fetches the project's release archive into a folder, checks its sum and unpacks it there. */
export async function obtainRelease(
  folder: string,
  source: ReleaseSource = RELEASE_SOURCE,
): Promise<string> {
  const name = archiveName(process.platform, process.arch);
  const archive = await download(`${source.baseUrl}/${name}`);
  const expected = source.sums[name] ?? (await publishedSum(source.baseUrl, name));
  const sum = createHash('sha256').update(archive).digest('hex');
  if (sum !== expected) {
    throw new Error(`${name} has the SHA-256 ${sum}, but ${expected} was expected`);
  }
  await writeFile(join(folder, name), archive);
  await runCommand('tar', ['-xzf', name], { withinMs: UNPACK_MS_MAX, folder });
  return join(folder, name.replace(/\.tar\.gz$/, ''), 'nats-server');
}

async function publishedSum(baseUrl: string, name: string): Promise<string> {
  const list = (await download(`${baseUrl}/SHA256SUMS`)).toString('utf8');
  const line = list.split('\n').find((one) => one.trim().endsWith(name));
  const sum = line?.trim().split(/\s+/)[0];
  if (sum === undefined) throw new Error(`${baseUrl}/SHA256SUMS does not name ${name}`);
  return sum;
}

async function download(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS_MAX) });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);

  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > ARCHIVE_BYTES_MAX) throw new Error(`${url} is larger than ${ARCHIVE_BYTES_MAX} B`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
