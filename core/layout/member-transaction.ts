import { must } from '../assert.ts';
import type { Instant } from '../money/units.ts';
import {
  LINK_ACTIONS,
  type MemberTransaction,
  type RelayAct,
} from '../transaction/member-transactions.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import {
  readFields,
  readOptional,
  readOptionalInteger,
  writeFields,
  writeOptional,
  writeOptionalInteger,
} from './fields.ts';

/** Codes of the kinds about members in the canonical bytes of a transaction. */
export const MEMBER_KIND_CODES = {
  trigger: 9,
  transfer: 10,
  link: 11,
  merge: 12,
  unmerge: 13,
  close: 14,
  relay: 15,
  relayed: 16,
} as const satisfies Readonly<Record<MemberTransaction['kind'], number>>;

export function writeMemberTransaction(writer: ByteWriter, transaction: MemberTransaction): void {
  switch (transaction.kind) {
    case 'relay':
      writer.string(transaction.to);
      writer.string(transaction.from);
      // Acts have an order of keys that never differs: one function makes each of them.
      writer.string(JSON.stringify(transaction.act));
      return;
    case 'relayed':
      writer.string(transaction.to);
      writer.string(transaction.relay);
      writeOptional(writer, transaction.refused);
      writeOptional(writer, transaction.sendFor);
      return;
    default:
      writeAboutMember(writer, transaction);
  }
}

type AboutMember = Exclude<MemberTransaction, { kind: 'relay' | 'relayed' }>;

function writeAboutMember(writer: ByteWriter, transaction: AboutMember): void {
  writer.string(transaction.member);
  writeOptionalInteger(writer, transaction.occurredAt);
  switch (transaction.kind) {
    case 'trigger':
      writer.string(transaction.event);
      writer.byte(transaction.value === undefined ? 0 : 1);
      if (transaction.value !== undefined) writer.float(transaction.value);
      writeOptional(writer, transaction.store);
      writeOptional(writer, transaction.channel);
      writeFields(writer, transaction.fields);
      return;
    case 'transfer':
      writer.string(transaction.to);
      writer.string(transaction.type);
      writer.float(transaction.amount);
      break;
    case 'link':
      writer.byte(LINK_ACTIONS.indexOf(transaction.action));
      writer.string(transaction.identifier);
      writeOptional(writer, transaction.by);
      break;
    case 'merge':
      writer.string(transaction.into);
      break;
    case 'unmerge':
    case 'close':
      break;
  }
  writer.string(transaction.comment);
}

/** Reads what stands behind the kind and the id; `undefined` for a code of another file. */
export function readMemberTransaction(
  reader: ByteReader,
  head: { readonly code: number; readonly id: string },
): MemberTransaction | undefined {
  const { code, id } = head;
  if (code === MEMBER_KIND_CODES.relay) {
    const [to, from] = [reader.string(), reader.string()];
    // Written from a checked act.
    const act = JSON.parse(reader.string()) as RelayAct;
    return { kind: 'relay', id, to, from, act };
  }
  if (code === MEMBER_KIND_CODES.relayed) {
    const [to, relay] = [reader.string(), reader.string()];
    return {
      kind: 'relayed',
      id,
      to,
      relay,
      refused: readOptional(reader),
      sendFor: readOptional(reader),
    };
  }
  if (code < MEMBER_KIND_CODES.trigger || code > MEMBER_KIND_CODES.close) return undefined;
  return readAboutMember(reader, code, id);
}

function readAboutMember(reader: ByteReader, code: number, id: string): AboutMember {
  const member = reader.string();
  // Written from an instant.
  const occurredAt = readOptionalInteger(reader) as Instant | undefined;
  const common = { id, member, occurredAt };
  switch (code) {
    case MEMBER_KIND_CODES.trigger:
      return {
        kind: 'trigger',
        ...common,
        event: reader.string(),
        value: reader.byte() === 0 ? undefined : reader.float(),
        store: readOptional(reader),
        channel: readOptional(reader),
        fields: readFields(reader),
      };
    case MEMBER_KIND_CODES.transfer: {
      const [to, type, amount] = [reader.string(), reader.string(), reader.float()];
      return { kind: 'transfer', ...common, to, type, amount, comment: reader.string() };
    }
    case MEMBER_KIND_CODES.link: {
      const action = must(LINK_ACTIONS[reader.byte()], 'unknown link action in the store');
      const [identifier, by] = [reader.string(), readOptional(reader)];
      return { kind: 'link', ...common, action, identifier, by, comment: reader.string() };
    }
    case MEMBER_KIND_CODES.merge:
      return { kind: 'merge', ...common, into: reader.string(), comment: reader.string() };
    case MEMBER_KIND_CODES.unmerge:
      return { kind: 'unmerge', ...common, comment: reader.string() };
    default:
      return { kind: 'close', ...common, comment: reader.string() };
  }
}
