import { must } from '../../core/assert.ts';
import { type Folded, fold, type Inbound } from '../../core/fold.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import type { PartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { StateReader } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import { admitted } from './admission.ts';
import { type Envelope, type EnvelopePlace, openEnvelope, refusedId } from './envelope.ts';
import { answerTo } from './receipt.ts';
import type { LogMessage } from './request.ts';

/** Questions that are answered together. */
export interface Quotes {
  /** When they were asked, milliseconds since 1970. */
  readonly now: number;
  /** Of each message. */
  readonly partitions: readonly number[];
  readonly messages: readonly LogMessage[];
}

/** Quotes that one state answers at most, so that what it remembers stays small. */
const QUOTES_PER_STATE_MAX = 1_024;

/**
 * Answers quotes from the committed state. Nothing but a quote is let through here: whatever else
 * a message holds is refused, because this path writes nothing.
 *
 * All questions go through each step together, whatever their partitions: running one step for a
 * dozen is faster than all steps in turns (`open-some.ts`).
 */
export class QuoteDesk {
  readonly #storeOf: (partition: number) => StateReader;
  readonly #trees: TreeSource;
  readonly #standings = new Map<number, Standing>();

  constructor(storeOf: (partition: number) => StateReader, trees: TreeSource) {
    this.#storeOf = storeOf;
    this.#trees = trees;
  }

  /** The answers, in the order of the questions. */
  answer({ now, partitions, messages }: Quotes): Uint8Array[] {
    const opened = messages.map((message, position) => {
      const partition = must(partitions[position], 'a question has its partition');
      const standing = this.#standing(partition);
      return { message, standing, envelope: openEnvelope(message, standing.place) };
    });
    const folded = opened.map((each) => this.#fold(each, now));
    return opened.map(({ envelope }, position) =>
      answerTo({ envelope, folded: must(folded[position], 'a question was folded') }),
    );
  }

  /** Where a partition stands now; the same as before as long as nothing was written. */
  #standing(partition: number): Standing {
    const reader = this.#storeOf(partition);
    const meta = reader.meta();
    const known = this.#standings.get(partition);
    if (known?.meta === meta) return known;
    const { partitions, source } = meta;
    const place = { partition, partitions, sourceEpoch: source.epoch };
    const standing = { reader, meta, place, state: undefined, answers: 0 };
    this.#standings.set(partition, standing);
    return standing;
  }

  /** Each message sees the committed state alone. Quotes leave no trace in it; refusals do. */
  #fold({ message, standing, envelope }: Opened, now: number): readonly Folded[] {
    const state = standing.state ?? new BatchState(standing.reader, this.#trees);
    standing.state = undefined;
    const moment = {
      sequence: standing.meta.ledgerSequence + 1,
      streamSequence: 0,
      acceptedAt: instant(now),
    };
    const { store } = message;
    const folded = envelope.inbound.map((inbound, position) => {
      const asked = onlyQuotes(inbound);
      if (store === '') return fold(state, asked, moment);
      const sender = { store, refusedId: refusedId(message, standing.place, position) };
      return fold(state, admitted(asked, sender, state), moment);
    });
    standing.answers += folded.length;
    const isUntouched = folded.every(({ kind }) => kind === 'answered');
    if (isUntouched && standing.answers < QUOTES_PER_STATE_MAX) standing.state = state;
    else standing.answers = 0;
    return folded;
  }
}

/** What the answers of one partition start from, until something is written to it. */
interface Standing {
  readonly reader: StateReader;
  readonly meta: PartitionMeta;
  readonly place: EnvelopePlace;
  /** As the store has it; none while it is in use. */
  state: BatchState | undefined;
  answers: number;
}

interface Opened {
  readonly message: LogMessage;
  readonly standing: Standing;
  readonly envelope: Envelope;
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
