import type { Instant } from '../money/units.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Checkout, Transaction, TransactionKind } from '../transaction/transaction.ts';
import type { Transfer } from './transfer.ts';

/**
 * What the ledger keeps of one transaction. A ledger block is a list of these in ledger order;
 * ClickHouse rows, replies to duplicates and reversals are all made from them.
 */
export interface LedgerRecord {
  /** Position in the partition's ledger. Starts at 1, so that an absent cursor (0) is "nothing". */
  readonly sequence: number;
  /** Position of the carrying message in the partition's stream. */
  readonly streamSequence: number;
  readonly id: string;
  /** `unreadable` when not even the kind could be read. */
  readonly kind: TransactionKind | 'unreadable';
  /** `''` for an anonymous checkout, and for whatever belongs to no member. */
  readonly member: string;
  readonly store: string;
  readonly region: string;
  readonly country: string;
  readonly partner: string;
  readonly channel: string;
  readonly currency: string;
  readonly occurredAt: Instant;
  readonly acceptedAt: Instant;
  readonly outcome: Outcome;
  readonly transfers: readonly Transfer[];
  /** As it came in, decoded; `undefined` when it could not be read. */
  readonly transaction: Transaction | undefined;
  /** What a captured hold sold; a checkout says it itself. */
  readonly sale?: Checkout | undefined;
}
