import { contentOf, lengthOf } from './stored-text.ts';
import type { Text } from './text-reader.ts';

/**
 * Columns of ClickHouse's `Native` format: values of one column behind each other, little-endian,
 * as the engine keeps them in memory. It reads such a block about twenty times cheaper than the
 * same rows as text (`docs/adr/0004-clickhouse-exactly-once.md`).
 */

const FIRST_CAPACITY = 16 * 1024;
const TWO_TO_32 = 4_294_967_296;
/** UTF-8 needs at most three bytes for each UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;
/** A length of up to 2^35 takes at most five bytes. */
const LENGTH_BYTES_MAX = 5;
const ONE_BYTE_LENGTH_MAX = 127;

/** What a block needs of any column. */
export abstract class NativeColumn {
  /** The ClickHouse type its bytes are in. */
  readonly type: string;
  protected bytes = new Uint8Array(FIRST_CAPACITY);
  protected length = 0;

  constructor(type: string) {
    this.type = type;
  }

  get byteLength(): number {
    return this.length;
  }

  /** The values so far. A view of the buffer: to be copied before the next value comes. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  protected grow(needed: number): void {
    // A power of two keeps the buffer a whole number of words.
    const larger = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(needed, FIRST_CAPACITY))));
    larger.set(this.written());
    this.bytes = larger;
  }
}

/** Integers of one, two or four bytes. */
export class SmallIntegers extends NativeColumn {
  readonly #size: 1 | 2 | 4;

  constructor(size: 1 | 2 | 4) {
    super(`UInt${size * 8}`);
    this.#size = size;
  }

  push(value: number): void {
    this.repeat(value, 1);
  }

  /** The same value for `times` rows. */
  repeat(value: number, times: number): void {
    const size = this.#size;
    const end = this.length + size * times;
    if (end > this.bytes.length) this.grow(end);
    const bytes = this.bytes;
    for (let at = this.length; at < end; at += size) {
      bytes[at] = value;
      if (size > 1) bytes[at + 1] = value >>> 8;
      if (size > 2) {
        bytes[at + 2] = value >>> 16;
        bytes[at + 3] = value >>> 24;
      }
    }
    this.length = end;
  }
}

/** Safe integers in eight bytes: sequences, money, points, instants, thousandths. */
export class LargeIntegers extends NativeColumn {
  #view = new Int32Array(this.bytes.buffer);

  constructor(type: 'UInt64' | 'Int64' | 'Decimal(18, 3)' | "DateTime64(3, 'UTC')") {
    super(type);
  }

  push(value: number): void {
    this.repeat(value, 1);
  }

  /** The same value for `times` rows. */
  repeat(value: number, times: number): void {
    const end = this.length + 8 * times;
    if (end > this.bytes.length) {
      this.grow(end);
      this.#view = new Int32Array(this.bytes.buffer);
    }
    const view = this.#view;
    // Two's complement: `| 0` keeps the low 32 bits of any safe integer, negative ones included.
    const low = value | 0;
    const high = low === value ? low >> 31 : Math.floor(value / TWO_TO_32);
    for (let index = this.length >> 2; index < end >> 2; index += 2) {
      view[index] = low;
      view[index + 1] = high;
    }
    this.length = end;
  }
}

/** Strings: the length in bytes as a base-128 number, then UTF-8. */
export class Texts extends NativeColumn {
  constructor() {
    super('String');
  }

  /** Writes a string. Lone surrogates become U+FFFD. */
  push(value: string): void {
    const units = value.length;
    const needed = this.length + units * BYTES_PER_UNIT_MAX + LENGTH_BYTES_MAX;
    if (needed > this.bytes.length) this.grow(needed);
    if (units > ONE_BYTE_LENGTH_MAX || !this.#pushAscii(value)) this.#pushAny(value);
  }

  /** The empty text. */
  pushNothing(): void {
    const at = this.length;
    if (at === this.bytes.length) this.grow(at + 1);
    this.bytes[at] = 0;
    this.length = at + 1;
  }

  /** Copies a stored text, which has the very bytes of this column. */
  copy(from: Uint8Array, text: Text): void {
    if (text < 0) this.pushNothing();
    else if ((from[text] ?? 0) <= ONE_BYTE_LENGTH_MAX)
      this.#copyBytes(from, text, text + 1 + (from[text] ?? 0));
    else this.#copyBytes(from, text, contentOf(from, text) + lengthOf(from, text));
  }

  /** Writes a text of which the UTF-8 lies between two places. */
  copyPart(from: Uint8Array, start: number, end: number): void {
    if (this.length + LENGTH_BYTES_MAX > this.bytes.length)
      this.grow(this.length + LENGTH_BYTES_MAX);
    this.#pushLength(end - start);
    this.#copyBytes(from, start, end);
  }

  #copyBytes(from: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) this.grow(needed);
    const bytes = this.bytes;
    let at = this.length;
    for (let index = start; index < end; index += 1) bytes[at++] = from[index] ?? 0;
    this.length = at;
  }

  /** The same stored text for `times` rows. */
  repeat(from: Uint8Array, text: Text, times: number): void {
    if (times === 0) return;
    const start = this.length;
    this.copy(from, text);
    const size = this.length - start;
    const end = start + size * times;
    if (end > this.bytes.length) this.grow(end);
    const bytes = this.bytes;
    for (let at = start + size; at < end; at += 1) bytes[at] = bytes[at - size] ?? 0;
    this.length = end;
  }

  /** The common case: short and ASCII. False, and nothing written, where it is not. */
  #pushAscii(value: string): boolean {
    const bytes = this.bytes;
    let at = this.length + 1;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code >= 128) return false;
      bytes[at] = code;
      at += 1;
    }
    bytes[this.length] = value.length;
    this.length = at;
    return true;
  }

  #pushAny(value: string): void {
    const to = value.length;
    this.#pushLength(byteLengthOf(value));
    const bytes = this.bytes;
    let at = this.length;
    for (let index = 0; index < to; index += 1) {
      const code = codePointAt(value, index, to);
      if (code > 0xffff) index += 1;
      if (code < 0x80) {
        bytes[at++] = code;
      } else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else if (code < 0x10000) {
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    this.length = at;
  }

  #pushLength(length: number): void {
    let rest = length;
    while (rest > ONE_BYTE_LENGTH_MAX) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }
}

function byteLengthOf(value: string): number {
  let length = 0;
  for (let index = 0; index < value.length; index += 1) {
    const code = codePointAt(value, index, value.length);
    if (code > 0xffff) index += 1;
    length += bytesOf(code);
  }
  return length;
}

function bytesOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

const REPLACEMENT = 0xfffd;

function codePointAt(value: string, index: number, end: number): number {
  const code = value.charCodeAt(index);
  if (code < 0xd800 || code > 0xdfff) return code;
  if (code > 0xdbff || index + 1 >= end) return REPLACEMENT;
  const low = value.charCodeAt(index + 1);
  if (low < 0xdc00 || low > 0xdfff) return REPLACEMENT;
  return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}
