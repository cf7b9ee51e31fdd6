import { apply, applyFollowUp } from './apply.ts';
import { assert, must } from './assert.ts';
import { digest128 } from './layout/digest.ts';
import type { BatchState } from './ledger/batch-state.ts';
import type { LedgerRecord } from './ledger/record.ts';
import type { Moment } from './ledger/state.ts';
import { idKey, reuseKey, sameBytes } from './ledger/state-reader.ts';
import type { Rejected } from './outcome/outcome.ts';
import type { Transaction, TransactionKind } from './transaction/transaction.ts';

/** A transaction as the log delivered it: decoded, or the reason why it could not be. */
export type Inbound =
  | { readonly ok: true; readonly transaction: Transaction }
  | {
      readonly ok: false;
      readonly id: string;
      readonly kind: TransactionKind | 'unreadable';
      readonly member: string;
      readonly reason: string;
      readonly path: string;
      readonly message: string;
      /** Tells this content from another under the same id. */
      readonly digest: Uint8Array;
    };

export type Folded =
  /** Applied and recorded now. */
  | {
      readonly kind: 'recorded';
      readonly record: LedgerRecord;
      /** Records of earlier transactions that this one brought to their end. */
      readonly followUps: readonly LedgerRecord[];
    }
  /** Recorded earlier: the same outcome again. */
  | { readonly kind: 'exists'; readonly record: LedgerRecord }
  /** A quote: answered, never recorded. */
  | { readonly kind: 'answered'; readonly record: LedgerRecord }
  /** A checkout that waits for a lease: recorded and answered when that has come. */
  | { readonly kind: 'waits'; readonly id: string; readonly transaction: TransactionKind };

/** An inbound transaction by what it is recognised, and what the store has under its id. */
export interface Identified {
  readonly inbound: Inbound;
  readonly id: string;
  readonly key: string;
  readonly digest: Uint8Array;
  /** Where its canonical bytes lie in the state's `inputs`. */
  readonly from: number;
  readonly to: number;
  readonly stored: Uint8Array | undefined;
}

/** What can be asked about a transaction before those ahead of it are folded. */
export function identify(state: BatchState, inbound: Inbound): Identified {
  const id = inbound.ok ? inbound.transaction.id : inbound.id;
  const from = state.inputs.length;
  if (inbound.ok) state.writeInput(inbound.transaction);
  const to = state.inputs.length;
  const digest = inbound.ok ? digest128(state.inputs.memory, from, to) : inbound.digest;
  const key = idKey(id);
  return { inbound, id, key, digest, from, to, stored: state.storedDigestOf(key) };
}

/**
 * Folds one inbound transaction into the state. Idempotency comes first: a used id is answered
 * from the ledger if the content is the same, and refused if it is not.
 */
export function fold(state: BatchState, inbound: Inbound, moment: Moment): Folded {
  if (inbound.ok && inbound.transaction.kind === 'quote') {
    const record = apply(state, inbound.transaction, moment);
    assert(record.kind !== 'waits', 'a quote waits for nothing');
    return { kind: 'answered', record };
  }
  return foldIdentified(state, identify(state, inbound), moment);
}

/** Folds a transaction, not a quote, that was identified in this state. */
export function foldIdentified(state: BatchState, identified: Identified, moment: Moment): Folded {
  const { inbound, id, key: ownKey, digest, from, to, stored } = identified;
  const waiting = state.waitingRoom.digestOf(id);
  const known = waiting ?? state.staged.get(ownKey)?.digest ?? stored;
  if (known === undefined) {
    const record = inbound.ok
      ? apply(state, inbound.transaction, moment)
      : refusedRecord(state, inbound, moment);
    if (record.kind === 'waits') {
      const { acceptedAt, streamSequence } = moment;
      const { transaction, budget } = record;
      state.waitingRoom.enter(budget, { acceptedAt, streamSequence, transaction }, digest);
      return { kind: 'waits', id, transaction: transaction.kind };
    }
    state.stage({ key: ownKey, digest, record, from, to });
    return { kind: 'recorded', record, followUps: followUps(state, moment) };
  }
  if (sameBytes(known, digest)) {
    return waiting === undefined
      ? exists(state, ownKey)
      : { kind: 'waits', id, transaction: 'checkout' };
  }

  const key = reuseKey(id, digest);
  if (state.digestOf(key)) return exists(state, key);
  const record = reusedRecord(state, inbound, moment);
  state.stage({ key, digest, record, from: to, to });
  return { kind: 'recorded', record, followUps: [] };
}

const NO_RECORDS: readonly LedgerRecord[] = [];

/** A parked return gets its final record: from then on its id answers that one. */
export function followUps(state: BatchState, moment: Moment): readonly LedgerRecord[] {
  if (state.followUps.length === 0) return NO_RECORDS;
  const records: LedgerRecord[] = [];
  for (const next of state.followUps.splice(0)) {
    const key = idKey(next.transaction.id);
    const sequence = moment.sequence + records.length + 1;
    const record = applyFollowUp(state, next, { ...moment, sequence });
    const digest = must(state.digestOf(key), 'a parked return was recorded before');
    const end = state.inputs.length;
    state.stage({ key, digest, record, from: end, to: end });
    records.push(record);
  }
  return records;
}

function exists(state: BatchState, key: string): Folded {
  return { kind: 'exists', record: must(state.recordUnder(key), 'an index entry without record') };
}

function reusedRecord(state: BatchState, inbound: Inbound, moment: Moment): LedgerRecord {
  const given = inbound.ok
    ? {
        id: inbound.transaction.id,
        kind: inbound.transaction.kind,
        member: 'member' in inbound.transaction ? (inbound.transaction.member ?? '') : '',
      }
    : inbound;
  return refusedRecord(
    state,
    {
      ...given,
      reason: 'transaction-id-reused',
      path: '/id',
      message: 'this id was used for a transaction with other content: send it under a new id',
    },
    moment,
  );
}

function refusedRecord(
  state: BatchState,
  refused: Pick<Rejected, 'id' | 'reason' | 'path' | 'message'> & {
    readonly kind: TransactionKind | 'unreadable';
    readonly member: string;
  },
  moment: Moment,
): LedgerRecord {
  const active = state.active();
  const { id, kind, member, reason, path, message } = refused;
  const ruleSet = active && { version: active.version, hash: active.hash };
  return {
    ...moment,
    id,
    kind,
    member,
    store: '',
    region: '',
    country: '',
    partner: '',
    channel: '',
    currency: active?.tree.currency ?? '',
    occurredAt: moment.acceptedAt,
    outcome: { status: 'rejected', id, ruleSet, reason, path, message },
    transfers: [],
    transaction: undefined,
  };
}
