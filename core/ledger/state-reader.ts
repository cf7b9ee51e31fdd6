import type { Instant } from '../money/units.ts';
import type { PartitionMeta } from './partition-meta.ts';
import type { LedgerRecord } from './record.ts';

/** Where a recorded outcome lies, and what its transaction looked like. */
export interface IndexEntry {
  /** 16 bytes of `transactionDigest`. */
  readonly digest: Uint8Array;
  /** First ledger sequence of the block that holds it. */
  readonly block: number;
  /** Byte offset of the record in the block's body. */
  readonly offset: number;
}

/** A member that time alone will change. */
export interface DueMember {
  readonly member: string;
  readonly dueAt: Instant;
}

/** What is due beside members has a name that no member can have, made of the key it has. */
const DUE_START = '\n';
export const dueName = (key: string): string => DUE_START + key;

/** The key of what is due beside members; `undefined` for a member. */
export function dueKey(name: string): string | undefined {
  return name.startsWith(DUE_START) ? name.slice(DUE_START.length) : undefined;
}

/** The reads that applying a batch needs from a partition's store. All synchronous. */
export interface StateReader {
  meta(): PartitionMeta;
  /** The stored record, or `undefined`. The bytes stay valid while the batch is applied. */
  member(id: string): Uint8Array | undefined;
  index(key: string): IndexEntry | undefined;
  record(entry: IndexEntry): LedgerRecord;
  reversal(checkout: string): Uint8Array | undefined;
  counter(key: string): Uint8Array | undefined;
  registered(key: string): Uint8Array | undefined;
  /** Entries of the registry whose keys begin with `prefix`, in the order of the keys. */
  registeredFrom(prefix: string, limit: number): readonly (readonly [string, Uint8Array])[];
  /** Due members in the order of (instant, id). */
  due(at: Instant, limit: number): readonly DueMember[];
}

/** Index keys: one name space for transaction ids, one for refused second uses of an id. */
export const idKey = (id: string): string => `i${id}`;
export const reuseKey = (id: string, digest: Uint8Array): string => `r${hex(digest)}${id}`;

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
