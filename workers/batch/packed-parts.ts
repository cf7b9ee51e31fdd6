/**
 * Byte strings on their way between threads, in one buffer that is transferred. Each alone would
 * be cloned, and with a part of a larger buffer, such as Node's pool of small ones, all of that.
 *
 * Count (4 bytes), then a length each (4; −1 where there is none), then the bytes.
 */
const WORD = 4;

export function packParts(parts: readonly (Uint8Array | undefined)[]): ArrayBuffer {
  let size = WORD * (1 + parts.length);
  for (const part of parts) size += part?.length ?? 0;
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  view.setInt32(0, parts.length, true);
  let at = WORD * (1 + parts.length);
  for (const [position, part] of parts.entries()) {
    view.setInt32(WORD * (1 + position), part?.length ?? -1, true);
    if (!part) continue;
    packed.set(part, at);
    at += part.length;
  }
  return packed.buffer;
}

/** Views of the buffer. */
export function unpackParts(buffer: ArrayBuffer): (Uint8Array | undefined)[] {
  const view = new DataView(buffer);
  const count = view.getInt32(0, true);
  const parts: (Uint8Array | undefined)[] = [];
  let at = WORD * (1 + count);
  for (let position = 0; position < count; position += 1) {
    const length = view.getInt32(WORD * (1 + position), true);
    parts.push(length < 0 ? undefined : new Uint8Array(buffer, at, length));
    at += Math.max(0, length);
  }
  return parts;
}
