import { readReturnedLines } from './decode-lines.ts';
import { knownFields, refuseUnknown } from './fields.ts';
import type { Raw, Reader } from './reader.ts';
import type { Cancel, Return } from './transaction.ts';

const RETURN_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'checkout',
  'lines',
  'store',
  'occurredAt',
]);
const CANCEL_FIELDS = knownFields('', ['id', 'kind', 'member', 'checkout', 'occurredAt']);

/** Goods of an earlier checkout come back. */
export function decodeReturn(reader: Reader, raw: Raw): Return {
  refuseUnknown(reader, raw, RETURN_FIELDS);
  return {
    kind: 'return',
    id: reader.name(raw.id, 'id'),
    member: reader.optionalName(raw.member, 'member'),
    checkout: reader.name(raw.checkout, 'checkout'),
    lines: readReturnedLines(reader, raw.lines),
    store: reader.optionalName(raw.store, 'store'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}

/** An earlier checkout never happened. */
export function decodeCancel(reader: Reader, raw: Raw): Cancel {
  refuseUnknown(reader, raw, CANCEL_FIELDS);
  return {
    kind: 'cancel',
    id: reader.name(raw.id, 'id'),
    member: reader.optionalName(raw.member, 'member'),
    checkout: reader.name(raw.checkout, 'checkout'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}
