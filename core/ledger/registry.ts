import { ByteReader, ByteWriter } from '../layout/bytes.ts';
import { readOptional, writeOptional } from '../layout/fields.ts';
import type { Instant } from '../money/units.ts';
import type { IdentityState, RelayAct } from '../transaction/member-transactions.ts';

/**
 * What a partition keeps beside members: small things found by a key of their own. One table
 * holds them all; the first letter of the key says what it is.
 *
 * - `o<relay id>`              a relay that has no answer yet
 * - `c<identifier>`            whose card or phone it is
 * - `p<checkout>\n<id>`        a return that waits for its checkout
 * - `m<member>`                what a merged member took along, while that can be undone
 * - `t<top-up>`                a top-up whose points were given back, so that it happens once
 *
 * `docs/storage-layout.md` says what bounds each of them.
 */
export const outgoingKey = (relay: string): string => `o${relay}`;
export const identityKey = (identifier: string): string => `c${identifier}`;
export const parkedKey = (checkout: string, id: string): string => `${parkedPrefix(checkout)}${id}`;
export const belongingsKey = (member: string): string => `${BELONGINGS_PREFIX}${member}`;
export const topUpKey = (topUp: string): string => `t${topUp}`;
export const parkedPrefix = (checkout: string): string => `p${checkout}\n`;
export const OUTGOING_PREFIX = 'o';
export const PARKED_PREFIX = 'p';
export const BELONGINGS_PREFIX = 'm';

/** A relay under way: what was asked of whom, and since when. */
export interface Outgoing {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly act: RelayAct;
  /** The transaction that caused it. */
  readonly cause: string;
  readonly since: Instant;
}

const writer = new ByteWriter(1024);

export function outgoingBytes(outgoing: Outgoing): Uint8Array {
  writer.reset();
  writer.string(outgoing.id);
  writer.string(outgoing.to);
  writer.string(outgoing.from);
  writer.string(JSON.stringify(outgoing.act));
  writer.string(outgoing.cause);
  writer.unsigned(outgoing.since);
  return writer.copy();
}

// What stands there was checked when it was written; each `as` only restores its type.
export function readOutgoing(bytes: Uint8Array): Outgoing {
  const reader = new ByteReader(bytes);
  return {
    id: reader.string(),
    to: reader.string(),
    from: reader.string(),
    act: JSON.parse(reader.string()) as RelayAct,
    cause: reader.string(),
    since: reader.unsigned() as Instant,
  };
}

/** Whose a card or phone is, as the partition that keeps it knows. */
export interface Identity {
  readonly identifier: string;
  readonly member: string;
  readonly state: Exclude<IdentityState, 'free'>;
  /** Who claims it now, while it changes hands. */
  readonly since: Instant;
}

export function identityBytes(identity: Identity): Uint8Array {
  writer.reset();
  writer.string(identity.identifier);
  writer.string(identity.member);
  writer.byte(identity.state === 'active' ? 1 : 0);
  writer.unsigned(identity.since);
  return writer.copy();
}

export function readIdentity(bytes: Uint8Array): Identity {
  const reader = new ByteReader(bytes);
  return {
    identifier: reader.string(),
    member: reader.string(),
    state: reader.byte() === 1 ? 'active' : 'blocked',
    since: reader.unsigned() as Instant,
  };
}

/** A return or cancel that waits for its checkout; the ledger has the transaction itself. */
export interface Parked {
  readonly id: string;
  readonly checkout: string;
  readonly member: string | undefined;
  readonly until: Instant;
}

export function parkedBytes(parked: Parked): Uint8Array {
  writer.reset();
  writer.string(parked.id);
  writer.string(parked.checkout);
  writeOptional(writer, parked.member);
  writer.unsigned(parked.until);
  return writer.copy();
}

export function readParked(bytes: Uint8Array): Parked {
  const reader = new ByteReader(bytes);
  return {
    id: reader.string(),
    checkout: reader.string(),
    member: readOptional(reader),
    until: reader.unsigned() as Instant,
  };
}
