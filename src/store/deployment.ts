import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { STORE_FORMAT } from '../../core/ledger/partition-meta.ts';
import { failPoint } from '../../workers/fail-point.ts';
import { Fault } from '../fault.ts';

/** What was decided when a store was created, and can never change under it. */
export interface Deployment {
  /** Names this ledger to those who keep copies of it. */
  readonly id: string;
  readonly partitions: number;
  readonly storeFormat: number;
  /** Version of lmdb that wrote the files; another one may corrupt them (trap T4). */
  readonly lmdb: string;
}

const FILE = 'deployment.json';

/** The deployment that a store folder belongs to, or `undefined` for a folder without one. */
export function readDeployment(storePath: string): Deployment | undefined {
  const file = join(storePath, FILE);
  if (!existsSync(file)) return undefined;
  // Written by `openDeployment` below.
  return JSON.parse(readFileSync(file, 'utf8')) as Deployment;
}

/** Creates the record of a new store, or checks that this program fits an existing one. */
export function openDeployment(storePath: string, partitions: number): Deployment {
  const lmdb = lmdbVersion();
  const known = readDeployment(storePath);
  if (!known) return createDeployment(storePath, { partitions, lmdb });

  const facts = { store: storePath };
  if (known.partitions !== partitions) {
    const message =
      `the store was created with ${known.partitions} partitions and cannot be opened with ` +
      `${partitions}: set ARBITER_PARTITIONS=${known.partitions}`;
    throw new Fault('partition-count-differs', message, { retry: 'operator', facts });
  }
  if (known.storeFormat !== STORE_FORMAT) {
    const message =
      `the store has format ${known.storeFormat}, this program writes ${STORE_FORMAT}: ` +
      'run the release that wrote it, or begin in another folder with --data';
    throw new Fault('store-format-differs', message, { retry: 'operator', facts });
  }
  if (known.lmdb !== lmdb) {
    const message =
      `the store was written with lmdb ${known.lmdb}, this program brings ${lmdb}; ` +
      'mixing them can corrupt it: run the version that wrote it';
    throw new Fault('lmdb-version-differs', message, { retry: 'operator', facts });
  }
  return known;
}

function createDeployment(
  storePath: string,
  given: { readonly partitions: number; readonly lmdb: string },
): Deployment {
  const deployment: Deployment = {
    id: randomUUID(),
    partitions: given.partitions,
    storeFormat: STORE_FORMAT,
    lmdb: given.lmdb,
  };
  mkdirSync(storePath, { recursive: true, mode: 0o700 });
  // Renamed into place, so that a crash leaves either no record or a whole one.
  const temporary = join(storePath, `${FILE}.new`);
  writeFileSync(temporary, `${JSON.stringify(deployment, undefined, 2)}\n`, { flush: true });
  renameSync(temporary, join(storePath, FILE));
  failPoint('deployment-created');
  return deployment;
}

/** The package hides its manifest, but not where it lies. */
function lmdbVersion(): string {
  const entry = createRequire(import.meta.url).resolve('lmdb');
  const manifest: unknown = JSON.parse(
    readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'),
  );
  const named = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return named ? String(manifest.version) : 'unknown';
}
