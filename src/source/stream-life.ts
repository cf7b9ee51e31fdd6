import type { SourcePosition } from '../../core/ledger/partition-meta.ts';

/** What a stream says of itself. */
export interface StreamState {
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

export type Continuation =
  /** The stream goes on where we left it. */
  | { readonly kind: 'same-life'; readonly source: SourcePosition; readonly fromSequence: number }
  /** Sequences started over: what was known of them is void, ids alone tell repetitions. */
  | { readonly kind: 'new-life'; readonly source: SourcePosition; readonly fromSequence: number };

/**
 * Decides where to go on in a partition's stream. A stream that was made anew, or that a power
 * loss or a restored backup set back, reuses sequences for other messages; skipping by sequence
 * would then lose transactions (trap T9). Such a stream is read from its start again: ids that
 * were applied are answered from the ledger.
 *
 * `storedAt` is when the message at our position was stored, if the stream still has it.
 */
export function continueAfter(
  position: SourcePosition,
  stream: StreamState,
  storedAt: number | undefined,
): Continuation {
  const fresh = position.epoch === 0;
  const same =
    !fresh &&
    position.created === stream.created &&
    stream.lastSequence >= position.sequence &&
    (storedAt === undefined || storedAt === position.storedAt);
  if (same) {
    const fromSequence = Math.max(position.sequence + 1, stream.firstSequence);
    return { kind: 'same-life', source: position, fromSequence };
  }
  const source = {
    epoch: position.epoch + 1,
    created: stream.created,
    sequence: 0,
    storedAt: 0,
  };
  const fromSequence = Math.max(1, stream.firstSequence);
  return { kind: fresh ? 'same-life' : 'new-life', source, fromSequence };
}
