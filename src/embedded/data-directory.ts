/**
 * Everything a deployment on one machine keeps lies under one folder, and one processor at a time
 * owns it: two would fold the same partitions into the same environments.
 */
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { birthOf } from './processes.ts';

/** The folders of a data directory. */
export type DataLayout = {
  readonly path: string;
  /** The embedded nats-server: its configuration, log and streams. */
  readonly nats: string;
  /** The embedded ClickHouse. */
  readonly clickhouse: string;
  /** The LMDB environments of the partitions and of the rule sets. */
  readonly store: string;
  /** Tokens and the audit list. */
  readonly access: string;
  /** What only matters while processes run: locks and records. */
  readonly run: string;
};

export type DataDirectory = DataLayout & {
  /** Lets the next process have the folder. Safe to call twice. */
  release(): void;
};

/** Where the parts of a data directory lie. Touches nothing. */
export function dataLayout(path: string): DataLayout {
  const root = resolve(path);
  return {
    path: root,
    nats: join(root, 'nats'),
    clickhouse: join(root, 'clickhouse'),
    store: join(root, 'store'),
    access: join(root, 'access'),
    run: join(root, 'run'),
  };
}

/** Creates what is missing and takes the lock, or throws `data-directory-in-use`. */
export function openDataDirectory(path: string): DataDirectory {
  const layout = dataLayout(path);
  try {
    for (const folder of [layout.nats, layout.clickhouse, layout.store, layout.run]) {
      mkdirSync(folder, { recursive: true });
    }
  } catch (cause) {
    throw new Fault('data-directory-unusable', `cannot create the data directory ${layout.path}`, {
      retry: 'operator',
      facts: { path: layout.path },
      cause,
    });
  }
  const lock = join(layout.run, 'processor.lock');
  takeLock(lock, layout.path);
  return { ...layout, release: () => releaseLock(lock) };
}

/** The process that owns a data directory now. */
export function ownerOf(path: string): number | undefined {
  const holder = readHolder(join(dataLayout(path).run, 'processor.lock'));
  return holder !== undefined && isHeld(holder) ? holder.pid : undefined;
}

/** Bytes left on the disk under a folder. */
export function bytesFree(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

type Holder = { readonly pid: number; readonly birth: string; readonly host: string };

/** Stale locks found one after the other; more means that others take the lock all the time. */
const TAKE_ATTEMPTS_MAX = 10;

function takeLock(lock: string, path: string): void {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(thisProcess()));
  try {
    for (let attempt = 0; attempt < TAKE_ATTEMPTS_MAX; attempt += 1) {
      if (tryLink(mine, lock)) return;
      const holder = readHolder(lock);
      if (holder !== undefined && isHeld(holder)) throw inUse(path, holder);
      setAside(lock, holder);
    }
    throw inUse(path, readHolder(lock));
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A link appears with its content or not at all, so nobody reads a lock half written. */
function tryLink(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes a dead process's lock away. Between reading it and moving it another start may have put
 * its own in place; that one is put back.
 */
function setAside(lock: string, dead: Holder | undefined): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && moved.birth !== dead?.birth) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function releaseLock(lock: string): void {
  const holder = readHolder(lock);
  if (holder?.pid === process.pid && holder.birth === thisProcess().birth) {
    rmSync(lock, { force: true });
  }
}

function thisProcess(): Holder {
  return { pid: process.pid, birth: birthOf(process.pid) ?? '', host: hostname() };
}

/** A process of another machine cannot be looked at, so its lock counts until it is removed. */
function isHeld(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  return birthOf(holder.pid) === holder.birth;
}

function readHolder(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function inUse(path: string, holder: Holder | undefined): Fault {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new Fault('data-directory-in-use', `${who} uses the data directory ${path}`, {
    retry: 'operator',
    facts: { path, holder, hint: 'stop that process, or choose another folder with --data' },
  });
}
