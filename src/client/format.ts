import { Packr, Unpackr } from 'msgpackr';
import { Fault } from '../fault.ts';

/** How transactions and outcomes travel. */
export type Format = 'json' | 'msgpack';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  msgpack: 'application/msgpack',
};

// Records are an extension of msgpackr that no other implementation reads.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false });

/** One transaction in its bytes. */
export function encodeOne(value: unknown, format: Format): Uint8Array {
  return format === 'msgpack' ? packr.pack(value) : Buffer.from(JSON.stringify(value) ?? 'null');
}

/** An envelope of transactions that are already bytes: one alone is an object, more an array. */
export function joinEncoded(parts: readonly Uint8Array[], format: Format): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  return format === 'msgpack' ? joinMsgpack(parts) : joinJson(parts);
}

export function decodeAnswer(bytes: Uint8Array, format: Format): unknown {
  try {
    if (format === 'msgpack') return unpackr.unpack(bytes);
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch (cause) {
    const message = `the answer is not ${format}`;
    throw new Fault('unexpected-answer', message, { retry: 'operator', cause });
  }
}

const COMMA = Buffer.from(',');
const OPEN = Buffer.from('[');
const CLOSE = Buffer.from(']');

function joinJson(parts: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const part of parts) pieces.push(pieces.length === 0 ? OPEN : COMMA, part);
  pieces.push(CLOSE);
  return Buffer.concat(pieces);
}

/** The head of a msgpack array of up to 2^16−1 entries. */
function joinMsgpack(parts: readonly Uint8Array[]): Uint8Array {
  const count = parts.length;
  const head = count < 16 ? [0x90 | count] : [0xdc, count >>> 8, count & 0xff];
  return Buffer.concat([Buffer.from(head), ...parts]);
}
