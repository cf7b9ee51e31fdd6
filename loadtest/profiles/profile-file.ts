import type { ProfileEnvelope } from './profile.ts';

/**
 * A profile as a file: `ARBPROF1`, then for each envelope a head of 12 bytes (partition,
 * transactions, length of the bytes; little-endian) and its bytes.
 */
const MAGIC = Buffer.from('ARBPROF1');
const HEAD_BYTES = 12;

/** The bytes of a profile file, piece by piece. */
export function* writeProfile(envelopes: Iterable<ProfileEnvelope>): Generator<Uint8Array> {
  yield MAGIC;
  for (const { partition, transactions, bytes } of envelopes) {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(partition, 0);
    head.writeUInt32LE(transactions, 4);
    head.writeUInt32LE(bytes.length, 8);
    yield head;
    yield bytes;
  }
}

/** The envelopes of a profile file. Their bytes are views of the file's: nothing is copied. */
export function* readProfile(file: Uint8Array): Generator<ProfileEnvelope> {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('not a profile file');
  let at = MAGIC.length;
  while (at < buffer.length) {
    const end = at + HEAD_BYTES + (at + HEAD_BYTES <= buffer.length ? lengthAt(buffer, at) : 0);
    if (at + HEAD_BYTES > buffer.length || end > buffer.length) {
      throw new Error('the profile file is cut off');
    }
    yield {
      partition: buffer.readUInt32LE(at),
      transactions: buffer.readUInt32LE(at + 4),
      bytes: buffer.subarray(at + HEAD_BYTES, end),
    };
    at = end;
  }
}

function lengthAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at + 8);
}
