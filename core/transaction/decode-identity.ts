import { isAbsent } from './diagnose.ts';
import { knownFields, refuseUnknown } from './fields.ts';
import { MAX_COMMENT_LENGTH } from './limits.ts';
import {
  type Close,
  LINK_ACTIONS,
  type Link,
  type LinkAction,
  type Merge,
  type Unmerge,
} from './member-transactions.ts';
import type { Raw, Reader } from './reader.ts';

const LINK_FIELDS = knownFields('', [
  'id',
  'kind',
  'member',
  'action',
  'card',
  'phone',
  'by',
  'comment',
  'occurredAt',
]);
const MERGE_FIELDS = knownFields('', ['id', 'kind', 'member', 'into', 'comment', 'occurredAt']);
const MEMBER_FIELDS = knownFields('', ['id', 'kind', 'member', 'comment', 'occurredAt']);

/** The identifier that a card number or phone number is. */
export const cardIdentifier = (card: string): string => `card/${card}`;
export const phoneIdentifier = (phone: string): string => `phone/${phone}`;

/** A card or phone becomes, or stops being, an identifier of a member. */
export function decodeLink(reader: Reader, raw: Raw): Link {
  refuseUnknown(reader, raw, LINK_FIELDS);
  const action = readAction(reader, raw.action);
  return {
    kind: 'link',
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    action,
    identifier: readIdentifier(reader, raw),
    by: readReplacement(reader, raw, action),
    comment: reader.comment(raw.comment, 'comment', MAX_COMMENT_LENGTH),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}

/** A member turns out to be another one. */
export function decodeMerge(reader: Reader, raw: Raw): Merge {
  refuseUnknown(reader, raw, MERGE_FIELDS);
  return { kind: 'merge', into: reader.name(raw.into, 'into'), ...readAboutMember(reader, raw) };
}

/** A merge was wrong. */
export function decodeUnmerge(reader: Reader, raw: Raw): Unmerge {
  refuseUnknown(reader, raw, MEMBER_FIELDS);
  return { kind: 'unmerge', ...readAboutMember(reader, raw) };
}

/** A member leaves the programme. */
export function decodeClose(reader: Reader, raw: Raw): Close {
  refuseUnknown(reader, raw, MEMBER_FIELDS);
  return { kind: 'close', ...readAboutMember(reader, raw) };
}

function readAboutMember(reader: Reader, raw: Raw): Omit<Close, 'kind'> {
  return {
    id: reader.name(raw.id, 'id'),
    member: reader.name(raw.member, 'member'),
    comment: reader.comment(raw.comment, 'comment', MAX_COMMENT_LENGTH),
    occurredAt: reader.optionalInstant(raw.occurredAt, 'occurredAt'),
  };
}

function readAction(reader: Reader, value: unknown): LinkAction {
  if (isAbsent(value)) return 'link';
  const action = LINK_ACTIONS.find((known) => known === value);
  if (action !== undefined) return action;
  reader.fail(
    { reason: 'unknown-word', says: `has to be one of ${LINK_ACTIONS.join(', ')}.` },
    'action',
  );
  return 'link';
}

/** Exactly one of card and phone is named. */
function readIdentifier(reader: Reader, raw: Raw): string {
  if (!isAbsent(raw.phone) && isAbsent(raw.card)) {
    return phoneIdentifier(readPhone(reader, raw.phone));
  }
  if (!isAbsent(raw.phone)) {
    reader.fail({ reason: 'unknown-field', says: 'does not go together with `card`.' }, 'phone');
  }
  return cardIdentifier(reader.name(raw.card, 'card'));
}

const PHONE = /^\+[1-9]\d{6,14}$/;

function readPhone(reader: Reader, value: unknown): string {
  const phone = reader.name(value, 'phone');
  if (PHONE.test(phone)) return phone;
  reader.fail({ reason: 'invalid-phone', says: 'has to be like `+77011234567`.' }, 'phone');
  return '';
}

function readReplacement(reader: Reader, raw: Raw, action: LinkAction): string | undefined {
  if (action === 'replace') return cardIdentifier(reader.name(raw.by, 'by'));
  if (!isAbsent(raw.by)) {
    reader.fail({ reason: 'unknown-field', says: 'belongs to the action `replace`.' }, 'by');
  }
  return undefined;
}
