import { type NativeColumn, Texts } from './native-column.ts';

/** Named columns, in the order they are written. */
export type Columns = Readonly<Record<string, NativeColumn>>;

/** Base-128 numbers for the two counts of a block. */
const COUNT_BYTES_MAX = 10;

/**
 * One `Native` block: the numbers of columns and rows, then of each column its name, its type and
 * its values. No rows make no block at all, which ClickHouse reads as an insert of nothing.
 */
export function nativeBlock(columns: Columns, rows: number): Uint8Array<ArrayBuffer> {
  if (rows === 0) return new Uint8Array(0);
  const head = new Texts();
  const entries = Object.entries(columns);
  const parts: Uint8Array[] = [counts(entries.length, rows)];
  let size = parts[0]?.length ?? 0;
  for (const [name, column] of entries) {
    head.push(name);
    head.push(column.type);
    parts.push(head.written().slice(), column.written());
    size += head.byteLength + column.byteLength;
    head.clear();
  }
  return joined(parts, size);
}

function counts(columns: number, rows: number): Uint8Array {
  const bytes = new Uint8Array(COUNT_BYTES_MAX);
  let at = 0;
  for (const count of [columns, rows]) {
    let rest = count;
    while (rest > 127) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
  }
  return bytes.slice(0, at);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    block.set(part, at);
    at += part.length;
  }
  return block;
}
