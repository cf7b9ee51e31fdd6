import { Bug, must } from '../assert.ts';
import type { Instant, MinorUnits, Thousandths } from '../money/units.ts';
import type {
  ActivationNotice,
  Adjustment,
  BroughtLot,
  Cancel,
  Capture,
  Checkout,
  Delivery,
  Enrolment,
  HoldRequest,
  OrderLine,
  Release,
  Return,
  ReturnedLine,
  Tick,
  Transaction,
} from '../transaction/transaction.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';
import { digest128 } from './digest.ts';
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
import { readLetter, writeLetter } from './lease-letter.ts';
import {
  MEMBER_KIND_CODES,
  readMemberTransaction,
  writeMemberTransaction,
} from './member-transaction.ts';

/**
 * The canonical bytes of a decoded transaction: equal transactions have equal bytes, whatever
 * format, key order or spelling of numbers they came in. They are what the digest is made of and
 * what the ledger keeps, so that any decision can be derived again.
 *
 * Layout: kind (1 byte, by the codes below), id, then the fields of the kind in the order in which
 * they are written here. `docs/storage-layout.md` lists the codes.
 */
export const KIND_CODES: Readonly<Record<Transaction['kind'], number>> = {
  checkout: 1,
  quote: 2,
  return: 3,
  cancel: 4,
  enrol: 5,
  adjust: 6,
  tick: 7,
  activation: 8,
  ...MEMBER_KIND_CODES,
  hold: 20,
  capture: 21,
  release: 22,
  deliver: 23,
  lease: 40,
};

export function writeTransaction(writer: ByteWriter, transaction: Transaction): void {
  writer.byte(KIND_CODES[transaction.kind]);
  writer.string(transaction.id);
  switch (transaction.kind) {
    case 'checkout':
    case 'quote':
      writeCheckout(writer, transaction);
      break;
    case 'return':
      writeReturn(writer, transaction);
      break;
    case 'cancel':
      writeCancel(writer, transaction);
      break;
    case 'enrol':
      writeEnrolment(writer, transaction);
      break;
    case 'adjust':
      writeAdjustment(writer, transaction);
      break;
    case 'tick':
      writer.signed(transaction.at);
      break;
    case 'activation':
      writeActivation(writer, transaction);
      break;
    case 'hold':
      writer.unsigned(transaction.holdFor);
      writeCheckout(writer, transaction.checkout);
      break;
    case 'capture':
      writeHoldEnd(writer, transaction);
      writeReturnedLines(writer, transaction.lines);
      break;
    case 'release':
      writeHoldEnd(writer, transaction);
      break;
    case 'deliver':
      writeDelivery(writer, transaction);
      break;
    case 'lease':
      writeLetter(writer, transaction);
      break;
    default:
      writeMemberTransaction(writer, transaction);
  }
}

export function readTransaction(reader: ByteReader): Transaction {
  const code = reader.byte();
  const id = reader.string();
  switch (code) {
    case 1:
      return readCheckout(reader, { kind: 'checkout', id });
    case 2:
      return readCheckout(reader, { kind: 'quote', id });
    case 3:
      return readReturn(reader, id);
    case 4:
      return readCancel(reader, id);
    case 5:
      return readEnrolment(reader, id);
    case 6:
      return readAdjustment(reader, id);
    case 7:
      return readTick(reader, id);
    case 8:
      return readActivation(reader, id);
    case 20:
      return readHold(reader, id);
    case 21:
      return { ...readHoldEnd(reader, { kind: 'capture', id }), lines: readReturnedLines(reader) };
    case 22:
      return readHoldEnd(reader, { kind: 'release', id });
    case 23:
      return readDelivery(reader, id);
    case 40:
      return readLetter(reader, id);
    default: {
      const about = readMemberTransaction(reader, { code, id });
      if (about === undefined) throw new Bug('unknown transaction kind in the store', [code]);
      return about;
    }
  }
}

const scratch = new ByteWriter(4096);

/** What decides whether a used id carries the same transaction again. */
export function transactionDigest(transaction: Transaction): Uint8Array {
  scratch.reset();
  writeTransaction(scratch, transaction);
  return digest128(scratch.view());
}

function writeCheckout(writer: ByteWriter, checkout: Checkout): void {
  writeOptional(writer, checkout.member);
  writeOptional(writer, checkout.card);
  writeOptional(writer, checkout.store);
  writeOptional(writer, checkout.partner);
  writeOptional(writer, checkout.channel);
  writeOptionalInteger(writer, checkout.occurredAt);
  writeOptional(writer, checkout.currency);
  writer.unsigned(checkout.lines.length);
  for (const line of checkout.lines) writeLine(writer, line);
  writer.unsigned(checkout.delivery);
  writeStrings(writer, checkout.codes);
  writer.byte(checkout.pay === undefined ? 0 : 1);
  if (checkout.pay) {
    writer.string(checkout.pay.type);
    writer.float(checkout.pay.amount);
  }
  writeOptional(writer, checkout.tender);
  writer.byte(checkout.location === undefined ? 0 : 1);
  if (checkout.location) {
    writer.float(checkout.location.lat);
    writer.float(checkout.location.lon);
  }
  writeFields(writer, checkout.fields);
}

// The integers below were checked when the transaction was decoded; reading them back only
// restores their unit, which is what each `as` in this file says.
function readCheckout(
  reader: ByteReader,
  head: { readonly kind: 'checkout' | 'quote'; readonly id: string },
): Checkout {
  return {
    kind: head.kind,
    id: head.id,
    member: readOptional(reader),
    card: readOptional(reader),
    store: readOptional(reader),
    partner: readOptional(reader),
    channel: readOptional(reader),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
    currency: readOptional(reader),
    lines: readList(reader, readLine),
    delivery: reader.unsigned() as MinorUnits,
    codes: readStrings(reader),
    pay: reader.byte() === 0 ? undefined : { type: reader.string(), amount: reader.float() },
    tender: readOptional(reader),
    location: reader.byte() === 0 ? undefined : { lat: reader.float(), lon: reader.float() },
    fields: readFields(reader),
  };
}

function writeLine(writer: ByteWriter, line: OrderLine): void {
  writer.string(line.id);
  writer.string(line.sku);
  writeStrings(writer, line.category);
  writeOptional(writer, line.brand);
  writeOptional(writer, line.partner);
  writer.unsigned(line.quantity);
  writer.unsigned(line.price);
  writer.unsigned(line.gross);
  writeStrings(writer, line.flags);
  writeFields(writer, line.fields);
}

function readLine(reader: ByteReader): OrderLine {
  return {
    id: reader.string(),
    sku: reader.string(),
    category: readStrings(reader),
    brand: readOptional(reader),
    partner: readOptional(reader),
    quantity: reader.unsigned() as Thousandths,
    price: reader.unsigned() as MinorUnits,
    gross: reader.unsigned() as MinorUnits,
    flags: readStrings(reader),
    fields: readFields(reader),
  };
}

function writeReturn(writer: ByteWriter, back: Return): void {
  writeOptional(writer, back.member);
  writer.string(back.checkout);
  writeReturnedLines(writer, back.lines);
  writeOptional(writer, back.store);
  writeOptionalInteger(writer, back.occurredAt);
}

function readReturn(reader: ByteReader, id: string): Return {
  return {
    kind: 'return',
    id,
    member: readOptional(reader),
    checkout: reader.string(),
    lines: readReturnedLines(reader),
    store: readOptional(reader),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
  };
}

function writeReturnedLines(writer: ByteWriter, lines: Return['lines']): void {
  writer.byte(lines === undefined ? 0 : 1);
  if (lines === undefined) return;
  writer.unsigned(lines.length);
  for (const line of lines) {
    writer.string(line.id);
    writer.unsigned(line.quantity);
  }
}

function readReturnedLines(reader: ByteReader): Return['lines'] {
  return reader.byte() === 0 ? undefined : readList(reader, readReturnedLine);
}

function readReturnedLine(reader: ByteReader): ReturnedLine {
  return { id: reader.string(), quantity: reader.unsigned() as Thousandths };
}

function writeCancel(writer: ByteWriter, cancel: Cancel): void {
  writeOptional(writer, cancel.member);
  writer.string(cancel.checkout);
  writeOptionalInteger(writer, cancel.occurredAt);
}

function readCancel(reader: ByteReader, id: string): Cancel {
  return {
    kind: 'cancel',
    id,
    member: readOptional(reader),
    checkout: reader.string(),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
  };
}

function writeEnrolment(writer: ByteWriter, enrolment: Enrolment): void {
  writer.string(enrolment.member);
  writeOptional(writer, enrolment.store);
  writeOptionalInteger(writer, enrolment.occurredAt);
  writeOptional(writer, enrolment.birthday);
  writeStrings(writer, enrolment.segments);
  writeStrings(writer, enrolment.partners);
  writeFields(writer, enrolment.fields);
}

function readEnrolment(reader: ByteReader, id: string): Enrolment {
  return {
    kind: 'enrol',
    id,
    member: reader.string(),
    store: readOptional(reader),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
    birthday: readOptional(reader),
    segments: readStrings(reader),
    partners: readStrings(reader),
    fields: readFields(reader),
  };
}

function writeAdjustment(writer: ByteWriter, adjustment: Adjustment): void {
  writer.string(adjustment.member);
  writer.string(adjustment.type);
  writer.float(adjustment.amount);
  writer.string(adjustment.comment);
  writeOptional(writer, adjustment.reason);
  writeOptional(writer, adjustment.author);
  writeOptional(writer, adjustment.approvedBy);
  writeOptional(writer, adjustment.promotion);
  writeOptional(writer, adjustment.json);
  writeOptionalInteger(writer, adjustment.occurredAt);
  writeOptional(writer, adjustment.topUp);
  writer.byte(adjustment.lot === undefined ? 0 : 1);
  if (!adjustment.lot) return;
  writeOptional(writer, adjustment.lot.issuer);
  writeInstantOrDate(writer, adjustment.lot.earnedAt);
  writeInstantOrDate(writer, adjustment.lot.expiresAt);
}

function readAdjustment(reader: ByteReader, id: string): Adjustment {
  return {
    kind: 'adjust',
    id,
    member: reader.string(),
    type: reader.string(),
    amount: reader.float(),
    comment: reader.string(),
    reason: readOptional(reader),
    author: readOptional(reader),
    approvedBy: readOptional(reader),
    promotion: readOptional(reader),
    json: readOptional(reader),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
    topUp: readOptional(reader),
    lot: reader.byte() === 0 ? undefined : readBroughtLot(reader),
  };
}

function readBroughtLot(reader: ByteReader): BroughtLot {
  return {
    issuer: readOptional(reader),
    earnedAt: readInstantOrDate(reader),
    expiresAt: readInstantOrDate(reader),
  };
}

function writeInstantOrDate(writer: ByteWriter, written: BroughtLot['earnedAt']): void {
  const isDate = typeof written === 'string';
  writeOptional(writer, isDate ? written : undefined);
  if (!isDate) writeOptionalInteger(writer, written);
}

function readInstantOrDate(reader: ByteReader): BroughtLot['earnedAt'] {
  return readOptional(reader) ?? (readOptionalInteger(reader) as Instant | undefined);
}

function readTick(reader: ByteReader, id: string): Tick {
  return { kind: 'tick', id, at: reader.signed() as Instant };
}

function writeActivation(writer: ByteWriter, notice: ActivationNotice): void {
  writer.unsigned(notice.version);
  writer.string(notice.hash);
  writer.string(notice.author);
  writer.string(notice.note);
}

function readActivation(reader: ByteReader, id: string): ActivationNotice {
  return {
    kind: 'activation',
    id,
    version: reader.unsigned(),
    hash: reader.string(),
    author: reader.string(),
    note: reader.string(),
  };
}

function readHold(reader: ByteReader, id: string): HoldRequest {
  const holdFor = reader.unsigned();
  const checkout = readCheckout(reader, { kind: 'checkout', id });
  const member = must(checkout.member, 'a hold names its member');
  return { kind: 'hold', id, member, holdFor, checkout };
}

function writeHoldEnd(writer: ByteWriter, end: Capture | Release): void {
  writer.string(end.member);
  writer.string(end.hold);
  writeOptionalInteger(writer, end.occurredAt);
}

function readHoldEnd<K extends 'capture' | 'release'>(
  reader: ByteReader,
  head: { readonly kind: K; readonly id: string },
) {
  return {
    ...head,
    member: reader.string(),
    hold: reader.string(),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
  };
}

function writeDelivery(writer: ByteWriter, delivery: Delivery): void {
  writeOptional(writer, delivery.member);
  writer.string(delivery.checkout);
  writeOptionalInteger(writer, delivery.occurredAt);
}

function readDelivery(reader: ByteReader, id: string): Delivery {
  return {
    kind: 'deliver',
    id,
    member: readOptional(reader),
    checkout: reader.string(),
    occurredAt: readOptionalInteger(reader) as Instant | undefined,
  };
}
