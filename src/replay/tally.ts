import { assert } from '../../core/assert.ts';
import type { Note, PlannedTransaction, PlanStep, RowUse, Ticket } from './plan-step.ts';
import type { RowReason, UnmatchedReason } from './retail-row.ts';

/** What came back for one transaction, as far as a replay looks at it. */
export interface OutcomeJson {
  readonly id: string;
  readonly status: 'accepted' | 'rejected' | 'exists';
  readonly reason?: string;
}

export type Counts<Key extends string> = ReadonlyMap<Key, number>;

/** Where every row of the file went, and what happened to the transactions made of them. */
export interface ReplayCounts {
  readonly rowsRead: number;
  readonly accepted: Counts<RowUse>;
  /** Never sent, by our own reason. */
  readonly rejected: Counts<RowReason>;
  /** Sent and refused, by the processor's reason. */
  readonly refused: Counts<string>;
  readonly unmatched: Counts<UnmatchedReason>;
  readonly notes: Counts<Note>;
  /** By `kind status`, such as `checkout accepted`. */
  readonly transactions: Counts<string>;
}

interface Progress {
  waitsFor: number;
  refusedBy: string | undefined;
}

/**
 * Keeps the books of a replay: each row is counted once, under what became of it. `check` holds
 * that nothing was lost.
 */
export class Tally implements ReplayCounts {
  rowsRead = 0;
  readonly accepted = new Map<RowUse, number>();
  readonly rejected = new Map<RowReason, number>();
  readonly refused = new Map<string, number>();
  readonly unmatched = new Map<UnmatchedReason, number>();
  readonly notes = new Map<Note, number>();
  readonly transactions = new Map<string, number>();
  /** Tickets with transactions under way. Bounded by the lanes' limit. */
  readonly #open = new Map<Ticket, Progress>();

  /** A step of the plan that sends nothing. */
  noteStep(step: Exclude<PlanStep, { kind: 'send' }>): void {
    if (step.kind === 'rejected') add(this.rejected, step.reason, step.rows);
    else if (step.kind === 'unmatched') add(this.unmatched, step.reason, step.rows);
    else add(this.notes, step.note, step.count);
  }

  settle(planned: PlannedTransaction, outcome: OutcomeJson): void {
    const { id, kind } = planned.transaction;
    assert(outcome.id === id, 'an outcome answers its transaction', id, outcome);
    add(this.transactions, `${kind} ${outcome.status}`, 1);
    for (const ticket of planned.tickets) this.#settleTicket(ticket, refusalOf(outcome));
  }

  /** Fails unless the counts add up to the rows of the file, exactly. */
  check(): void {
    assert(this.#open.size === 0, 'every transaction has its outcome', this.#open.size);
    const counted =
      total(this.accepted) + total(this.rejected) + total(this.refused) + total(this.unmatched);
    assert(counted === this.rowsRead, 'every row is accounted for', counted, this.rowsRead);
  }

  #settleTicket(ticket: Ticket, refusal: string | undefined): void {
    const progress = this.#open.get(ticket) ?? { waitsFor: ticket.waitsFor, refusedBy: undefined };
    progress.waitsFor -= 1;
    progress.refusedBy ??= refusal;
    if (progress.waitsFor > 0) {
      this.#open.set(ticket, progress);
      return;
    }
    this.#open.delete(ticket);
    if (progress.refusedBy === undefined) add(this.accepted, ticket.use, ticket.rows);
    else add(this.refused, progress.refusedBy, ticket.rows);
  }
}

export function total(counts: Counts<string>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** A recorded outcome that was a rejection keeps its reason when it comes again. */
function refusalOf(outcome: OutcomeJson): string | undefined {
  if (outcome.status === 'accepted') return undefined;
  if (outcome.status === 'exists') return outcome.reason;
  return outcome.reason ?? 'no-reason-given';
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
}
