import { readReturnedLines } from './decode-lines.ts';
import { knownFields, refuseUnknown } from './fields.ts';
import type { Raw, Reader } from './reader.ts';
import type { Capture, Delivery, Release } from './transaction.ts';

const CAPTURE_FIELDS = knownFields('', ['id', 'kind', 'member', 'hold', 'lines', 'occurredAt']);
const END_FIELDS = knownFields('', ['id', 'kind', 'member', 'hold', 'occurredAt']);
const DELIVERY_FIELDS = knownFields('', ['id', 'kind', 'member', 'checkout', 'occurredAt']);

/** A held checkout happens, or a part of it. */
export function decodeCapture(reader: Reader, raw: Raw): Capture {
  refuseUnknown(reader, raw, CAPTURE_FIELDS);
  const lines = readReturnedLines(reader, raw.lines);
  return { kind: 'capture', ...readEnd(reader, raw), lines };
}

/** A held checkout does not happen. */
export function decodeRelease(reader: Reader, raw: Raw): Release {
  refuseUnknown(reader, raw, END_FIELDS);
  return { kind: 'release', ...readEnd(reader, raw) };
}

function readEnd(reader: Reader, raw: Raw): Omit<Release, 'kind'> {
  return {
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    hold: reader.name(raw.hold, 'hold'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}

/** The goods of an earlier checkout arrived. */
export function decodeDelivery(reader: Reader, raw: Raw): Delivery {
  refuseUnknown(reader, raw, DELIVERY_FIELDS);
  return {
    kind: 'deliver',
    id: reader.name(raw.id, 'id'),
    member: reader.optionalName(raw.member, 'member'),
    checkout: reader.name(raw.checkout, 'checkout'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}
