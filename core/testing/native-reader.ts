import { assert } from '../assert.ts';

/** What a `Native` block says, slowly and obviously: for tests. */
export interface ReadBlock {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Reads one block of the types we write. Integers of eight bytes become bigint. */
export function readNativeBlock(bytes: Uint8Array): ReadBlock {
  if (bytes.length === 0) return { names: [], types: [], rows: [] };
  const reader = new Reader(bytes);
  const columnCount = reader.count();
  const rowCount = reader.count();
  const names: string[] = [];
  const types: string[] = [];
  const rows = Array.from({ length: rowCount }, (): Record<string, unknown> => ({}));
  for (let column = 0; column < columnCount; column += 1) {
    const name = reader.text();
    const type = reader.text();
    names.push(name);
    types.push(type);
    for (const row of rows) row[name] = reader.value(type);
  }
  assert(reader.atEnd, 'a block ends where its last value does');
  return { names, types, rows };
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  count(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.count();
    const start = this.#at;
    this.#at += length;
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString('utf8');
  }

  value(type: string): unknown {
    if (type === 'String') return this.text();
    if (type === 'UInt8') return this.#byte();
    if (type === 'UInt16') return this.#advance(2, (at) => this.#view.getUint16(at, true));
    if (type === 'UInt32') return this.#advance(4, (at) => this.#view.getUint32(at, true));
    if (type === 'UInt64') return this.#advance(8, (at) => this.#view.getBigUint64(at, true));
    return this.#advance(8, (at) => this.#view.getBigInt64(at, true));
  }

  #advance<T>(size: number, read: (at: number) => T): T {
    const value = read(this.#at);
    this.#at += size;
    return value;
  }

  #byte(): number {
    return this.#advance(1, (at) => this.#view.getUint8(at));
  }
}
