import { assert, Bug, must } from '../assert.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { MOVEMENTS, notesAge, type Transfer } from '../ledger/transfer.ts';
import type { Instant, MinorUnits, Points } from '../money/units.ts';
import type {
  Accepted,
  BlockChange,
  HoldState,
  Outcome,
  PointsRow,
  Rejected,
  ReversalTotals,
  TierChange,
  TopUp,
} from '../outcome/outcome.ts';
import { TRANSACTION_KINDS } from '../transaction/transaction.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { readDecision, writeDecision } from './decision.ts';
import {
  readFields,
  readList,
  readOptional,
  readOptionalInteger,
  writeFields,
  writeOptional,
  writeOptionalInteger,
} from './fields.ts';
import { readTransaction, writeTransaction } from './transaction.ts';

/**
 * One record of a ledger block. Rule-set hashes are long and few, so a block holds a table of
 * them and a record only the position in it.
 */
export interface RuleSetTable {
  readonly hashes: readonly string[];
}

/** Collects the hashes that the records of a block mention, while they are written. */
export class RuleSetTableBuilder implements RuleSetTable {
  readonly hashes: string[] = [];

  position(hash: string): number {
    const known = this.hashes.indexOf(hash);
    return known === -1 ? this.hashes.push(hash) - 1 : known;
  }
}

const UNREADABLE = 255;

/** Where the canonical bytes of a transaction lie, when they were made already. */
export interface RecordInput {
  readonly writer: ByteWriter;
  readonly from: number;
  readonly to: number;
}

/** `input` may say where the transaction's canonical bytes are. */
export function writeRecord(
  writer: ByteWriter,
  record: LedgerRecord,
  context: { readonly table: RuleSetTableBuilder; readonly input?: RecordInput | undefined },
): void {
  const { table, input } = context;
  writer.unsigned(record.sequence);
  writer.unsigned(record.streamSequence);
  writer.string(record.id);
  writer.byte(record.kind === 'unreadable' ? UNREADABLE : TRANSACTION_KINDS.indexOf(record.kind));
  writer.string(record.member);
  writer.name(record.store);
  writer.name(record.region);
  writer.name(record.country);
  writer.name(record.partner);
  writer.name(record.channel);
  writer.name(record.currency);
  writer.signed(record.occurredAt);
  writer.signed(record.acceptedAt);
  writeOutcome(writer, record.outcome, table);
  writer.unsigned(record.transfers.length);
  for (const move of record.transfers) writeTransfer(writer, move);
  writer.byte(record.transaction === undefined ? 0 : record.sale === undefined ? 1 : 2);
  if (!record.transaction) return;
  if (input) writer.copyFrom(input.writer, input.from, input.to);
  else writeTransaction(writer, record.transaction);
  if (record.sale) writeTransaction(writer, record.sale);
}

// Each `as` below restores a unit that was checked when the record was made.
export function readRecord(reader: ByteReader, table: RuleSetTable): LedgerRecord {
  const sequence = reader.unsigned();
  const streamSequence = reader.unsigned();
  const id = reader.string();
  return {
    sequence,
    streamSequence,
    id,
    kind: readKind(reader.byte()),
    member: reader.string(),
    store: reader.name(),
    region: reader.name(),
    country: reader.name(),
    partner: reader.name(),
    channel: reader.name(),
    currency: reader.name(),
    occurredAt: reader.signed() as Instant,
    acceptedAt: reader.signed() as Instant,
    outcome: readOutcome(reader, id, table),
    transfers: readList(reader, readTransfer),
    ...readInput(reader),
  };
}

/** The transaction, and what it sold where it does not say that itself. */
function readInput(reader: ByteReader): Pick<LedgerRecord, 'transaction' | 'sale'> {
  const parts = reader.byte();
  const transaction = parts === 0 ? undefined : readTransaction(reader);
  const sale = parts === 2 ? readTransaction(reader) : undefined;
  assert(sale === undefined || sale.kind === 'checkout', 'what was sold is a checkout');
  return { transaction, sale };
}

/** The kind by its code in the store. */
export function readKind(code: number): LedgerRecord['kind'] {
  if (code === UNREADABLE) return 'unreadable';
  return must(TRANSACTION_KINDS[code], 'unknown transaction kind in the store');
}

function writeOutcome(writer: ByteWriter, outcome: Outcome, table: RuleSetTableBuilder): void {
  writer.byte(outcome.status === 'accepted' ? 1 : 0);
  writer.byte(outcome.ruleSet === undefined ? 0 : 1);
  if (outcome.ruleSet) {
    writer.unsigned(outcome.ruleSet.version);
    writer.unsigned(table.position(outcome.ruleSet.hash));
  }
  if (outcome.status === 'accepted') writeAccepted(writer, outcome);
  else writeRejected(writer, outcome);
}

function readOutcome(reader: ByteReader, id: string, table: RuleSetTable): Outcome {
  const accepted = reader.byte() === 1;
  const ruleSet =
    reader.byte() === 0
      ? undefined
      : {
          version: reader.unsigned(),
          hash: must(table.hashes[reader.unsigned()], 'a rule-set hash is missing in its block'),
        };
  if (!accepted) {
    const [reason, path, message] = [reader.name(), reader.string(), reader.string()];
    return {
      status: 'rejected',
      id,
      ruleSet,
      reason,
      path,
      message,
      sendFor: readOptional(reader),
    };
  }
  return {
    status: 'accepted',
    id,
    ruleSet: must(ruleSet, 'an accepted outcome names its rule set'),
    ...readAccepted(reader),
  };
}

/** Which parts an accepted outcome has, a bit each, so that what is absent costs nothing. */
export const PARTS = {
  late: 1,
  decision: 2,
  reversal: 4,
  hold: 8,
  topUps: 16,
  tiers: 32,
  parked: 64,
  details: 128,
  blocks: 256,
} as const;

const NO_TIERS: readonly TierChange[] = [];
const NO_DETAILS: Accepted['details'] = new Map();

function readAccepted(reader: ByteReader): Omit<Accepted, 'status' | 'id' | 'ruleSet'> {
  const parts = reader.unsigned();
  return {
    late: (parts & PARTS.late) !== 0,
    decision: (parts & PARTS.decision) === 0 ? undefined : readDecision(reader),
    reversal: (parts & PARTS.reversal) === 0 ? undefined : readReversal(reader),
    points: readList(reader, readPointsRow),
    tiers: (parts & PARTS.tiers) === 0 ? NO_TIERS : readList(reader, readTierChange),
    parked: (parts & PARTS.parked) === 0 ? undefined : (reader.signed() as Instant),
    details: (parts & PARTS.details) === 0 ? NO_DETAILS : readFields(reader),
    hold: (parts & PARTS.hold) === 0 ? undefined : readHoldState(reader),
    topUps: (parts & PARTS.topUps) === 0 ? undefined : readList(reader, readTopUp),
    blocks: (parts & PARTS.blocks) === 0 ? undefined : readList(reader, readBlockChange),
  };
}

function writeAccepted(writer: ByteWriter, outcome: Accepted): void {
  const { late, decision, reversal, hold, topUps, tiers, parked, details, blocks } = outcome;
  writer.unsigned(
    (late ? PARTS.late : 0) |
      (decision ? PARTS.decision : 0) |
      (reversal ? PARTS.reversal : 0) |
      (hold ? PARTS.hold : 0) |
      (topUps ? PARTS.topUps : 0) |
      (tiers.length > 0 ? PARTS.tiers : 0) |
      (parked === undefined ? 0 : PARTS.parked) |
      (details.size > 0 ? PARTS.details : 0) |
      (blocks ? PARTS.blocks : 0),
  );
  if (decision) writeDecision(writer, decision);
  if (reversal) writeReversal(writer, reversal);
  writer.unsigned(outcome.points.length);
  for (const row of outcome.points) writePointsRow(writer, row);
  if (tiers.length > 0) {
    writer.unsigned(tiers.length);
    for (const change of tiers) writeTierChange(writer, change);
  }
  if (parked !== undefined) writer.signed(parked);
  if (details.size > 0) writeFields(writer, details);
  if (hold) writeHoldState(writer, hold);
  if (topUps) writeTopUps(writer, topUps);
  if (blocks) writeBlockChanges(writer, blocks);
}

function writeBlockChanges(writer: ByteWriter, blocks: readonly BlockChange[]): void {
  writer.unsigned(blocks.length);
  for (const { partner, before, deducted, after } of blocks) {
    writer.name(partner);
    for (const amount of [before, deducted, after]) writer.signed(amount);
  }
}

function readBlockChange(reader: ByteReader): BlockChange {
  return {
    partner: reader.name(),
    before: reader.signed(),
    deducted: reader.signed(),
    after: reader.signed(),
  };
}

/** The states of a hold by their codes. */
export const HOLD_STATES = ['open', 'captured', 'released'] as const;

function writeHoldState(writer: ByteWriter, hold: HoldState): void {
  writer.string(hold.id);
  writer.byte(HOLD_STATES.indexOf(hold.state));
  writer.signed(hold.until);
}

function readHoldState(reader: ByteReader): HoldState {
  return {
    id: reader.string(),
    state: must(HOLD_STATES[reader.byte()], 'unknown state of a hold in the store'),
    until: reader.signed() as Instant,
  };
}

function writeTopUps(writer: ByteWriter, topUps: readonly TopUp[]): void {
  writer.unsigned(topUps.length);
  for (const topUp of topUps) {
    writer.string(topUp.member);
    writer.name(topUp.type);
    writer.byte(topUp.precision);
    writer.unsigned(topUp.points);
  }
}

function readTopUp(reader: ByteReader): TopUp {
  return {
    member: reader.string(),
    type: reader.name(),
    precision: reader.byte(),
    points: reader.unsigned() as Points,
  };
}

function writeRejected(writer: ByteWriter, outcome: Rejected): void {
  writer.name(outcome.reason);
  writer.string(outcome.path);
  writer.string(outcome.message);
  writeOptional(writer, outcome.sendFor);
}

function writeReversal(writer: ByteWriter, reversal: ReversalTotals): void {
  writer.string(reversal.checkout);
  writer.unsigned(reversal.lines.length);
  for (const line of reversal.lines) {
    writer.string(line.line);
    writer.signed(line.quantity);
    writer.signed(line.gross);
    writer.signed(line.discount);
    writer.signed(line.paidWithPoints);
    const { sku, category, brand, partner, price } = line.goods;
    for (const name of [sku, category, brand, partner]) writer.name(name);
    writer.unsigned(price);
    writer.unsigned(line.awards.length);
    for (const { promotion, benefit, amount } of line.awards) {
      writer.name(promotion);
      writer.name(benefit);
      writer.signed(amount);
    }
  }
  writer.signed(reversal.delivery);
  writer.signed(reversal.deliveryDiscount);
  writer.unsigned(reversal.contributions.length);
  for (const { promotion, partner, amount } of reversal.contributions) {
    writer.name(promotion);
    writer.name(partner);
    writer.signed(amount);
  }
}

function readReversal(reader: ByteReader): ReversalTotals {
  return {
    checkout: reader.string(),
    lines: readList(reader, (from) => ({
      line: from.string(),
      quantity: from.signed(),
      gross: from.signed() as MinorUnits,
      discount: from.signed() as MinorUnits,
      paidWithPoints: from.signed() as MinorUnits,
      goods: {
        sku: from.name(),
        category: from.name(),
        brand: from.name(),
        partner: from.name(),
        price: from.unsigned() as MinorUnits,
      },
      awards: readList(from, (award) => ({
        promotion: award.name(),
        benefit: award.name(),
        amount: award.signed() as MinorUnits,
      })),
    })),
    delivery: reader.signed() as MinorUnits,
    deliveryDiscount: reader.signed() as MinorUnits,
    contributions: readList(reader, (from) => ({
      promotion: from.name(),
      partner: from.name(),
      amount: from.signed() as MinorUnits,
    })),
  };
}

function writeTierChange(writer: ByteWriter, change: TierChange): void {
  writer.string(change.member);
  writer.name(change.group);
  writer.name(change.before);
  writer.name(change.after);
  writeOptionalInteger(writer, change.until);
}

function readTierChange(reader: ByteReader): TierChange {
  return {
    member: reader.string(),
    group: reader.name(),
    before: reader.name(),
    after: reader.name(),
    until: readOptionalInteger(reader) as Instant | undefined,
  };
}

function writePointsRow(writer: ByteWriter, row: PointsRow): void {
  writer.name(row.type);
  writer.byte(row.precision);
  writer.signed(row.before);
  writer.signed(row.redeemed);
  writer.signed(row.accrued);
  writer.signed(row.pending);
  writer.signed(row.expired);
  writer.signed(row.adjusted);
  writer.signed(row.held);
  writer.signed(row.toppedUp);
  writer.signed(row.after);
}

function readPointsRow(reader: ByteReader): PointsRow {
  return {
    type: reader.name(),
    precision: reader.byte(),
    before: reader.signed() as Points,
    redeemed: reader.signed() as Points,
    accrued: reader.signed() as Points,
    pending: reader.signed() as Points,
    expired: reader.signed() as Points,
    adjusted: reader.signed() as Points,
    held: reader.signed() as Points,
    toppedUp: reader.signed() as Points,
    after: reader.signed() as Points,
  };
}

function writeTransfer(writer: ByteWriter, move: Transfer): void {
  writer.byte(MOVEMENTS.indexOf(move.movement));
  writer.string(move.from);
  writer.string(move.to);
  writer.name(move.unit);
  writer.unsigned(move.points);
  writer.name(move.promotion);
  writer.string(move.lot);
  writer.signed(move.balance);
  if (notesAge(move.movement)) writeOptionalInteger(writer, move.earnedAt);
}

function readTransfer(reader: ByteReader): Transfer {
  const movement = MOVEMENTS[reader.byte()];
  if (movement === undefined) throw new Bug('unknown movement in the store', []);
  const move = {
    movement,
    from: reader.string(),
    to: reader.string(),
    unit: reader.name(),
    points: reader.unsigned() as Points,
    promotion: reader.name(),
    lot: reader.string(),
    balance: reader.signed() as Points,
  };
  if (!notesAge(movement)) return move;
  // Written from an instant.
  return { ...move, earnedAt: readOptionalInteger(reader) as Instant | undefined };
}
