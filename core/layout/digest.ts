/**
 * A 128-bit content digest (the public-domain MurmurHash3 x86_128 function by Austin Appleby).
 * It tells "the same transaction again" from "another one under a used id". It is no seal: a
 * deliberate collision would only bring the sender its own recorded outcome.
 */
export function digest128(bytes: Uint8Array): Uint8Array {
  const lanes = mixBlocks(bytes);
  mixTail(lanes, bytes);
  return finish(lanes, bytes.length);
}

type Lanes = [number, number, number, number];

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The last word, low byte first; what lies beyond the end counts as zero. */
function lastWord(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function mixBlocks(bytes: Uint8Array): Lanes {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - (bytes.length % 16);
  for (let at = 0; at < end; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(view.getInt32(at, true), C1), 15), C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 4, true), C2), 16), C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 8, true), C3), 17), C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 12, true), C4), 18), C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  return [h1, h2, h3, h4];
}

function mixTail(lanes: Lanes, bytes: Uint8Array): void {
  const start = bytes.length - (bytes.length % 16);
  const left = bytes.length - start;
  if (left > 12) lanes[3] ^= Math.imul(rotate(Math.imul(lastWord(bytes, start + 12), C4), 18), C1);
  if (left > 8) lanes[2] ^= Math.imul(rotate(Math.imul(lastWord(bytes, start + 8), C3), 17), C4);
  if (left > 4) lanes[1] ^= Math.imul(rotate(Math.imul(lastWord(bytes, start + 4), C2), 16), C3);
  if (left > 0) lanes[0] ^= Math.imul(rotate(Math.imul(lastWord(bytes, start), C1), 15), C2);
}

function avalanche(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function finish(lanes: Lanes, length: number): Uint8Array {
  const added = addAcross(
    lanes[0] ^ length,
    lanes[1] ^ length,
    lanes[2] ^ length,
    lanes[3] ^ length,
  );
  const mixed = addAcross(
    avalanche(added[0]),
    avalanche(added[1]),
    avalanche(added[2]),
    avalanche(added[3]),
  );
  const out = new Uint8Array(16);
  const view = new DataView(out.buffer);
  view.setUint32(0, mixed[0], true);
  view.setUint32(4, mixed[1], true);
  view.setUint32(8, mixed[2], true);
  view.setUint32(12, mixed[3], true);
  return out;
}

function addAcross(...[h1, h2, h3, h4]: Lanes): Lanes {
  const sum = (h1 + h2 + h3 + h4) | 0;
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0];
}
