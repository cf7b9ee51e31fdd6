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

  /** Moves cursors in one durable write. */
  put(follower: string, positions: ReadonlyMap<number, number>): void {
    if (positions.size === 0) return;
    requireDisk(this.#path, SMALL_WRITE_BYTES);
    this.#root.transactionSync(() => {
      for (const [partition, sequence] of positions) {
        void this.#cursors.put(`${follower}/${partition}`, sequence);
      }
    });
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
