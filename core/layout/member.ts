import type { HeldLot, Hold } from '../ledger/hold.ts';
import type { Lot, PendingLot, PointAccount } from '../ledger/lots.ts';
import type { Counter, HistoryDay, Member } from '../ledger/member.ts';
import { LINK_STATES, type LinkState } from '../ledger/standing.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readUsage, writeUsage } from './decision.ts';
import {
  readFields,
  readList,
  readOptional,
  readOptionalInteger,
  readStrings,
  writeFields,
  writeOptional,
  writeOptionalInteger,
  writeStrings,
} from './fields.ts';
import { readStanding, readTier, writeStanding, writeTier } from './identity.ts';

/** Raised when the bytes below change; a store with another number is refused. */
export const MEMBER_LAYOUT = 2;

/** The store's record of a member. Instants that follow one another are kept as differences. */
export function writeMember(writer: ByteWriter, member: Member): void {
  writer.byte(MEMBER_LAYOUT);
  writer.string(member.id);
  writer.unsigned(member.enrolledAt);
  writeOptional(writer, member.birthday);
  writeStrings(writer, member.segments);
  writeStrings(writer, member.partners);
  writeFields(writer, member.fields);
  writer.unsigned(member.checkouts);
  writeMap(writer, member.tiers, writeTier);
  writeStanding(writer, member.standing);
  writeMap(writer, member.links, writeLink);
  writer.unsigned(member.relays);
  writer.unsigned(member.accounts.size);
  for (const account of member.accounts.values()) writeAccount(writer, account);
  writeMap(writer, member.usage, writeCounter);
  writeHistory(writer, member.history);
  writer.unsigned(member.holds.length);
  for (const hold of member.holds) writeHold(writer, hold);
}

// The units below were checked when they were first made; each `as` only restores them.
export function readMember(bytes: Uint8Array): Member {
  const reader = new ByteReader(bytes);
  reader.byte();
  return {
    id: reader.string(),
    enrolledAt: reader.unsigned() as Instant,
    birthday: readOptional(reader),
    segments: readStrings(reader),
    partners: readStrings(reader),
    fields: readFields(reader),
    checkouts: reader.unsigned(),
    tiers: readMap(reader, readTier),
    standing: readStanding(reader),
    links: readMap(reader, (from) => LINK_STATES[from.byte()] ?? 'blocked'),
    relays: reader.unsigned(),
    accounts: readAccounts(reader),
    usage: readMap(reader, readCounter),
    history: readHistory(reader),
    holds: readList(reader, readHold),
  };
}

function writeMap<T>(
  writer: ByteWriter,
  map: ReadonlyMap<string, T>,
  write: (writer: ByteWriter, value: T) => void,
): void {
  writer.unsigned(map.size);
  if (map.size === 0) return;
  for (const [key, value] of map) {
    writer.string(key);
    write(writer, value);
  }
}

function writeLink(writer: ByteWriter, state: LinkState): void {
  writer.byte(LINK_STATES.indexOf(state));
}

function readMap<T>(reader: ByteReader, read: (reader: ByteReader) => T): Map<string, T> {
  const size = reader.unsigned();
  const map = new Map<string, T>();
  for (let i = 0; i < size; i++) {
    const key = reader.string();
    map.set(key, read(reader));
  }
  return map;
}

function writeAccount(writer: ByteWriter, account: PointAccount): void {
  writer.string(account.type);
  writer.unsigned(account.debt);
  writer.unsigned(account.lots.length);
  for (const lot of account.lots) {
    writer.string(lot.issuer);
    writeOptionalInteger(writer, lot.expiresAt);
    writer.unsigned(lot.earnedAt);
    writer.unsigned(lot.points);
  }
  writer.unsigned(account.pending.length);
  for (const lot of account.pending) {
    writer.string(lot.issuer);
    writer.string(lot.checkout);
    writer.string(lot.promotion);
    writeOptionalInteger(writer, lot.creditAt);
    writeOptionalInteger(writer, lot.validFrom);
    writer.unsigned(lot.points);
  }
}

function readAccounts(reader: ByteReader): Map<string, PointAccount> {
  const accounts = new Map<string, PointAccount>();
  for (let left = reader.unsigned(); left > 0; left--) {
    const account = readAccount(reader);
    accounts.set(account.type, account);
  }
  return accounts;
}

function readAccount(reader: ByteReader): PointAccount {
  const type = reader.string();
  const debt = reader.unsigned() as Points;
  return { type, debt, lots: readList(reader, readLot), pending: readList(reader, readPending) };
}

function readLot(reader: ByteReader): Lot {
  return {
    issuer: reader.string(),
    expiresAt: readOptionalInteger(reader) as Instant | undefined,
    earnedAt: reader.unsigned() as Instant,
    points: reader.unsigned() as Points,
  };
}

function readPending(reader: ByteReader): PendingLot {
  return {
    issuer: reader.string(),
    checkout: reader.string(),
    promotion: reader.string(),
    creditAt: readOptionalInteger(reader) as Instant | undefined,
    validFrom: readOptionalInteger(reader) as Instant | undefined,
    points: reader.unsigned() as Points,
  };
}

export function writeCounter(writer: ByteWriter, counter: Counter): void {
  writer.signed(counter.uses);
  writer.signed(counter.units);
  writer.signed(counter.discount);
  writer.signed(counter.points);
  writeOptionalInteger(writer, counter.until);
}

export function readCounter(reader: ByteReader): Counter {
  return {
    uses: reader.signed(),
    units: reader.signed(),
    discount: reader.signed() as MinorUnits,
    points: reader.signed() as Points,
    until: readOptionalInteger(reader) as Instant | undefined,
  };
}

function writeHistory(writer: ByteWriter, history: readonly HistoryDay[]): void {
  writer.unsigned(history.length);
  let previous = 0;
  for (const entry of history) {
    writer.unsigned(entry.day - previous);
    writer.unsigned(entry.purchases);
    writer.unsigned(entry.spend);
    previous = entry.day;
  }
}

function readHistory(reader: ByteReader): HistoryDay[] {
  let day = 0;
  return readList(reader, (from) => {
    day += from.unsigned();
    return { day, purchases: from.unsigned(), spend: from.unsigned() as MinorUnits };
  });
}

// A member's record has no table of names, so the usage of a hold is written with its texts.
function writeHold(writer: ByteWriter, hold: Hold): void {
  writer.string(hold.id);
  writer.unsigned(hold.until);
  writer.unsigned(hold.points.length);
  for (const held of hold.points) writeHeldLot(writer, held);
  writer.unsigned(hold.usage.length);
  for (const delta of hold.usage) writeUsage(writer, delta, 'string');
}

function readHold(reader: ByteReader): Hold {
  return {
    id: reader.string(),
    until: reader.unsigned() as Instant,
    points: readList(reader, readHeldLot),
    usage: readList(reader, (from) => readUsage(from, 'string')),
  };
}

function writeHeldLot(writer: ByteWriter, held: HeldLot): void {
  writer.string(held.type);
  writer.string(held.promotion);
  writeOptional(writer, held.acceptor);
  writer.string(held.issuer);
  writeOptionalInteger(writer, held.expiresAt);
  writer.unsigned(held.earnedAt);
  writer.unsigned(held.points);
}

function readHeldLot(reader: ByteReader): HeldLot {
  return {
    type: reader.string(),
    promotion: reader.string(),
    acceptor: readOptional(reader),
    issuer: reader.string(),
    expiresAt: readOptionalInteger(reader) as Instant | undefined,
    earnedAt: reader.unsigned() as Instant,
    points: reader.unsigned() as Points,
  };
}
