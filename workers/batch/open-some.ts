import { Bug, must } from '../../core/assert.ts';
import { type Identified, type Inbound, identify } from '../../core/fold.ts';
import type { BatchState } from '../../core/ledger/batch-state.ts';
import { type Envelope, type EnvelopePlace, openEnvelope } from './envelope.ts';
import type { LogMessage } from './request.ts';

/**
 * Transactions that go through each step together. Running one step for dozens is much faster
 * than all steps in turns: their code is more than the processor's caches hold.
 */
const TOGETHER = 64;

export interface Opened {
  readonly sent: LogMessage;
  readonly envelope: Envelope;
  /** By the position of the transaction; nothing of quotes, and of what has to be asked again. */
  readonly identified: readonly (Identified | undefined)[];
}

/** Opens the next messages, looks their ids up, and leaves their members' records at hand. */
export function openSome(
  state: BatchState,
  from: {
    readonly messages: readonly LogMessage[];
    /** Position of the first that is not open yet. */
    readonly next: number;
    readonly place: EnvelopePlace;
  },
): readonly Opened[] {
  const { messages, next, place } = from;
  const envelopes: Envelope[] = [];
  for (let count = 0; count < TOGETHER && next + envelopes.length < messages.length; ) {
    const message = must(messages[next + envelopes.length], 'a message of the batch');
    const envelope = openEnvelope(message, place);
    envelopes.push(envelope);
    count += envelope.inbound.length;
  }
  const opened = envelopes.map((envelope, position) => ({
    sent: must(messages[next + position], 'a message of the batch'),
    envelope,
    identified: envelope.inbound.map((inbound) => identified(state, inbound)),
  }));
  for (const envelope of envelopes) {
    for (const inbound of envelope.inbound) fetchMember(state, inbound);
  }
  return opened;
}

function identified(state: BatchState, inbound: Inbound): Identified | undefined {
  if (inbound.ok && inbound.transaction.kind === 'quote') return undefined;
  return unlessBroken(() => identify(state, inbound));
}

function fetchMember(state: BatchState, inbound: Inbound): void {
  if (!inbound.ok || inbound.transaction.kind !== 'checkout') return;
  const { member } = inbound.transaction;
  if (member !== undefined) unlessBroken(() => state.member(member));
}

/** A broken invariant shows again when its transaction is folded, which then is the culprit. */
function unlessBroken<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Bug) return undefined;
    throw error;
  }
}
