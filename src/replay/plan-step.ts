import type { TransactionJson } from '../generate/transaction-json.ts';
import type { Purchases } from './purchases.ts';
import type { RowReason, UnmatchedReason } from './retail-row.ts';

/** What became of rows that are in a transaction, once it is accepted. */
export const ROW_USES = ['sold', 'postage', 'returned', 'returned-in-part'] as const;
export type RowUse = (typeof ROW_USES)[number];

/**
 * Rows that share one fate: the lines of a checkout, or one row of a cancellation. They are
 * accepted when all `waitsFor` transactions that carry them are, otherwise refused.
 */
export interface Ticket {
  readonly rows: number;
  readonly use: RowUse;
  readonly waitsFor: number;
}

export interface PlannedTransaction {
  readonly transaction: TransactionJson;
  readonly tickets: readonly Ticket[];
}

/** Things worth knowing that change no row's fate. */
export const NOTES = {
  'anonymous-rows': 'rows of sales without a customer, sent as anonymous checkouts',
  'duplicate-rows': 'rows equal to an earlier one of their invoice, kept as lines of their own',
  'empty-descriptions': 'rows of goods without a description',
  'rounded-prices': 'prices with fractions of a penny, rounded half up',
  'other-times': 'rows with another time than the first of their invoice, which counts',
  'split-invoices': 'invoices with more lines than a checkout may have, sent as several',
  'units-back': 'units brought back and matched',
  'units-unmatched': 'units brought back that no purchase is left for',
} as const;
export type Note = keyof typeof NOTES;

/** What the plan says next: a transaction to send, or what became of rows that are in none. */
export type PlanStep =
  | { readonly kind: 'send'; readonly planned: PlannedTransaction }
  | { readonly kind: 'rejected'; readonly reason: RowReason; readonly rows: number }
  | { readonly kind: 'unmatched'; readonly reason: UnmatchedReason; readonly rows: number }
  | { readonly kind: 'note'; readonly note: Note; readonly count: number };

export interface PlanOptions {
  /** Starts every transaction id, so that two data sets do not meet. */
  readonly idPrefix: string;
  /** Lines that a checkout may have. */
  readonly linesMax: number;
  readonly purchasesRememberedMax?: number;
}

/** What planning one invoice may read and change. */
export interface PlanContext {
  readonly options: PlanOptions;
  readonly purchases: Purchases;
  /** Customers whose enrolment is in the plan already. */
  readonly enrolled: Set<string>;
}

export function note(name: Note, count: number): PlanStep {
  return { kind: 'note', note: name, count };
}
