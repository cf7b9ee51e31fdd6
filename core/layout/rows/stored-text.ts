import type { Text } from './text-reader.ts';

/** What can be asked of texts that stay in the bytes of their block. */

/** Where the UTF-8 of a text begins, behind its length. */
export function contentOf(bytes: Uint8Array, at: Text): number {
  let start = at;
  while ((bytes[start] ?? 0) > 0x7f) start++;
  return start + 1;
}

/** Bytes of a text's UTF-8. */
export function lengthOf(bytes: Uint8Array, at: Text): number {
  const first = bytes[at] ?? 0;
  if (first <= 0x7f) return first;
  let length = first & 0x7f;
  let scale = 0x80;
  for (let next = at + 1; ; next++) {
    const group = bytes[next] ?? 0;
    length += (group & 0x7f) * scale;
    if (group <= 0x7f) return length;
    scale *= 0x80;
  }
}

/** Of a place, or of a text that is not there. */
export function isEmpty(bytes: Uint8Array, at: Text): boolean {
  return at < 0 || bytes[at] === 0;
}

/** True when a text is this one, which is ASCII and shorter than 128 characters. */
export function isText(bytes: Uint8Array, at: Text, wanted: string): boolean {
  return bytes[at] === wanted.length && hasContent(bytes, at + 1, wanted);
}

/** True when a text begins with this one, which is ASCII. */
export function hasStart(bytes: Uint8Array, at: Text, wanted: string): boolean {
  return lengthOf(bytes, at) >= wanted.length && hasContent(bytes, contentOf(bytes, at), wanted);
}

function hasContent(bytes: Uint8Array, start: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[start + i] !== wanted.charCodeAt(i)) return false;
  }
  return true;
}

/** True when two texts have the same bytes, wherever they lie. */
export function isSame(bytes: Uint8Array, one: Text, other: Text): boolean {
  if (one === other) return true;
  if (one < 0 || other < 0) return false;
  const size = contentOf(bytes, one) - one + lengthOf(bytes, one);
  for (let i = 0; i < size; i++) if (bytes[one + i] !== bytes[other + i]) return false;
  return true;
}
