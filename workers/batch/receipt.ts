import { Packr } from 'msgpackr';
import type { Folded } from '../../core/fold.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import {
  type OutcomeJson,
  renderExisting,
  renderOutcome,
  statusOf,
} from '../../core/outcome/render.ts';
import type { AppliedBatch, AppliedMessage } from './apply-batch.ts';
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
  const recorded = applied.messages.flatMap((message) => message.folded.flatMap(recordsOf));
  return {
    firstSequence: ledgerSequence - recorded.length + 1,
    ledgerSequence,
    answers: applied.messages.map((message, position) =>
      messages[position]?.answer ? answerTo(message) : undefined,
    ),
    deadLetters: deadLettersOf(applied, messages, partition),
    tallies: talliesOf(applied),
    ...pointsMoved(recorded),
  };
}

/** What folding one transaction has recorded: its own record, and those it brought to an end. */
function recordsOf(folded: Folded): readonly LedgerRecord[] {
  return folded.kind === 'recorded' ? [folded.record, ...folded.followUps] : [];
}

/** The answer in the format of the question: one outcome, or a list in the order of the list. */
export function answerTo(message: AppliedMessage): Uint8Array {
  const outcomes = message.folded.map(outcomeJson);
  const answer = message.envelope.single ? outcomes[0] : outcomes;
  return message.envelope.format === 'json'
    ? Buffer.from(JSON.stringify(answer))
    : packr.pack(answer);
}

function outcomeJson(folded: Folded): OutcomeJson {
  const { outcome } = folded.record;
  return folded.kind === 'exists' ? renderExisting(outcome) : renderOutcome(outcome);
}

/** Bytes of a bad message that its dead letter quotes. */
export const EXCERPT_BYTES_MAX = 4_096;

function deadLettersOf(
  applied: AppliedBatch,
  messages: readonly LogMessage[],
  partition: number,
): Uint8Array[] {
  const letters: Uint8Array[] = [];
  for (const [position, message] of applied.messages.entries()) {
    for (const folded of message.folded) {
      for (const record of recordsOf(folded)) {
        if (record.outcome.status !== 'rejected') continue;
        // A parked return that came to its end came in another message.
        const data = record === folded.record ? messages[position]?.data : undefined;
        letters.push(deadLetter(record, { partition, data }));
      }
    }
  }
  return letters;
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

function talliesOf(applied: AppliedBatch): Tally[] {
  const counts = new Map<string, Tally>();
  for (const message of applied.messages) {
    for (const folded of message.folded) {
      tally(counts, folded.record, folded.kind === 'exists');
      if (folded.kind !== 'recorded') continue;
      for (const record of folded.followUps) tally(counts, record, false);
    }
  }
  return [...counts.values()];
}

function tally(counts: Map<string, Tally>, record: LedgerRecord, exists: boolean): void {
  const { outcome, kind } = record;
  const status = exists ? 'exists' : statusOf(outcome);
  const reason = outcome.status === 'rejected' ? outcome.reason : '';
  const key = `${kind} ${status} ${reason}`;
  const count = (counts.get(key)?.count ?? 0) + 1;
  counts.set(key, { kind, status, reason, count });
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
