import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './commands.ts';

/** Fetching the package lists of a distribution takes seconds, on a poor line minutes. */
const APT_MS_MAX = 180_000;
const UNPACK_MS_MAX = 60_000;

/**
 * Fetches the distribution's own nats-server into a folder and unpacks it there. Needs no root:
 * nothing is installed, and where the system's package lists are missing, as in fresh containers,
 * it keeps lists of its own in that folder.
 */
export async function obtainByApt(folder: string): Promise<string> {
  const options = { withinMs: APT_MS_MAX, folder };
  try {
    await runCommand('apt-get', ['download', 'nats-server'], options);
  } catch {
    const own = await ownLists(join(folder, 'apt'));
    await runCommand('apt-get', [...own, 'update'], options);
    await runCommand('apt-get', [...own, 'download', 'nats-server'], options);
  }
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get brought no package');

  await runCommand('dpkg-deb', ['-x', archive, 'unpacked'], { withinMs: UNPACK_MS_MAX, folder });
  return join(folder, 'unpacked', 'usr', 'sbin', 'nats-server');
}

async function ownLists(folder: string): Promise<string[]> {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = {
    'Dir::State::lists': lists,
    'Dir::Cache': cache,
    // The sandbox user could not write here.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
