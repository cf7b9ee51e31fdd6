import { Packr } from 'msgpackr';
import type { Folded } from '../../core/fold.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import {
  type OutcomeJson,
  renderExisting,
  renderOutcome,
  renderTopUps,
  statusOf,
} from '../../core/outcome/render.ts';
import { encodeLease } from '../../core/transaction/decode-lease.ts';
import type { AppliedBatch, AppliedMessage } from './apply-batch.ts';
import type { BudgetFigure } from './budget-figures.ts';
import type { LogMessage } from './request.ts';

/** One line of a batch's statistics. */
export interface Tally {
  readonly kind: string;
  readonly status: 'accepted' | 'rejected' | 'parked' | 'exists';
  /** Of a rejection; `''` otherwise. */
  readonly reason: string;
  readonly count: number;
}

/** What a batch came to, apart from what it wrote. */
export interface Receipt {
  /** First ledger sequence that the batch wrote; one past the last when it wrote none. */
  readonly firstSequence: number;
  /** Last ledger sequence of the partition now. */
  readonly ledgerSequence: number;
  /** By the position of the message; `undefined` where nobody waits. */
  readonly answers: readonly (Uint8Array | undefined)[];
  /** Copies of the rejections that the batch recorded. */
  readonly deadLetters: readonly Uint8Array[];
  /** What other partitions have to be told about leases, in order. */
  readonly leaseLetters: readonly Uint8Array[];
  /** Top-ups to be handed to whoever pays them out, a letter a transaction. */
  readonly topUpLetters: readonly Uint8Array[];
  /** True when a checkout that had waited for a lease was recorded. */
  readonly released: boolean;
  /** True while checkouts of the partition wait for a lease. */
  readonly waiting: boolean;
  /** Relays without an answer, and returns that wait for their checkout. */
  readonly open: { readonly relays: number; readonly parked: number };
  /** Shared budgets of which this partition is the home, where they changed. */
  readonly budgets: readonly BudgetFigure[];
  readonly tallies: readonly Tally[];
  readonly pointsIssued: number;
  readonly pointsRedeemed: number;
}

const packr = new Packr({ useRecords: false });

/** Formats answers, dead letters and statistics; everything a batch tells the outside. */
export function receiptOf(
  applied: AppliedBatch,
  messages: readonly LogMessage[],
  partition: number,
): Receipt {
  const { ledgerSequence } = applied.writes.meta;
  const records = recordsOf(applied);
  return {
    firstSequence: ledgerSequence - records.length + 1,
    ledgerSequence,
    answers: applied.messages.map((message, position) =>
      messages[position]?.answer && !waits(message) ? answerTo(message) : undefined,
    ),
    deadLetters: deadLettersOf(applied, messages, partition),
    leaseLetters: applied.setOff.flatMap((record) => leaseLetter(record, partition) ?? []),
    topUpLetters: topUpLettersOf(records),
    released: applied.setOff.some((record) => record.kind !== 'lease'),
    waiting: applied.writes.meta.leaseWaits.length > 0,
    open: applied.writes.meta.waiting,
    budgets: applied.budgets,
    tallies: talliesOf(applied),
    ...pointsMoved(records),
  };
}

/** What a batch has recorded: each record with those it brought to an end, then what it set off. */
function recordsOf(applied: AppliedBatch): readonly LedgerRecord[] {
  const records: LedgerRecord[] = [];
  for (const { folded } of applied.messages) {
    for (const each of folded) {
      if (each.kind !== 'recorded') continue;
      records.push(each.record);
      for (const followUp of each.followUps) records.push(followUp);
    }
  }
  for (const record of applied.setOff) records.push(record);
  return records;
}

/** The answer in the format of the question: one outcome, or a list in the order of the list. */
export function answerTo(message: AppliedMessage): Uint8Array {
  const outcomes = message.folded.map(outcomeJson);
  const answer = message.envelope.single ? outcomes[0] : outcomes;
  return message.envelope.format === 'json'
    ? Buffer.from(JSON.stringify(answer))
    : packr.pack(answer);
}

/** True while an outcome of the message is still to come. */
function waits(message: AppliedMessage): boolean {
  return message.folded.some((folded) => folded.kind === 'waits');
}

function outcomeJson(folded: Folded): OutcomeJson {
  if (folded.kind === 'waits') return { id: folded.id, status: 'waiting' };
  const { outcome } = folded.record;
  return folded.kind === 'exists' ? renderExisting(outcome) : renderOutcome(outcome);
}

/** Bytes of a bad message that its dead letter quotes. */
export const EXCERPT_BYTES_MAX = 4_096;

const NO_LETTERS: readonly Uint8Array[] = [];

function topUpLettersOf(records: readonly LedgerRecord[]): readonly Uint8Array[] {
  let letters: Uint8Array[] | undefined;
  for (const record of records) {
    const letter = topUpLetter(record);
    if (letter) letters = [...(letters ?? []), letter];
  }
  return letters ?? NO_LETTERS;
}

/** The top-ups of a recorded transaction, each with the id under which it is paid out once. */
export function topUpLetter(record: LedgerRecord): Uint8Array | undefined {
  const { outcome } = record;
  if (outcome.status !== 'accepted' || outcome.topUps === undefined) return undefined;
  const letter = {
    transaction: record.id,
    acceptedAt: new Date(record.acceptedAt).toISOString(),
    topUps: renderTopUps(outcome.id, outcome.topUps),
  };
  return Buffer.from(JSON.stringify(letter));
}

function deadLettersOf(
  applied: AppliedBatch,
  messages: readonly LogMessage[],
  partition: number,
): Uint8Array[] {
  const letters: Uint8Array[] = [];
  for (const [position, message] of applied.messages.entries()) {
    const data = messages[position]?.data;
    for (const folded of message.folded) {
      if (folded.kind !== 'recorded') continue;
      const { record } = folded;
      if (isRejected(record)) letters.push(deadLetter(record, { partition, data }));
      for (const followUp of folded.followUps) {
        // A parked return that came to its end came in another message.
        if (!isRejected(followUp)) continue;
        letters.push(deadLetter(followUp, { partition, data: undefined }));
      }
    }
  }
  for (const record of applied.setOff) {
    if (isRejected(record)) letters.push(deadLetter(record, { partition, data: undefined }));
  }
  return letters;
}

function isRejected(record: LedgerRecord): boolean {
  return record.outcome.status === 'rejected';
}

/** The dead letter of a recorded rejection; `data` is the message it came in, if still at hand. */
export function deadLetter(
  record: LedgerRecord,
  from: { readonly partition: number; readonly data: Uint8Array | undefined },
): Uint8Array {
  const { outcome } = record;
  const why =
    outcome.status === 'rejected'
      ? { reason: outcome.reason, path: outcome.path, message: outcome.message }
      : {};
  const excerpt = from.data && Buffer.from(from.data.subarray(0, EXCERPT_BYTES_MAX));
  const letter = {
    partition: from.partition,
    sequence: record.streamSequence,
    ledgerSequence: record.sequence,
    id: record.id,
    kind: record.kind,
    ...why,
    acceptedAt: new Date(record.acceptedAt).toISOString(),
    excerpt: excerpt?.toString('latin1'),
  };
  return Buffer.from(JSON.stringify(letter));
}

/** A letter to another partition, if the record is of one; ready to be published in its log. */
export function leaseLetter(record: LedgerRecord, partition: number): Uint8Array | undefined {
  const { transaction } = record;
  if (transaction?.kind !== 'lease') return undefined;
  if (transaction.from !== partition || transaction.to === partition) return undefined;
  return Buffer.from(JSON.stringify(encodeLease(transaction)));
}

interface Counting {
  readonly kind: string;
  readonly status: Tally['status'];
  readonly reason: string;
  count: number;
}

function talliesOf(applied: AppliedBatch): readonly Tally[] {
  const counts: Counting[] = [];
  for (const message of applied.messages) {
    for (const folded of message.folded) {
      if (folded.kind === 'waits') continue;
      tally(counts, folded.record, folded.kind === 'exists');
      if (folded.kind !== 'recorded') continue;
      for (const record of folded.followUps) tally(counts, record, false);
    }
  }
  for (const record of applied.setOff) tally(counts, record, false);
  return counts;
}

/** The lines of a batch are few, and most of it is of one kind: a look at each beats a map. */
function tally(counts: Counting[], record: LedgerRecord, exists: boolean): void {
  const { outcome, kind } = record;
  const status = exists ? 'exists' : statusOf(outcome);
  const reason = outcome.status === 'rejected' ? outcome.reason : '';
  for (const line of counts) {
    if (line.kind !== kind || line.status !== status || line.reason !== reason) continue;
    line.count += 1;
    return;
  }
  counts.push({ kind, status, reason, count: 1 });
}

function pointsMoved(records: readonly LedgerRecord[]): {
  pointsIssued: number;
  pointsRedeemed: number;
} {
  let pointsIssued = 0;
  let pointsRedeemed = 0;
  for (const record of records) {
    for (const move of record.transfers) {
      if (move.movement === 'accrual' || move.movement === 'initial-balance') {
        pointsIssued += move.points;
      } else if (move.movement === 'redemption') {
        pointsRedeemed += move.points;
      }
    }
  }
  return { pointsIssued, pointsRedeemed };
}
