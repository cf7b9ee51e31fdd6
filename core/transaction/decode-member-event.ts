import { isAbsent } from './diagnose.ts';
import { knownFields, readFields, refuseUnknown } from './fields.ts';
import { MAX_COMMENT_LENGTH } from './limits.ts';
import type { PointTransfer, Trigger } from './member-transactions.ts';
import type { Raw, Reader } from './reader.ts';

const TRIGGER_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'event',
  'value',
  'store',
  'channel',
  'occurredAt',
  'fields',
]);
const TRANSFER_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'to',
  'type',
  'amount',
  'comment',
  'occurredAt',
]);

/** Something happened to a member that is no purchase. */
export function decodeTrigger(reader: Reader, raw: Raw): Trigger {
  refuseUnknown(reader, raw, TRIGGER_FIELDS);
  return {
    kind: 'trigger',
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    event: reader.name(raw.event, 'event'),
    value: isAbsent(raw.value) ? undefined : reader.points(raw.value, 'value', 0),
    store: reader.optionalName(raw.store, 'store'),
    channel: reader.optionalName(raw.channel, 'channel'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
    fields: readFields(reader, raw.fields),
  };
}

/** A member gives points to another one. */
export function decodeTransfer(reader: Reader, raw: Raw): PointTransfer {
  refuseUnknown(reader, raw, TRANSFER_FIELDS);
  return {
    kind: 'transfer',
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    to: reader.name(raw.to, 'to'),
    type: reader.name(raw.type, 'type'),
    amount: reader.points(raw.amount, 'amount', 0),
    comment: reader.comment(raw.comment, 'comment', MAX_COMMENT_LENGTH),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}
