import type { Budget } from '../ledger/lease/budget.ts';
import type { Lease } from '../ledger/lease/lease.ts';
import type { Instant } from '../money/units.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readList, readOptionalInteger, writeOptionalInteger } from './fields.ts';
import { readAmounts, readLimits, writeAmounts, writeLimits } from './lease-letter.ts';
import { readTransaction, writeTransaction } from './transaction.ts';

/** The bytes of leases and budgets in the store. */
export function writeLease(writer: ByteWriter, lease: Lease): void {
  writer.string(lease.budget);
  writeLimits(writer, lease.limits);
  writer.unsigned(lease.version);
  writeOptionalInteger(writer, lease.until);
  writeAmounts(writer, lease.granted);
  writeAmounts(writer, lease.used);
  writeAmounts(writer, lease.usedAtAsk);
  writer.byte(lease.waiting ? 1 : 0);
  writeAmounts(writer, lease.mark);
  writeOptionalInteger(writer, lease.exhaustedAt);
  writer.byte(lease.unanswered ? 1 : 0);
  writeAmounts(writer, lease.short);
  writer.unsigned(lease.first);
  writer.unsigned(lease.next);
  writeOptionalInteger(writer, lease.since);
}

// Each `as Instant` in this file restores a unit that was checked when the value was made.
export function readLease(bytes: Uint8Array): Lease {
  const reader = new ByteReader(bytes);
  return {
    budget: reader.string(),
    limits: readLimits(reader),
    version: reader.unsigned(),
    until: readOptionalInteger(reader) as Instant | undefined,
    granted: readAmounts(reader),
    used: readAmounts(reader),
    usedAtAsk: readAmounts(reader),
    waiting: reader.byte() === 1,
    mark: readAmounts(reader),
    exhaustedAt: readOptionalInteger(reader) as Instant | undefined,
    unanswered: reader.byte() === 1,
    short: readAmounts(reader),
    first: reader.unsigned(),
    next: reader.unsigned(),
    since: readOptionalInteger(reader) as Instant | undefined,
  };
}

export function writeBudget(writer: ByteWriter, budget: Budget): void {
  writer.string(budget.budget);
  writeLimits(writer, budget.limits);
  writer.unsigned(budget.version);
  writeOptionalInteger(writer, budget.until);
  writer.unsigned(budget.shares.length);
  for (const share of budget.shares) {
    writeAmounts(writer, share.out);
    writeAmounts(writer, share.spent);
    writer.byte((share.known ? 1 : 0) + (share.recalled ? 2 : 0));
  }
  writer.unsigned(budget.queue.length);
  for (const ask of budget.queue) {
    writer.unsigned(ask.partition);
    writeAmounts(writer, ask.need);
    writeAmounts(writer, ask.ahead);
  }
}

export function readBudget(bytes: Uint8Array): Budget {
  const reader = new ByteReader(bytes);
  return {
    budget: reader.string(),
    limits: readLimits(reader),
    version: reader.unsigned(),
    until: readOptionalInteger(reader) as Instant | undefined,
    shares: readList(reader, (from) => {
      const out = readAmounts(from);
      const spent = readAmounts(from);
      const flags = from.byte();
      return { out, spent, known: flags % 2 === 1, recalled: flags >= 2 };
    }),
    queue: readList(reader, (from) => ({
      partition: from.unsigned(),
      need: readAmounts(from),
      ahead: readAmounts(from),
    })),
  };
}

/** A checkout that waits for a lease, as it came and when. */
export interface WaitingCheckout {
  readonly acceptedAt: Instant;
  readonly streamSequence: number;
  readonly transaction: Transaction;
}

export function writeWaiting(writer: ByteWriter, waiting: WaitingCheckout): void {
  writer.signed(waiting.acceptedAt);
  writer.unsigned(waiting.streamSequence);
  writeTransaction(writer, waiting.transaction);
}

export function readWaiting(bytes: Uint8Array): WaitingCheckout {
  const reader = new ByteReader(bytes);
  return {
    acceptedAt: reader.signed() as Instant,
    streamSequence: reader.unsigned(),
    transaction: readTransaction(reader),
  };
}
