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
import type { AppliedMessage, BatchListener, FoldedBatch } from './apply-batch.ts';
import type { BudgetFigure } from './budget-figures.ts';

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
  /** Names of such budgets that were let go. */
  readonly endedBudgets: readonly string[];
  readonly tallies: readonly Tally[];
  readonly pointsIssued: number;
  readonly pointsRedeemed: number;
}

const packr = new Packr({ useRecords: false });

/**
 * Formats answers, dead letters and statistics: everything a batch tells the outside. It does so
 * while the batch is folded, so that records and decisions need not outlive their message; nothing
 * of it may be told before the batch is durable.
 */
export class ReceiptWriter implements BatchListener {
  readonly #partition: number;
  #records = 0;
  #answers: (Uint8Array | undefined)[] = [];
  #deadLetters: Uint8Array[] = [];
  #leaseLetters: Uint8Array[] = [];
  #topUpLetters: Uint8Array[] = [];
  #released = false;
  #tallies: Counting[] = [];
  #pointsIssued = 0;
  #pointsRedeemed = 0;

  constructor(partition: number) {
    this.#partition = partition;
  }

  begin(): void {
    this.#records = 0;
    this.#answers = [];
    this.#deadLetters = [];
    this.#leaseLetters = [];
    this.#topUpLetters = [];
    this.#released = false;
    this.#tallies = [];
    this.#pointsIssued = 0;
    this.#pointsRedeemed = 0;
  }

  folded(message: AppliedMessage): void {
    const { sent, folded, setOff } = message;
    this.#answers.push(sent.answer && !waits(message) ? answerTo(message) : undefined);
    for (const each of folded) {
      if (each.kind !== 'waits') tally(this.#tallies, each.record, each.kind === 'exists');
      if (each.kind !== 'recorded') continue;
      this.#add(each.record, sent.data);
      for (const followUp of each.followUps) {
        tally(this.#tallies, followUp, false);
        // A parked return that came to its end came in another message.
        this.#add(followUp, undefined);
      }
    }
    for (const record of setOff) {
      tally(this.#tallies, record, false);
      this.#add(record, undefined);
      this.#released ||= record.kind !== 'lease';
      const letter = leaseLetter(record, this.#partition);
      if (letter) this.#leaseLetters.push(letter);
    }
  }

  /** A record of the batch; `data` is the message it came in, if it came in this one. */
  #add(record: LedgerRecord, data: Uint8Array | undefined): void {
    this.#records += 1;
    if (record.outcome.status === 'rejected') {
      this.#deadLetters.push(deadLetter(record, { partition: this.#partition, data }));
      return;
    }
    const topUps = topUpLetter(record);
    if (topUps) this.#topUpLetters.push(topUps);
    for (const { movement, points } of record.transfers) {
      if (movement === 'accrual' || movement === 'initial-balance') this.#pointsIssued += points;
      else if (movement === 'redemption') this.#pointsRedeemed += points;
    }
  }

  /** What the batch came to. */
  receipt({ writes, budgets, endedBudgets }: FoldedBatch): Receipt {
    const { ledgerSequence, leaseWaits, waiting } = writes.meta;
    return {
      firstSequence: ledgerSequence - this.#records + 1,
      ledgerSequence,
      answers: this.#answers,
      deadLetters: this.#deadLetters,
      leaseLetters: this.#leaseLetters,
      topUpLetters: this.#topUpLetters,
      released: this.#released,
      waiting: leaseWaits.length > 0,
      open: waiting,
      budgets,
      endedBudgets,
      tallies: this.#tallies,
      pointsIssued: this.#pointsIssued,
      pointsRedeemed: this.#pointsRedeemed,
    };
  }
}

/** The answer in the format of the question: one outcome, or a list in the order of the list. */
export function answerTo(message: Pick<AppliedMessage, 'envelope' | 'folded'>): Uint8Array {
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
