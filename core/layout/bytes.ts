import { assert, Bug } from '../assert.ts';
import { NamePlaces, type Names, NO_NAMES } from './names.ts';

/**
 * The one way numbers and strings become bytes in the store.
 *
 * - unsigned integer: base 128, low group first, high bit = "more follows" (safe integers)
 * - signed integer: zigzag, then as above
 * - string: byte length, then UTF-8
 * - float: IEEE 754 double, little endian
 * - name: the place of a string in a table that is kept beside the bytes, as an unsigned integer
 */

const CAPACITY_START = 1 << 16;
/** A batch's ledger block stays far below this; reaching it is a bug, not a large input. */
export const WRITER_BYTES_MAX = 1 << 28;

/** Up to so many bytes a loop is faster than a view and a call. */
const COPIED_SINGLY_MAX = 128;

/** What four groups of seven bits hold. */
const FOUR_GROUPS = 2 ** 28;

/** Zigzag doubles a value, which must still be a safe integer. */
const SIGNED_MAX = Number.MAX_SAFE_INTEGER / 2;

export class ByteWriter {
  /** The table of what `name` wrote since the last reset. */
  readonly names = new NamePlaces();
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = CAPACITY_START) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written and keeps the memory. */
  reset(): void {
    this.#length = 0;
    this.names.clear();
  }

  /** A view of what was written from `start` on; valid until the next write or reset. */
  view(start = 0): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }

  /** The memory itself, for who reads a part of it at once: a view costs more than a few bytes. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  /** A copy of what was written from `start` on. */
  copy(start = 0): Uint8Array {
    return this.#bytes.slice(start, this.#length);
  }

  #reserve(extra: number): void {
    if (this.#length + extra > this.#bytes.length) this.#grow(this.#length + extra);
  }

  #grow(needed: number): void {
    assert(needed <= WRITER_BYTES_MAX, 'a writer outgrew its limit', needed);
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  unsigned(value: number): void {
    this.#reserve(8);
    // Most integers are small; for them the check and the loops below are the cost.
    if ((value & 0x7f) === value) {
      this.#bytes[this.#length++] = value;
      return;
    }
    if (!(value >= 0 && Number.isSafeInteger(value))) {
      throw new Bug('not an unsigned integer', [value]);
    }
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    // Bit operations stop at 31 bits; larger values, instants mostly, first shed four groups.
    if (rest > 0x7fffffff) {
      const high = Math.floor(rest / FOUR_GROUPS);
      const low = rest - high * FOUR_GROUPS;
      bytes[at] = (low & 0x7f) | 0x80;
      bytes[at + 1] = ((low >>> 7) & 0x7f) | 0x80;
      bytes[at + 2] = ((low >>> 14) & 0x7f) | 0x80;
      bytes[at + 3] = (low >>> 21) | 0x80;
      at += 4;
      rest = high;
    }
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length = at;
  }

  signed(value: number): void {
    if (!(Math.abs(value) <= SIGNED_MAX)) throw new Bug('not a signed integer', [value]);
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** For strings that come again and again: kept once, so that reading them makes no garbage. */
  name(value: string): void {
    this.unsigned(this.names.placeOf(value));
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Copies a piece of what another writer has written. */
  copyFrom(source: ByteWriter, from: number, to: number): void {
    const length = to - from;
    this.#reserve(length);
    const { memory } = source;
    if (length > COPIED_SINGLY_MAX) {
      this.#bytes.set(memory.subarray(from, to), this.#length);
      this.#length += length;
      return;
    }
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = from; i < to; i++) bytes[at++] = memory[i] ?? 0;
    this.#length = at;
  }

  string(value: string): void {
    this.#reserve(value.length + 1);
    if (value.length < 0x80 && this.#ascii(value)) return;

    const bytes = utf8(value);
    this.unsigned(bytes.length);
    this.bytes(bytes);
  }

  /** The common case in one pass: length byte, then the characters themselves. */
  #ascii(value: string): boolean {
    const bytes = this.#bytes;
    const length = value.length;
    const start = this.#length + 1;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[start + i] = code;
    }
    bytes[start - 1] = length;
    this.#length = start + length;
    return true;
  }
}

/** The UTF-8 bytes of a string; a lone surrogate becomes U+FFFD, as everywhere else. */
export function utf8(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length * 3);
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    length = putCodePoint(bytes, length, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return bytes.subarray(0, length);
}

function putCodePoint(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    bytes[at] = 0xe0 | (code >> 12);
    bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/** Reads what `ByteWriter` wrote. Running past the end is a `Bug`: stored bytes are checksummed. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #names: Names;
  #at: number;

  constructor(bytes: Uint8Array, at = 0, names: Names = NO_NAMES) {
    this.#bytes = bytes;
    this.#at = at;
    this.#names = names;
  }

  get position(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(length: number): void {
    this.#at += length;
    assert(this.#at <= this.#bytes.length, 'skipped past the end', this.#at);
  }

  /** Moves to a place, mostly back to where something began. */
  goTo(position: number): void {
    this.#at = position;
  }

  /** Moves behind so many integers, signed, unsigned or names. */
  skipNumbers(count: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let left = count; left > 0; left--) {
      while ((bytes[at] ?? 0) > 0x7f) at++;
      at++;
    }
    if (at > bytes.length) throw new Bug('skipped past the end', [at]);
    this.#at = at;
  }

  /** Moves behind a string and gives the place where it begins, with its length. */
  skipString(): number {
    const start = this.#at;
    const end = this.unsigned() + this.#at;
    if (end > this.#bytes.length) throw new Bug('skipped past the end', [end]);
    this.#at = end;
    return start;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new Bug('read past the end', [this.#at]);
    return value;
  }

  unsigned(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    const second = this.byte();
    let value = (first & 0x7f) | ((second & 0x7f) << 7);
    if (second < 0x80) return value;
    let scale = 128 * 128;
    for (;;) {
      const group = this.byte();
      value += (group & 0x7f) * scale;
      if (group < 0x80) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.unsigned();
    // The remainder of a large number is slow, and most numbers are small.
    if (value <= 0x7fffffff) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  name(): string {
    return this.#names.at(this.unsigned());
  }

  float(): number {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8);
    this.#at += 8;
    return view.getFloat64(0, true);
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    assert(end <= this.#bytes.length, 'read past the end', end);
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  string(): string {
    const bytes = this.#bytes;
    const end = this.unsigned() + this.#at;
    if (end > bytes.length) throw new Bug('read past the end', [end]);
    let value = '';
    // Eight characters a step, then three, make far fewer strings on the way than single ones.
    let at = this.#at;
    for (; at + 8 <= end; at += 8) {
      const eight = eightAscii(bytes, at);
      if (eight === undefined) break;
      value += eight;
    }
    for (; at + 3 <= end; at += 3) {
      const three = threeAscii(bytes, at);
      if (three === undefined) break;
      value += three;
    }
    for (; at < end; at++) {
      const code = bytes[at] ?? 0;
      if (code > 0x7f) {
        this.#at = at;
        return value + this.#utf8(end);
      }
      value += String.fromCharCode(code);
    }
    this.#at = end;
    return value;
  }

  #utf8(end: number): string {
    let value = '';
    while (this.#at < end) value += String.fromCodePoint(this.#codePoint());
    return value;
  }

  #codePoint(): number {
    const lead = this.byte();
    if (lead < 0x80) return lead;
    if (lead < 0xe0) return ((lead & 0x1f) << 6) | this.#tail();
    if (lead < 0xf0) return ((lead & 0x0f) << 12) | (this.#tail() << 6) | this.#tail();
    return ((lead & 0x07) << 18) | (this.#tail() << 12) | (this.#tail() << 6) | this.#tail();
  }

  #tail(): number {
    return this.byte() & 0x3f;
  }
}

/** Three characters from a place on, or `undefined` if one of them is not ASCII. */
function threeAscii(bytes: Uint8Array, at: number): string | undefined {
  const [a, b, c] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  return (a | b | c) > 0x7f ? undefined : String.fromCharCode(a, b, c);
}

/** Eight characters from a place on, or `undefined` if one of them is not ASCII. */
function eightAscii(bytes: Uint8Array, at: number): string | undefined {
  const [a, b] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  const [c, d] = [bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  const [e, f] = [bytes[at + 4] ?? 0, bytes[at + 5] ?? 0];
  const [g, h] = [bytes[at + 6] ?? 0, bytes[at + 7] ?? 0];
  if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
  return String.fromCharCode(a, b, c, d, e, f, g, h);
}
