import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Left for what must be written even when the ledger has stopped: cursors, logs, the servers.
 * Below it nothing at all is given to lmdb.
 */
export const FREE_BYTES_RESERVE = 32 << 20;

/** More than a write of cursors or boundaries adds to its file. */
export const SMALL_WRITE_BYTES = 1 << 20;

/** LMDB writes whole pages, and a changed entry copies its leaf and, at worst, a branch. */
const PAGE_BYTES = 4_096;
const PAGES_PER_ENTRY = 2;

/** A write was not begun, because there may be no room for it. Nothing has changed. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  readonly code: 'disk-nearly-full' | 'store-full';
  readonly facts: Readonly<Record<string, number | string>>;

  constructor(code: NoRoom['code'], facts: NoRoom['facts']) {
    super(code === 'store-full' ? 'the store has reached its size' : 'the disk is nearly full');
    this.code = code;
    this.facts = facts;
  }
}

/** At most what a write of so many entries and bytes adds to the file. */
export function bytesNeeded(entries: number, bytes: number): number {
  return bytes + entries * PAGES_PER_ENTRY * PAGE_BYTES;
}

/**
 * Throws `NoRoom` unless the disk has room for a write and something to spare.
 *
 * Asked before every write, because lmdb must never meet a full disk: its error path writes a
 * message of 101 characters and more into 100 bytes of heap (lmdb 3.5.6, `mdb_page_flush`), and
 * the process dies of that a little later (trap T5).
 */
export function requireDisk(path: string, needed: number, spare = FREE_BYTES_RESERVE): void {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  if (free - needed >= spare) return;
  throw new NoRoom('disk-nearly-full', {
    path,
    bytesFree: free,
    bytesNeeded: needed,
    floor: spare,
  });
}

/**
 * Throws `NoRoom` when an LMDB file would outgrow its limit. lmdb itself has none: a map that is
 * full grows by itself.
 */
export function requireStore(path: string, needed: number, limit: number): void {
  const { size } = statSync(join(path, 'data.mdb'));
  if (size + needed <= limit) return;
  throw new NoRoom('store-full', { path, bytesUsed: size, bytesNeeded: needed, limit });
}
