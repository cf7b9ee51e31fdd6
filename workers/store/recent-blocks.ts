import { HASH_BYTES, openBlock } from '../../core/layout/block.ts';
import type { Stretch } from '../../core/layout/rows/row-formatter.ts';
import { sha256 } from '../batch/apply-batch.ts';

export type { Stretch };

/** Bytes of sealed blocks that are kept at hand: some seconds of full load. */
export const RECENT_BLOCKS_BYTES = 16 << 20;
/** Blocks that are kept at hand; under light load they are small and many. */
export const RECENT_BLOCKS_MAX = 2_048;

/** Of each block: partition, first sequence, last sequence, where its bytes start, how many. */
const FIELDS = 5;
/** Positions in `#counters`. */
const BYTES_TAKEN = 0;
const BLOCKS_TAKEN = 1;
const COUNTERS = 2;

/** Shared memory between the threads that seal blocks and the one that formats them. */
export interface RecentMemory {
  readonly counters: SharedArrayBuffer;
  readonly places: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/** Memory for `RecentBlocks`, to be given to each thread. */
export function recentMemory(bytes = RECENT_BLOCKS_BYTES): RecentMemory {
  return {
    counters: new SharedArrayBuffer(COUNTERS * BigInt64Array.BYTES_PER_ELEMENT),
    places: new SharedArrayBuffer(RECENT_BLOCKS_MAX * FIELDS * Float64Array.BYTES_PER_ELEMENT),
    bytes: new SharedArrayBuffer(bytes),
  };
}

/**
 * The blocks that were written last, so that whoever formats them for ClickHouse need not read
 * them from the store: that would map its pages into memory, and they stay there.
 *
 * A ring in shared memory: nothing is allocated, nothing is waited for, the oldest is overwritten.
 * Threads only count up where they may write. So a reader may find a block torn that is just being
 * overwritten; the block's own hash tells, and then the store has it.
 */
export class RecentBlocks {
  readonly #counters: BigInt64Array;
  readonly #places: Float64Array;
  readonly #bytes: Uint8Array;

  constructor(memory: RecentMemory) {
    this.#counters = new BigInt64Array(memory.counters);
    this.#places = new Float64Array(memory.places);
    this.#bytes = new Uint8Array(memory.bytes);
  }

  /** Keeps a block that is durable. */
  put({ partition, first, last }: Stretch, block: Uint8Array): void {
    const capacity = this.#bytes.length;
    if (block.length > capacity) return;
    const start = Number(Atomics.add(this.#counters, BYTES_TAKEN, BigInt(block.length)));
    const at = start % capacity;
    const untilEnd = Math.min(block.length, capacity - at);
    this.#bytes.set(block.subarray(0, untilEnd), at);
    this.#bytes.set(block.subarray(untilEnd), 0);
    const number = Number(Atomics.add(this.#counters, BLOCKS_TAKEN, 1n));
    const place = (number % RECENT_BLOCKS_MAX) * FIELDS;
    this.#places.set([partition, first, last, start, block.length], place);
  }

  /** A copy of the block that holds a ledger sequence; `undefined` when it is not at hand. */
  blockAt(partition: number, sequence: number): Uint8Array | undefined {
    const taken = Number(Atomics.load(this.#counters, BLOCKS_TAKEN));
    const oldest = Math.max(0, taken - RECENT_BLOCKS_MAX);
    for (let number = taken - 1; number >= oldest; number -= 1) {
      const place = (number % RECENT_BLOCKS_MAX) * FIELDS;
      const [whose, first = 0, last = 0] = this.#places.subarray(place, place + FIELDS);
      if (whose !== partition || sequence < first || sequence > last) continue;
      return this.#copy(place, { partition, first, last });
    }
    return undefined;
  }

  #copy(place: number, wanted: Stretch): Uint8Array | undefined {
    const start = this.#places[place + FIELDS - 2] ?? 0;
    const length = this.#places[place + FIELDS - 1] ?? 0;
    const capacity = this.#bytes.length;
    const taken = Number(Atomics.load(this.#counters, BYTES_TAKEN));
    if (length > capacity || start + capacity < taken) return undefined;
    const at = start % capacity;
    const block = new Uint8Array(length);
    const untilEnd = Math.min(length, capacity - at);
    block.set(this.#bytes.subarray(at, at + untilEnd));
    block.set(this.#bytes.subarray(0, length - untilEnd), untilEnd);
    return isWhole(block, wanted) ? block : undefined;
  }
}

/** True when the bytes are all of the block and nothing else. */
function isWhole(block: Uint8Array, { partition, first, last }: Stretch): boolean {
  if (block.length <= HASH_BYTES) return false;
  const hash = sha256(block.subarray(0, -HASH_BYTES));
  if (!hash.equals(block.subarray(-HASH_BYTES))) return false;
  const open = openBlock(block);
  const isLast = open.firstSequence + open.count - 1 === last;
  return open.partition === partition && open.firstSequence === first && isLast;
}
