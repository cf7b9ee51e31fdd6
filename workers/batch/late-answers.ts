import { type Folded, fold, type Inbound } from '../../core/fold.ts';
import { transactionDigest } from '../../core/layout/transaction.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import { idKey, reuseKey, sameBytes } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import type { PartitionStore } from '../store/partition-store.ts';
import { openEnvelope, refusedId } from './envelope.ts';
import { answerTo } from './receipt.ts';
import type { LogMessage } from './request.ts';

/**
 * Answers to messages that could not be answered when they were applied, because a checkout of
 * theirs waited for a lease; `undefined` while one still does. Reads what is recorded only.
 */
export function lateAnswers(
  store: PartitionStore,
  trees: TreeSource,
  messages: readonly LogMessage[],
): (Uint8Array | undefined)[] {
  const state = new BatchState(store, trees);
  const { partition, partitions, source } = store.meta();
  const place = { partition, partitions, sourceEpoch: source.epoch };
  return messages.map((message) => {
    const envelope = openEnvelope(message, place);
    const folded: Folded[] = [];
    for (const [position, inbound] of envelope.inbound.entries()) {
      const refused = state.recordUnder(idKey(refusedId(message, place, position)));
      const known: Folded | undefined = refused
        ? { kind: 'recorded', record: refused, followUps: [] }
        : recorded(state, inbound, message);
      if (!known) return undefined;
      folded.push(known);
    }
    return answerTo({ envelope, folded });
  });
}

function recorded(state: BatchState, inbound: Inbound, message: LogMessage): Folded | undefined {
  if (inbound.ok && inbound.transaction.kind === 'quote') {
    const { sequence: streamSequence, storedAt } = message;
    const moment = { sequence: 0, streamSequence, acceptedAt: instant(storedAt) };
    return fold(state, inbound, moment);
  }
  const id = inbound.ok ? inbound.transaction.id : inbound.id;
  const digest = inbound.ok ? transactionDigest(inbound.transaction) : inbound.digest;
  const known = state.digestOf(idKey(id));
  if (!known) return undefined;
  const key = sameBytes(known, digest) ? idKey(id) : reuseKey(id, digest);
  const record = state.recordUnder(key);
  return record && { kind: 'recorded', record, followUps: [] };
}
