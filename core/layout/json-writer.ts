import { utf8 } from './bytes.ts';

/** What a text of this many UTF-16 units, a number or a short constant needs at most. */
const ROOM_BYTES_MIN = 64;
/** A control character becomes `\u001f`; every other unit at most three bytes. */
const BYTES_PER_UNIT_MAX = 6;
const CAPACITY_START = 1 << 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
/** Below it two divisions of small integers find the digits. */
const SMALL = 1_000_000_000;

/**
 * JSON as UTF-8 bytes in memory that is used again: what `JSON.stringify` would say of the same
 * values, without the objects, the string and its encoding.
 */
export class JsonWriter {
  #bytes = new Uint8Array(CAPACITY_START);
  #length = 0;

  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written since `reset`. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Punctuation and names of fields: ASCII, written as it is. */
  raw(ascii: string): void {
    this.#reserve(ascii.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < ascii.length; i++) bytes[at++] = ascii.charCodeAt(i);
    this.#length = at;
  }

  text(value: string): void {
    this.#reserve(value.length * BYTES_PER_UNIT_MAX);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        // Escapes, and more than ASCII.
        this.value(value);
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** Any value, as `JSON.stringify` has it. */
  value(value: string | object): void {
    const bytes = utf8(JSON.stringify(value));
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  number(value: number): void {
    if ((value | 0) !== value || value >= SMALL || value <= -SMALL) {
      this.raw(JSON.stringify(value));
      return;
    }
    this.#reserve(0);
    const bytes = this.#bytes;
    let rest = value;
    if (rest < 0) {
      bytes[this.#length++] = MINUS;
      rest = -rest;
    }
    let digits = 1;
    for (let bound = 10; rest >= bound; bound *= 10) digits += 1;
    const end = this.#length + digits;
    for (let at = end - 1; at >= this.#length; at--) {
      const shorter = (rest / 10) | 0;
      bytes[at] = ZERO + rest - shorter * 10;
      rest = shorter;
    }
    this.#length = end;
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra + ROOM_BYTES_MIN;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
