import type {
  Accrual,
  Credit,
  Decision,
  LineAward,
  LineDecision,
  Redemption,
  Totals,
  UsageDelta,
} from '../arbitration/decision.ts';
import { Bug } from '../assert.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import {
  readList,
  readOptional,
  readOptionalInteger,
  writeOptional,
  writeOptionalInteger,
} from './fields.ts';

/**
 * The bytes of a decision inside a ledger record. Everything is kept, shares included: a return
 * years later mirrors these numbers and asks no rule again. Each `as` restores a unit that was
 * checked when the decision was made.
 */
export function writeDecision(writer: ByteWriter, decision: Decision): void {
  writeTotals(writer, decision.totals);
  writer.unsigned(decision.lines.length);
  for (const line of decision.lines) writeLine(writer, line);
  writeAwards(writer, decision.deliveryAwards);
  writer.unsigned(decision.accruals.length);
  for (const accrual of decision.accruals) writeAccrual(writer, accrual);
  writer.unsigned(decision.redemptions.length);
  for (const redemption of decision.redemptions) writeRedemption(writer, redemption);
  writer.unsigned(decision.contributions.length);
  for (const contribution of decision.contributions) {
    writer.name(contribution.promotion);
    writer.name(contribution.partner);
    writer.signed(contribution.amount);
  }
  writer.unsigned(decision.texts.length);
  for (const text of decision.texts) {
    writer.name(text.promotion);
    writer.string(text.text);
  }
  writer.unsigned(decision.codes.length);
  for (const code of decision.codes) {
    writer.name(code.promotion);
    writer.name(code.pool);
    writer.name(code.message);
  }
  writer.unsigned(decision.notApplied.length);
  for (const other of decision.notApplied) {
    writer.name(other.promotion);
    writer.name(other.reason);
  }
  writer.unsigned(decision.usage.length);
  for (const delta of decision.usage) writeUsage(writer, delta);
}

export function readDecision(reader: ByteReader): Decision {
  return {
    totals: readTotals(reader),
    lines: readList(reader, readLine),
    deliveryAwards: readList(reader, readAward),
    accruals: readList(reader, readAccrual),
    redemptions: readList(reader, readRedemption),
    contributions: readList(reader, (from) => ({
      promotion: from.name(),
      partner: from.name(),
      amount: from.signed() as MinorUnits,
    })),
    texts: readList(reader, (from) => ({ promotion: from.name(), text: from.string() })),
    codes: readList(reader, (from) => ({
      promotion: from.name(),
      pool: from.name(),
      message: from.name(),
    })),
    notApplied: readList(reader, (from) => ({ promotion: from.name(), reason: from.name() })),
    usage: readList(reader, (from) => readUsage(from)),
  };
}

function writeTotals(writer: ByteWriter, totals: Totals): void {
  writer.signed(totals.gross);
  writer.signed(totals.discount);
  writer.signed(totals.delivery);
  writer.signed(totals.deliveryDiscount);
  writer.signed(totals.paidWithPoints);
  writer.signed(totals.payable);
}

function readTotals(reader: ByteReader): Totals {
  return {
    gross: reader.signed() as MinorUnits,
    discount: reader.signed() as MinorUnits,
    delivery: reader.signed() as MinorUnits,
    deliveryDiscount: reader.signed() as MinorUnits,
    paidWithPoints: reader.signed() as MinorUnits,
    payable: reader.signed() as MinorUnits,
  };
}

function writeLine(writer: ByteWriter, line: LineDecision): void {
  writer.string(line.id);
  writer.signed(line.gross);
  writer.signed(line.discount);
  writer.signed(line.paidWithPoints);
  writeAwards(writer, line.awards);
}

function readLine(reader: ByteReader): LineDecision {
  const id = reader.string();
  const gross = reader.signed();
  const discount = reader.signed();
  return {
    id,
    gross: gross as MinorUnits,
    discount: discount as MinorUnits,
    net: (gross - discount) as MinorUnits,
    paidWithPoints: reader.signed() as MinorUnits,
    awards: readList(reader, readAward),
  };
}

function writeAwards(writer: ByteWriter, awards: readonly LineAward[]): void {
  writer.unsigned(awards.length);
  for (const award of awards) {
    writer.name(award.promotion);
    writer.name(award.benefit);
    writer.signed(award.requested);
    writer.signed(award.applied);
  }
}

function readAward(reader: ByteReader): LineAward {
  return {
    promotion: reader.name(),
    benefit: reader.name(),
    requested: reader.signed(),
    applied: reader.signed(),
  };
}

function writeShares(writer: ByteWriter, shares: readonly number[]): void {
  writer.unsigned(shares.length);
  // Lists of integers and of doubles come here, and V8's iterators want one kind.
  for (let i = 0; i < shares.length; i++) writer.signed(shares[i] ?? 0);
}

function writeAccrual(writer: ByteWriter, accrual: Accrual): void {
  writer.name(accrual.promotion);
  writer.name(accrual.benefit);
  writer.name(accrual.type);
  writer.signed(accrual.requested);
  writer.signed(accrual.points);
  writeCredit(writer, accrual.credit);
  writeShares(writer, accrual.shares);
  writeOptional(writer, accrual.issuer);
}

function readAccrual(reader: ByteReader): Accrual {
  return {
    promotion: reader.name(),
    benefit: reader.name(),
    type: reader.name(),
    requested: reader.signed() as Points,
    points: reader.signed() as Points,
    credit: readCredit(reader),
    shares: readList(reader, (from) => from.signed() as Points),
    issuer: readOptional(reader),
  };
}

function writeCredit(writer: ByteWriter, credit: Credit): void {
  if (credit.kind === 'at-checkout') writer.byte(0);
  else if (credit.kind === 'on-delivery') writer.byte(1);
  else {
    writer.byte(2);
    writer.signed(credit.at);
  }
}

function readCredit(reader: ByteReader): Credit {
  const code = reader.byte();
  if (code === 0) return { kind: 'at-checkout' };
  if (code === 1) return { kind: 'on-delivery' };
  if (code === 2) return { kind: 'at', at: reader.signed() as Instant };
  throw new Bug('unknown credit in the store', [code]);
}

function writeRedemption(writer: ByteWriter, redemption: Redemption): void {
  writeOptional(writer, redemption.promotion);
  writer.name(redemption.type);
  writer.signed(redemption.points);
  writer.signed(redemption.amount);
  writer.byte(redemption.asDiscount ? 1 : 0);
  writeShares(writer, redemption.pointShares);
  writeShares(writer, redemption.amountShares);
}

function readRedemption(reader: ByteReader): Redemption {
  return {
    promotion: readOptional(reader),
    type: reader.name(),
    points: reader.signed() as Points,
    amount: reader.signed() as MinorUnits,
    asDiscount: reader.byte() === 1,
    pointShares: readList(reader, (from) => from.signed() as Points),
    amountShares: readList(reader, (from) => from.signed() as MinorUnits),
  };
}

/** `as` says how the key is kept: by the block's table of names, or with its text. */
export function writeUsage(
  writer: ByteWriter,
  delta: UsageDelta,
  as: 'name' | 'string' = 'name',
): void {
  writer.byte(delta.scope === 'member' ? 0 : 1);
  writer[as](delta.key);
  writer.signed(delta.uses);
  writer.signed(delta.units);
  writer.signed(delta.discount);
  writer.signed(delta.points);
  writeOptionalInteger(writer, delta.until);
}

export function readUsage(reader: ByteReader, as: 'name' | 'string' = 'name'): UsageDelta {
  return {
    scope: reader.byte() === 0 ? 'member' : 'programme',
    key: reader[as](),
    uses: reader.signed(),
    units: reader.signed(),
    discount: reader.signed() as MinorUnits,
    points: reader.signed() as Points,
    until: readOptionalInteger(reader) as Instant | undefined,
  };
}
