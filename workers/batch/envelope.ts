import { Buffer, isUtf8 } from 'node:buffer';
import { Unpackr } from 'msgpackr';
import type { Inbound } from '../../core/fold.ts';
import { digest128 } from '../../core/layout/digest.ts';
import { decodeTransaction, type Rejection } from '../../core/transaction/decode.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { rawDigest } from '../../core/transaction/raw-digest.ts';
import type { LogMessage } from './request.ts';

/** Transactions in one envelope. */
export const ENVELOPE_TRANSACTIONS_MAX = 512;
/** Bytes of one envelope. */
export const ENVELOPE_BYTES_MAX = 256 * 1024;

/** An opened message: its transactions, and how its answer has to look. */
export interface Envelope {
  readonly format: 'json' | 'msgpack';
  /** True when the message was one transaction, not a list: so is its answer. */
  readonly single: boolean;
  readonly inbound: readonly Inbound[];
}

// Records are a msgpackr extension that lets a sender define structures; plain maps are enough.
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** Where a message stands; names it when it has no readable name of its own. */
export interface EnvelopePlace {
  readonly partition: number;
  readonly partitions: number;
  readonly sourceEpoch: number;
}

/** Opens a message of an untrusted sender. Whatever is wrong with it becomes an `Inbound` value. */
export function openEnvelope(message: LogMessage, place: EnvelopePlace): Envelope {
  const format = formatOf(message);
  const refuse = (reason: string, text: string): Envelope => ({
    format,
    single: true,
    inbound: [unreadable(message, place, { reason, text })],
  });
  if (message.data.length > ENVELOPE_BYTES_MAX) {
    return refuse('message-too-large', 'split it: an envelope holds at most 256 KiB');
  }
  const parsed = parse(message.data, format);
  if (!parsed.ok) return refuse('unreadable-message', `the message is not valid ${format}`);

  const { value } = parsed;
  if (!Array.isArray(value)) {
    return { format, single: true, inbound: [inboundOf(value, { message, place, position: 0 })] };
  }
  if (value.length === 0) return refuse('empty-envelope', 'the list holds no transaction');
  if (value.length > ENVELOPE_TRANSACTIONS_MAX) {
    return refuse('too-many-transactions', 'split it: an envelope holds at most 512 transactions');
  }
  const inbound = value.map((each, position) => inboundOf(each, { message, place, position }));
  return { format, single: false, inbound };
}

function formatOf(message: LogMessage): 'json' | 'msgpack' {
  if (message.format !== 'unknown') return message.format;
  const [first] = message.data;
  // No msgpack map or array starts with these: they are small integers there.
  return first === 0x7b || first === 0x5b ? 'json' : 'msgpack';
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

function parse(data: Uint8Array, format: 'json' | 'msgpack'): Parsed {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  try {
    if (format === 'msgpack') return { ok: true, value: unpackr.unpack(buffer) };
    // Bytes that are not UTF-8 would silently become replacement characters.
    if (!isUtf8(buffer)) return { ok: false };
    return { ok: true, value: JSON.parse(buffer.toString()) };
  } catch {
    // Parsers throw on every kind of malformed input, too deep nesting included.
    return { ok: false };
  }
}

function inboundOf(
  value: unknown,
  from: {
    readonly message: LogMessage;
    readonly place: EnvelopePlace;
    readonly position: number;
  },
): Inbound {
  const decoded = decodeTransaction(value);
  if (!decoded.ok) return malformed(value, decoded.rejection, from);

  const { transaction } = decoded;
  const system =
    transaction.kind === 'tick' ||
    transaction.kind === 'activation' ||
    transaction.kind === 'lease';
  const key = system ? undefined : partitionKey(transaction);
  const { partition, partitions } = from.place;
  if (key === undefined || partitionOf(key, partitions) === partition) {
    return { ok: true, transaction };
  }
  return {
    ok: false,
    id: transaction.id,
    kind: transaction.kind,
    member: 'member' in transaction ? (transaction.member ?? '') : '',
    reason: 'wrong-partition',
    path: '/member',
    message: `this transaction belongs to partition ${partitionOf(key, partitions)}`,
    digest: rawDigest(value),
  };
}

function malformed(
  value: unknown,
  rejection: Rejection,
  from: { readonly message: LogMessage; readonly place: EnvelopePlace; readonly position: number },
): Inbound {
  return {
    ok: false,
    id: rejection.id ?? `${anonymousId(from.message, from.place)}/${from.position}`,
    kind: rejection.kind ?? 'unreadable',
    member: rejection.member ?? '',
    reason: rejection.reason,
    path: rejection.path,
    message: rejection.message,
    digest: rawDigest(value),
  };
}

function unreadable(
  message: LogMessage,
  place: EnvelopePlace,
  why: { readonly reason: string; readonly text: string },
): Inbound {
  return {
    ok: false,
    id: anonymousId(message, place),
    kind: 'unreadable',
    member: '',
    reason: why.reason,
    path: '',
    message: why.text,
    digest: digest128(message.data),
  };
}

/** The name of a transaction that was refused for who sent it. */
export function refusedId(message: LogMessage, place: EnvelopePlace, position: number): string {
  return `refused:tx.${place.partition}/${place.sourceEpoch}/${message.sequence}/${position}`;
}

/** A name for what has none, the same at every redelivery. */
function anonymousId(message: LogMessage, place: EnvelopePlace): string {
  return `unreadable:tx.${place.partition}/${place.sourceEpoch}/${message.sequence}`;
}
