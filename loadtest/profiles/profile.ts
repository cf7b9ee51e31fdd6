import { Packr } from 'msgpackr';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { timeline } from '../../src/generate/timeline.ts';
import { TrafficGenerator } from '../../src/generate/traffic.ts';

/** The largest message the processor takes. */
export const ENVELOPE_BYTES_MAX = 256 * 1_024;
/** The most transactions of one envelope. */
export const ENVELOPE_TRANSACTIONS_MAX = 512;

export interface ProfileOptions {
  readonly seed: number;
  /** Transactions in all, enrolments included. */
  readonly transactions: number;
  /** Transactions an envelope; 1 makes messages of one object. */
  readonly envelope: number;
  readonly format: 'json' | 'msgpack';
  /** Exactly so many lines in each checkout; without it, baskets of five on average. */
  readonly lines?: number;
  /** Partitions of the deployment under test. */
  readonly partitions: number;
  /** Numbers repeated loads of one deployment, so that their ids differ. Default 0. */
  readonly run?: number;
  readonly members?: number;
  /**
   * What the tills claim: days with quiet nights and busy evenings, from an instant
   * (milliseconds since 1970) on. Without it the transactions claim nothing and count as made
   * when they are accepted, so that a profile does not grow old.
   */
  readonly days?: { readonly from: number; readonly perDay: number };
  /** Checkouts of anonymous buyers and nothing else: no member has to exist. */
  readonly isAnonymous?: boolean;
}

/** One message of the log, ready to be published to `tx.<partition>`. */
export interface ProfileEnvelope {
  readonly partition: number;
  readonly transactions: number;
  readonly bytes: Uint8Array;
}

interface Draft {
  readonly parts: Uint8Array[];
  bytes: number;
}

// Records are an extension of msgpackr that no other reader knows.
const packr = new Packr({ useRecords: false, variableMapSize: true });

/**
 * Traffic of the sample coalition as encoded envelopes, the same for the same options. Published
 * in this order (or in the order of each partition) every member is enrolled before the first
 * checkout, and every return follows the checkout it names. The last envelopes of the partitions
 * may be smaller.
 */
export function* makeProfile(options: ProfileOptions): Generator<ProfileEnvelope> {
  const size = Math.min(options.envelope, ENVELOPE_TRANSACTIONS_MAX);
  const drafts = Array.from({ length: options.partitions }, (): Draft => ({ parts: [], bytes: 0 }));
  for (const transaction of transactionsOf(options)) {
    const partition = partitionOf(partitionKey(transaction) ?? '', options.partitions);
    const draft = drafts[partition];
    if (draft === undefined) continue;
    const bytes = encode(transaction, options.format);
    const isFull = draft.bytes + bytes.length > ENVELOPE_BYTES_MAX - HEAD_BYTES;
    if (isFull && draft.parts.length > 0) {
      yield seal(draft, partition, options.format);
    }
    draft.parts.push(bytes);
    draft.bytes += bytes.length + 1;
    if (draft.parts.length === size) yield seal(draft, partition, options.format);
  }
  for (const [partition, draft] of drafts.entries()) {
    if (draft.parts.length > 0) yield seal(draft, partition, options.format);
  }
}

/** Brackets, or the head of a msgpack array. */
const HEAD_BYTES = 4;

/** The day on the receipts of a profile whose transactions claim no time. */
const NOON = Date.UTC(2026, 0, 15, 7);

function* transactionsOf(options: ProfileOptions): Generator<object> {
  const { seed, run = 0, lines, members = 100_000, days } = options;
  const instants = days === undefined ? undefined : timeline({ seed, ...days });
  const generator = new TrafficGenerator({
    seed,
    run,
    members,
    ...(lines === undefined ? {} : { lines }),
    ...(options.isAnonymous === true ? { anonymous: 1, returns: 0, cancels: 0 } : {}),
  });
  for (let index = 0; index < options.transactions; index += 1) {
    const at = instants?.next().value ?? NOON + index;
    const { transaction } = generator.next(at);
    // Nothing is spoiled in a profile, so all of it is objects.
    const { occurredAt, ...timeless } = transaction as { occurredAt?: string };
    yield instants === undefined || occurredAt === undefined
      ? timeless
      : { ...timeless, occurredAt };
  }
}

function seal(draft: Draft, partition: number, format: ProfileOptions['format']): ProfileEnvelope {
  const parts = draft.parts.splice(0);
  draft.bytes = 0;
  return { partition, transactions: parts.length, bytes: join(parts, format) };
}

function encode(transaction: object, format: ProfileOptions['format']): Uint8Array {
  if (format === 'json') return Buffer.from(JSON.stringify(transaction));
  return packr.pack(transaction);
}

function join(parts: readonly Uint8Array[], format: ProfileOptions['format']): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  if (format === 'json') {
    const comma = Buffer.from(',');
    const pieces = parts.flatMap((part, index) => (index === 0 ? [part] : [comma, part]));
    return Buffer.concat([Buffer.from('['), ...pieces, Buffer.from(']')]);
  }
  const { length } = parts;
  const head = length < 16 ? [0x90 | length] : [0xdc, length >>> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), ...parts]);
}
