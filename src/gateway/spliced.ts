import { isUtf8 } from 'node:buffer';

/** Fields of a transaction that the gateway knows and the caller need not say. */
export interface Given {
  readonly id?: string;
  readonly kind?: string;
}

/** A larger body is written anew: blanks in it would count against the size of an envelope. */
const SPLICED_BYTES_MAX = 16 * 1_024;
const OPENING_BRACE = 0x7b;
const BACKSLASH = 0x5c;
const KIND = Buffer.from('"kind"');
const IS_CHECKOUT = Buffer.from(':"checkout"');

/**
 * The bytes of a transaction: those that came, with what is given put in front or, of a checkout
 * that is only asked about, in its kind's place. Writing it anew would cost more than reading it.
 * `undefined` where that is not the same: what is given is there already, or bytes that are no
 * UTF-8 would spoil the envelope for others.
 */
export function spliced(raw: Buffer, value: unknown, given: Given = {}): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || raw.length > SPLICED_BYTES_MAX) {
    return undefined;
  }
  if (!isUtf8(raw)) return undefined;
  const { id, kind } = given;
  if (id !== undefined && Object.hasOwn(value, 'id')) return undefined;
  if (kind === undefined || !Object.hasOwn(value, 'kind')) return withFront(raw, value, given);
  const parts = aroundKind(raw);
  if (parts === undefined) return undefined;
  const [before, after] = parts;
  const told = Buffer.concat([before, Buffer.from(`:${JSON.stringify(kind)}`), after]);
  return withFront(told, value, id === undefined ? {} : { id });
}

function withFront(bytes: Buffer, value: object, given: Given): Uint8Array | undefined {
  if (given.id === undefined && given.kind === undefined) return bytes;
  if (Object.keys(value).length === 0) return undefined;
  const opened = bytes.indexOf(OPENING_BRACE);
  const start = `${JSON.stringify(given).slice(0, -1)},`;
  return Buffer.concat([Buffer.from(start), bytes.subarray(opened + 1)]);
}

/** What stands before and after the kind of a checkout, where that is plain to see. */
function aroundKind(raw: Buffer): readonly [Buffer, Buffer] | undefined {
  const name = raw.indexOf(KIND);
  const isOnly = name >= 0 && raw.indexOf(KIND, name + 1) < 0 && !raw.includes(BACKSLASH);
  const from = name + KIND.length;
  const to = from + IS_CHECKOUT.length;
  if (!isOnly || !raw.subarray(from, to).equals(IS_CHECKOUT)) return undefined;
  return [raw.subarray(0, from), raw.subarray(to)];
}
