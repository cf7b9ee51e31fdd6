import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { requireDisk, SMALL_WRITE_BYTES } from '../../workers/store/room.ts';

const MAP_BYTES = 64 << 20;

/** Named positions in the ledger of those who follow it, kept durably. */
export class Cursors {
  readonly #path: string;
  readonly #root: RootDatabase<number, string>;
  readonly #cursors: Database<number, string>;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.#root = open<number, string>({
      path,
      noSubdir: false,
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 2,
    });
    this.#cursors = this.#root.openDB<number, string>('cursors', {});
  }

  /** Last ledger sequence that a follower is done with; 0 before its first. */
  get(follower: string, partition: number): number {
    return this.#cursors.get(`${follower}/${partition}`) ?? 0;
  }

  /**
   * Moves cursors; resolves when they are on the disk. The write and its fsync run on a thread of
   * lmdb's, because the caller's is the one that serves the sockets.
   */
  async put(follower: string, positions: ReadonlyMap<number, number>): Promise<void> {
    if (positions.size === 0) return;
    requireDisk(this.#path, SMALL_WRITE_BYTES);
    // Puts of one turn of the event loop are committed together.
    await Promise.all(
      [...positions].map(([partition, sequence]) =>
        this.#cursors.put(`${follower}/${partition}`, sequence),
      ),
    );
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
