import type { Activation, Waiting } from './state.ts';

/** Raised when any layout of the store changes, a block's too; another number is refused. */
export const STORE_FORMAT = 6;

/**
 * Where a partition stands: written with every batch, in the same write as what the batch did.
 */
export interface PartitionMeta {
  readonly format: number;
  readonly partition: number;
  readonly partitions: number;
  /** Raised by whoever opens the partition for writing. */
  readonly epoch: number;
  /** Last ledger sequence; 0 = nothing recorded yet. */
  readonly ledgerSequence: number;
  /** Position in the partition's stream up to which everything is applied. */
  readonly source: SourcePosition;
  /** Chain hash of the last ledger block, hex; '' before the first. */
  readonly blockHash: string;
  /** Acts of making a version current, oldest first. */
  readonly activations: readonly Activation[];
  readonly waiting: Readonly<Waiting>;
  /** Shared budgets that checkouts of this partition wait for. */
  readonly leaseWaits: readonly string[];
  /** Shared budgets of which the home partition wants back what is not spent, unanswered. */
  readonly leaseRecalls: readonly string[];
}

/** Identifies one life of a stream: sequences of another life mean nothing here. */
export interface SourcePosition {
  /** Counts the lives of the stream seen so far, starting at 1; 0 = none yet. */
  readonly epoch: number;
  /** When the stream was created, as the server tells it; '' before the first contact. */
  readonly created: string;
  readonly sequence: number;
  /** When the server stored the message at `sequence`, milliseconds. */
  readonly storedAt: number;
}

export function newPartitionMeta(partition: number, partitions: number): PartitionMeta {
  return {
    format: STORE_FORMAT,
    partition,
    partitions,
    epoch: 0,
    ledgerSequence: 0,
    source: { epoch: 0, created: '', sequence: 0, storedAt: 0 },
    blockHash: '',
    activations: [],
    waiting: { parked: 0, relays: 0 },
    leaseWaits: [],
    leaseRecalls: [],
  };
}
