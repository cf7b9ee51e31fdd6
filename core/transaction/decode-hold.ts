import { knownFields, refuseUnknown } from './fields.ts';
import type { Raw, Reader } from './reader.ts';
import type { Capture, Delivery, Release } from './transaction.ts';

const END_FIELDS = knownFields('', ['id', 'kind', 'member', 'hold', 'occurredAt']);
const DELIVERY_FIELDS = knownFields('', ['id', 'kind', 'member', 'checkout', 'occurredAt']);

/** A held checkout happens. */
export function decodeCapture(reader: Reader, raw: Raw): Capture {
  return { kind: 'capture', ...readEnd(reader, raw) };
}

/** A held checkout does not happen. */
export function decodeRelease(reader: Reader, raw: Raw): Release {
  return { kind: 'release', ...readEnd(reader, raw) };
}

function readEnd(reader: Reader, raw: Raw): Omit<Capture, 'kind'> {
  refuseUnknown(reader, raw, END_FIELDS);
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
