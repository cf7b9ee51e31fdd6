import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout, ownerOf } from '../embedded/data-directory.ts';

/** Where the parts of a running system listen, for commands on the same data directory. */
export interface Endpoints {
  readonly natsUrls: readonly string[];
  readonly clickhouseUrl: string;
  readonly httpUrl: string | undefined;
}

const FILE = 'endpoints.json';

export function writeEndpoints(dataPath: string, endpoints: Endpoints): void {
  const file = join(dataLayout(dataPath).run, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(endpoints), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeEndpoints(dataPath: string): void {
  rmSync(join(dataLayout(dataPath).run, FILE), { force: true });
}

/** Where the system that runs on this data directory listens; `undefined` if none runs. */
export function runningEndpoints(dataPath: string): Endpoints | undefined {
  const file = join(dataLayout(dataPath).run, FILE);
  if (ownerOf(dataPath) === undefined || !existsSync(file)) return undefined;
  // Written by `writeEndpoints` above.
  return JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
}
