/**
 * A 128-bit content digest (the public-domain MurmurHash3 x86_128 function by Austin Appleby).
 * It tells "the same transaction again" from "another one under a used id". It is no seal: a
 * deliberate collision would only bring the sender its own recorded outcome.
 */
export function digest128(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
  const length = to - from;
  const lanes = mixBlocks(bytes, from, to - (length % 16));
  mixTail(lanes, bytes, to, length % 16);
  return finish(lanes, length);
}

// One set of lanes for all: a digest is made for every transaction, and none outlives the call.
const LANES = new Int32Array(4);

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** A word, low byte first. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** The last word: what lies beyond the end counts as zero. */
function lastWord(bytes: Uint8Array, at: number, to: number): number {
  const left = to - at;
  if (left >= 4) return word(bytes, at);
  let value = 0;
  for (let i = 0; i < left; i++) value |= (bytes[at + i] ?? 0) << (8 * i);
  return value;
}

function mixBlocks(bytes: Uint8Array, from: number, end: number): Int32Array {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let at = from; at < end; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(word(bytes, at), C1), 15), C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(word(bytes, at + 4), C2), 16), C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(word(bytes, at + 8), C3), 17), C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(word(bytes, at + 12), C4), 18), C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  LANES[0] = h1;
  LANES[1] = h2;
  LANES[2] = h3;
  LANES[3] = h4;
  return LANES;
}

function mixTail(lanes: Int32Array, bytes: Uint8Array, to: number, left: number): void {
  const from = to - left;
  if (left > 12)
    mixLane(lanes, 3, Math.imul(rotate(Math.imul(lastWord(bytes, from + 12, to), C4), 18), C1));
  if (left > 8)
    mixLane(lanes, 2, Math.imul(rotate(Math.imul(lastWord(bytes, from + 8, to), C3), 17), C4));
  if (left > 4)
    mixLane(lanes, 1, Math.imul(rotate(Math.imul(lastWord(bytes, from + 4, to), C2), 16), C3));
  if (left > 0)
    mixLane(lanes, 0, Math.imul(rotate(Math.imul(lastWord(bytes, from, to), C1), 15), C2));
}

function mixLane(lanes: Int32Array, lane: number, mixed: number): void {
  lanes[lane] = (lanes[lane] ?? 0) ^ mixed;
}

function avalanche(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function finish(lanes: Int32Array, length: number): Uint8Array {
  for (let lane = 0; lane < 4; lane++) mixLane(lanes, lane, length);
  addAcross(lanes);
  for (let lane = 0; lane < 4; lane++) lanes[lane] = avalanche(lanes[lane] ?? 0);
  addAcross(lanes);
  const out = new Uint8Array(16);
  for (let lane = 0; lane < 4; lane++) {
    const value = lanes[lane] ?? 0;
    const at = lane * 4;
    out[at] = value;
    out[at + 1] = value >>> 8;
    out[at + 2] = value >>> 16;
    out[at + 3] = value >>> 24;
  }
  return out;
}

function addAcross(lanes: Int32Array): void {
  const h2 = lanes[1] ?? 0;
  const h3 = lanes[2] ?? 0;
  const h4 = lanes[3] ?? 0;
  const sum = ((lanes[0] ?? 0) + h2 + h3 + h4) | 0;
  lanes[0] = sum;
  lanes[1] = h2 + sum;
  lanes[2] = h3 + sum;
  lanes[3] = h4 + sum;
}
