import { isAbsent, wrongType } from './diagnose.ts';
import { knownFields, readFields, refuseUnknown } from './fields.ts';
import { readJson } from './json.ts';
import { MAX_COMMENT_LENGTH, MAX_PARTNERS, MAX_POINTS, MAX_SEGMENTS } from './limits.ts';
import { isRaw, type Raw, type Reader } from './reader.ts';
import type { Adjustment, BroughtLot, Enrolment } from './transaction.ts';

const ENROL_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'store',
  'occurredAt',
  'birthday',
  'segments',
  'partners',
  'fields',
]);
const ADJUST_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'type',
  'amount',
  'comment',
  'reason',
  'author',
  'approvedBy',
  'promotion',
  'json',
  'occurredAt',
  'lot',
  'topUp',
]);
const LOT_FIELDS = knownFields('lot/', ['issuer', 'earnedAt', 'expiresAt']);

/** A person joins the programme. */
export function decodeEnrolment(reader: Reader, raw: Raw): Enrolment {
  refuseUnknown(reader, raw, ENROL_FIELDS);
  return {
    kind: 'enrol',
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    store: reader.optionalName(raw.store, 'store'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
    birthday: reader.optionalDate(raw.birthday, 'birthday'),
    segments: reader.names(raw.segments, 'segments', MAX_SEGMENTS),
    partners: reader.names(raw.partners, 'partners', MAX_PARTNERS),
    fields: readFields(reader, raw.fields),
  };
}

/** An operator gives or takes points by hand. */
export function decodeAdjustment(reader: Reader, raw: Raw): Adjustment {
  refuseUnknown(reader, raw, ADJUST_FIELDS);
  return {
    kind: 'adjust',
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    type: reader.name(raw.type, 'type'),
    amount: reader.points(raw.amount, 'amount', -MAX_POINTS),
    comment: reader.comment(raw.comment, 'comment', MAX_COMMENT_LENGTH),
    reason: reader.optionalName(raw.reason, 'reason'),
    author: reader.optionalName(raw.author, 'author'),
    approvedBy: reader.optionalName(raw.approvedBy, 'approvedBy'),
    promotion: reader.optionalName(raw['promotion'], 'promotion'),
    json: isAbsent(raw.json) ? undefined : readJson(reader, raw.json, 'json'),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
    lot: readLot(reader, raw.lot),
    topUp: reader.optionalName(raw['topUp'], 'topUp'),
  };
}

function readLot(reader: Reader, value: unknown): BroughtLot | undefined {
  if (isAbsent(value)) return undefined;
  if (!isRaw(value)) {
    reader.fail(wrongType('an object'), 'lot');
    return undefined;
  }
  refuseUnknown(reader, value, LOT_FIELDS);
  return {
    issuer: reader.optionalName(value.issuer, 'lot/issuer'),
    earnedAt: reader.optionalInstantOrDate(value.earnedAt, 'lot/earnedAt'),
    expiresAt: reader.optionalInstantOrDate(value.expiresAt, 'lot/expiresAt'),
  };
}
