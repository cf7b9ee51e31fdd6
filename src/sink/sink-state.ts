import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { assert } from '../../core/assert.ts';
import { requireDisk, SMALL_WRITE_BYTES } from '../../workers/store/room.ts';
import { Fault } from '../fault.ts';
import { advanced, type Positions, rewound } from './cut-block.ts';
import type { LedgerRange } from './ledger-tail.ts';

/** A sink block: what one round of inserts carries. Its boundaries never change. */
export interface SinkBlock {
  readonly generation: number;
  /** From 1 without gaps within its generation. */
  readonly number: number;
  readonly ranges: readonly LedgerRange[];
}

/** How far the sink has come. */
export interface SinkPosition {
  readonly generation: number;
  /** Number of the last block that ClickHouse is known to hold. */
  readonly block: number;
  readonly cursor: Positions;
}

export interface SinkStateOptions {
  /** The folder of the sink's own LMDB environment. */
  readonly path: string;
  /** The deployment whose ledger it follows. */
  readonly deployment: string;
  /** Boundaries kept for a ClickHouse that comes back older than it was. */
  readonly blocksKept?: number;
}

/**
 * Boundaries kept: hours under full load, days otherwise, and about 20 MB. They lie in a ring of
 * slots that are overwritten and never deleted (trap T3).
 */
export const BLOCKS_KEPT = 50_000;
const MAP_BYTES = 2 ** 30;
const FORMAT = 1;
const POSITION = 'position';

/** As stored: JSON, because there is little of it and a person may have to read it. */
type StoredPosition = {
  readonly format: number;
  readonly deployment: string;
  readonly generation: number;
  readonly block: number;
  readonly cursor: readonly (readonly [number, number])[];
};

/**
 * What the sink must remember over a crash. A write is synced to the disk when its promise
 * resolves (`overlappingSync: false`), so a block is written down before the first byte of it is
 * sent. It runs on a thread of lmdb's: the caller's is the one that serves the sockets.
 */
export class SinkState {
  readonly deployment: string;
  readonly #root: RootDatabase<SinkBlock | StoredPosition, string>;
  readonly #blocks: Database<SinkBlock, number>;
  readonly #positions: Database<StoredPosition, string>;
  readonly #path: string;
  readonly #blocksKept: number;
  #position: SinkPosition;

  constructor({ path, deployment, blocksKept = BLOCKS_KEPT }: SinkStateOptions) {
    mkdirSync(path, { recursive: true });
    this.deployment = deployment;
    this.#path = path;
    this.#blocksKept = blocksKept;
    this.#root = open({
      path,
      maxDbs: 2,
      mapSize: MAP_BYTES,
      overlappingSync: false,
      encoding: 'json',
    });
    this.#blocks = this.#root.openDB({ name: 'blocks', keyEncoding: 'uint32' });
    this.#positions = this.#root.openDB({ name: 'positions' });
    this.#position = this.#read();
  }

  get position(): SinkPosition {
    return this.#position;
  }

  /** The block that was written down and not yet finished: it is sent as it was written. */
  pending(): SinkBlock | undefined {
    return this.#blockOf(this.#position.block + 1);
  }

  /** Writes the boundaries of the next block down. */
  async begin(ranges: readonly LedgerRange[]): Promise<SinkBlock> {
    assert(this.pending() === undefined, 'one block is sent after the other');
    const { generation, block } = this.#position;
    const next: SinkBlock = { generation, number: block + 1, ranges };
    requireDisk(this.#path, SMALL_WRITE_BYTES);
    await this.#blocks.put(this.#slotOf(next.number), next);
    return next;
  }

  /** ClickHouse holds the block: the cursor moves behind it. */
  async finish({ generation, number, ranges }: SinkBlock): Promise<void> {
    assert(number === this.#position.block + 1, 'blocks are finished in order', number);
    await this.#write({
      generation,
      block: number,
      cursor: advanced(this.#position.cursor, ranges),
    });
  }

  /** Goes back behind block `number`. False if the boundaries since then were not all kept. */
  async rewind(number: number): Promise<boolean> {
    let { cursor } = this.#position;
    for (let passed = this.#position.block; passed > number; passed -= 1) {
      const block = this.#blockOf(passed);
      if (block === undefined) return false;
      cursor = rewound(cursor, block.ranges);
    }
    await this.#write({ ...this.#position, block: number, cursor });
    return true;
  }

  /** Starts again at the first ledger sequence, under tokens that were never used. */
  async rebuild(): Promise<void> {
    await this.#write({ generation: this.#position.generation + 1, block: 0, cursor: new Map() });
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #blockOf(number: number): SinkBlock | undefined {
    const block = this.#blocks.get(this.#slotOf(number));
    const isIt = block?.number === number && block.generation === this.#position.generation;
    return isIt ? block : undefined;
  }

  #slotOf(number: number): number {
    return number % this.#blocksKept;
  }

  #read(): SinkPosition {
    const stored = this.#positions.get(POSITION);
    if (stored === undefined) return { generation: 1, block: 0, cursor: new Map() };
    if (stored.format !== FORMAT || stored.deployment !== this.deployment) {
      throw new Fault('sink-state-foreign', 'the sink folder belongs to another deployment', {
        retry: 'operator',
        facts: { format: stored.format, found: stored.deployment, expected: this.deployment },
      });
    }
    const { generation, block, cursor } = stored;
    return { generation, block, cursor: new Map(cursor) };
  }

  async #write(position: SinkPosition): Promise<void> {
    const { generation, block, cursor } = position;
    const { deployment } = this;
    requireDisk(this.#path, SMALL_WRITE_BYTES);
    const stored = { format: FORMAT, deployment, generation, block, cursor: [...cursor] };
    await this.#positions.put(POSITION, stored);
    this.#position = position;
  }
}
