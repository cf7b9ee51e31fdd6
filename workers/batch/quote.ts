import type { Inbound } from '../../core/fold.ts';
import { fold } from '../../core/fold.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import type { StateReader } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import { admitted } from './admission.ts';
import { openEnvelope, refusedId } from './envelope.ts';
import { answerTo } from './receipt.ts';
import type { MessageFormat } from './request.ts';

/** One question as it was sent, and the store whose till asks; `''` for our own services. */
export interface Quote {
  readonly format: MessageFormat;
  readonly data: Uint8Array;
  readonly store: string;
}

/** Questions of one partition that are answered together. */
export interface Quotes {
  /** When they were asked, milliseconds since 1970. */
  readonly now: number;
  readonly quotes: readonly Quote[];
}

/**
 * Answers quotes from the committed state. Nothing but a quote is let through here: whatever else
 * a message holds is refused, because this path writes nothing.
 */
export function answerQuotes(store: StateReader, trees: TreeSource, asked: Quotes): Uint8Array[] {
  const meta = store.meta();
  const { partition, partitions, ledgerSequence } = meta;
  const place = { partition, partitions, sourceEpoch: meta.source.epoch };
  const moment = {
    sequence: ledgerSequence + 1,
    streamSequence: 0,
    acceptedAt: instant(asked.now),
  };
  let state = new BatchState(store, trees);
  let isUntouched = true;
  return asked.quotes.map(({ format, data, store: from }) => {
    const message = { sequence: 0, storedAt: asked.now, format, answer: true, data, store: from };
    const envelope = openEnvelope(message, place);
    // Each message sees the committed state alone. Quotes leave no trace in it; refusals do.
    if (!isUntouched) state = new BatchState(store, trees);
    const folded = envelope.inbound.map((inbound, position) => {
      const sender = { store: from, refusedId: refusedId(message, place, position) };
      return fold(state, admitted(onlyQuotes(inbound), sender, state), moment);
    });
    isUntouched = folded.every(({ kind }) => kind === 'answered');
    return answerTo({ envelope, folded });
  });
}

function onlyQuotes(inbound: Inbound): Inbound {
  if (!inbound.ok || inbound.transaction.kind === 'quote') return inbound;
  const { id, kind } = inbound.transaction;
  return {
    ok: false,
    id,
    kind,
    member: '',
    reason: 'not-a-quote',
    path: '/kind',
    message: 'only quotes are answered here; send other kinds to the log',
    digest: new Uint8Array(16),
  };
}
