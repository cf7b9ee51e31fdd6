import { isUtf8 } from 'node:buffer';

/** Fields of a transaction that the gateway knows and the caller need not say. */
export interface Given {
  readonly id?: string;
  readonly kind?: string;
}

/** A larger body is written anew: blanks in it would count against the size of an envelope. */
const SPLICED_BYTES_MAX = 16 * 1_024;
const OPENING_BRACE = 0x7b;

/**
 * The bytes of a transaction: those that came, with what is given put in front. Writing it anew
 * would cost more than reading it. `undefined` where that is not the same: what is given is there
 * already, or bytes that are no UTF-8 would spoil the envelope for others.
 */
export function spliced(raw: Buffer, value: unknown, given: Given = {}): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || raw.length > SPLICED_BYTES_MAX) {
    return undefined;
  }
  const names = Object.keys(given);
  if (names.some((name) => Object.hasOwn(value, name)) || !isUtf8(raw)) return undefined;
  if (names.length === 0) return raw;
  if (Object.keys(value).length === 0) return undefined;
  const opened = raw.indexOf(OPENING_BRACE);
  const start = `${JSON.stringify(given).slice(0, -1)},`;
  return Buffer.concat([Buffer.from(start), raw.subarray(opened + 1)]);
}
