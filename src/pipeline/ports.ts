import type { Receipt } from '../../workers/batch/receipt.ts';
import type { LogMessage } from '../../workers/batch/request.ts';

/** A message as the log delivered it, with the subject that waits for its answer, if any. */
export interface QueuedMessage extends LogMessage {
  readonly answerTo: string | undefined;
  /** When it came here, by `performance.now()`. */
  readonly receivedAt?: number;
}

/** What a worker applies and commits in one write. */
export interface PartitionBatch {
  readonly partition: number;
  readonly messages: readonly QueuedMessage[];
}

/** What a batch came to. It is only ever made after the fsync that covers it. */
export interface BatchReceipt extends Receipt {
  /** Milliseconds in the worker: applying, and writing with its fsync. */
  readonly applyMilliseconds: number;
  readonly writeMilliseconds: number;
}

/** What the pipeline needs of the world. The simulation implements it on one thread. */
export interface PipelinePorts {
  /** Applies a batch and writes it durably. Rejects if nothing is known to be written. */
  readonly apply: (batch: PartitionBatch) => Promise<BatchReceipt>;
  /** Tells the log that everything up to this message is settled. */
  readonly acknowledge: (partition: number, sequence: number) => void;
  readonly answer: (to: string, bytes: Uint8Array) => void;
  readonly deadLetter: (partition: number, receipt: BatchReceipt) => void;
  /** The ledger of a partition grew; everything up to its sequence is durable. */
  readonly advanced: (partition: number, receipt: BatchReceipt) => void;
  /** A batch failed and will be tried again; resolves when it is time. */
  readonly backOff: (partition: number, attempt: number, error: unknown) => Promise<void>;
  readonly settled: (batch: PartitionBatch, receipt: BatchReceipt) => void;
}
