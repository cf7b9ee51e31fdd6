import type { ByteWriter } from '../../core/layout/bytes.ts';

/**
 * Entries of a table, their values behind each other in one piece of memory: a batch of thousands
 * makes thousands of keys and numbers, but no buffers that live as long as the batch.
 */
export class PackedEntries implements Iterable<Entry> {
  readonly keys: string[] = [];
  readonly #starts: number[] = [];
  readonly #writer: ByteWriter;

  /** What the writer holds is forgotten: it lends its memory. */
  constructor(writer: ByteWriter) {
    writer.reset();
    this.#writer = writer;
  }

  get length(): number {
    return this.keys.length;
  }

  /** All values. A view, valid until the next entry is added. */
  get bytes(): Uint8Array {
    return this.#writer.view();
  }

  /** Begins an entry. Its value is what is written now, before the next entry begins. */
  add(key: string): ByteWriter {
    this.keys.push(key);
    this.#starts.push(this.#writer.length);
    return this.#writer;
  }

  /** Where the value of an entry ends in `bytes`; the next one begins there. */
  endOf(place: number): number {
    return this.#starts[place + 1] ?? this.#writer.length;
  }

  *[Symbol.iterator](): Generator<Entry> {
    const { bytes } = this;
    for (const [place, key] of this.keys.entries()) {
      yield [key, bytes.subarray(this.#starts[place], this.endOf(place))];
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
    return bytes + entries.bytes.length;
  }
  for (const [key, value] of entries) bytes += key.length + value.length;
  return bytes;
}
