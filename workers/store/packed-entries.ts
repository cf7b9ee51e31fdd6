import { ByteWriter } from '../../core/layout/bytes.ts';

/** What an entry of the index or a small member takes: room for most batches without growing. */
const BYTES_PER_ENTRY = 64;

/**
 * Entries of a table, their values behind each other in one piece of memory: a batch of thousands
 * makes thousands of keys and numbers, but no buffers that live as long as the batch.
 */
export class PackedEntries implements Iterable<Entry> {
  readonly keys: string[] = [];
  /** Where each value ends in `bytes`; the next one begins there. */
  readonly ends: number[] = [];
  readonly #writer: ByteWriter;

  constructor(expected: number) {
    this.#writer = new ByteWriter(Math.max(1, expected) * BYTES_PER_ENTRY);
  }

  get length(): number {
    return this.keys.length;
  }

  /** All values. A view, valid until the next entry is added. */
  get bytes(): Uint8Array {
    return this.#writer.view();
  }

  /** Adds an entry whose value is what `write` writes. */
  add(key: string, write: (writer: ByteWriter) => void): void {
    this.keys.push(key);
    write(this.#writer);
    this.ends.push(this.#writer.length);
  }

  *[Symbol.iterator](): Generator<Entry> {
    const { bytes } = this;
    let from = 0;
    for (const [place, key] of this.keys.entries()) {
      const to = this.ends[place] ?? from;
      yield [key, bytes.subarray(from, to)];
      from = to;
    }
  }
}

export type Entry = readonly [key: string, value: Uint8Array];

/** Entries to be put into a table, packed or one by one. */
export type Entries = PackedEntries | readonly Entry[];

/** Bytes of all keys and values. */
export function bytesOfEntries(entries: Entries): number {
  let bytes = 0;
  if (entries instanceof PackedEntries) {
    for (const key of entries.keys) bytes += key.length;
    return bytes + (entries.ends.at(-1) ?? 0);
  }
  for (const [key, value] of entries) bytes += key.length + value.length;
  return bytes;
}
