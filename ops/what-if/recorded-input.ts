import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Transaction } from '../../core/transaction/transaction.ts';

/** A record of the ledger that can be put through the fold again. */
export interface RecordedInput {
  readonly partition: number;
  readonly record: LedgerRecord;
  /** `undefined`: nothing to be played, and only to be found by who names it. */
  readonly transaction: Transaction | undefined;
  /** Its place in the order of the deployment: no instant of an earlier input is later. */
  readonly at: number;
}

/** What the re-run makes by itself: letters between partitions, and the relays' two ends. */
const MADE_AGAIN: ReadonlySet<string> = new Set(['lease', 'relay', 'relayed']);

/**
 * Tells what came from outside from what the fold made of it. A ledger holds both: a parked
 * return has a second record when its checkout comes, and letters have theirs.
 */
export class InputFilter {
  readonly #parked = new Set<string>();

  /** The input behind a record; `undefined` for what is no input. Asked once for each record. */
  inputOf({
    partition,
    record,
    at,
  }: Omit<RecordedInput, 'transaction'>): RecordedInput | undefined {
    const { transaction, id, kind, outcome } = record;
    if (MADE_AGAIN.has(kind)) return undefined;
    const isReuse = outcome.status === 'rejected' && outcome.reason === 'transaction-id-reused';
    if (isReuse) return undefined;
    if (this.#parked.delete(id)) return undefined;
    if (outcome.status === 'accepted' && outcome.parked !== undefined) this.#parked.add(id);
    return { partition, record, transaction, at };
  }
}

/** Ids whose records the fold may ask for when it meets this transaction, now or later. */
export function idsNamed(transaction: Transaction | undefined): readonly string[] {
  switch (transaction?.kind) {
    case 'return':
    case 'cancel':
      return [transaction.checkout, transaction.id];
    case 'deliver':
      return [transaction.checkout];
    case 'capture':
    case 'release':
      return [transaction.hold];
    default:
      return [];
  }
}

/** Records of one partition with their place in the order of the whole deployment. */
interface Head {
  readonly partition: number;
  readonly rest: Iterator<LedgerRecord>;
  record: LedgerRecord;
  /** The latest instant so far: a checkout that waited stands behind what passed it by. */
  at: number;
}

/**
 * The inputs of all partitions in one order: by the instant at which they were accepted, each
 * partition's in the order of its ledger.
 */
export function* mergedInputs(
  partitions: readonly Iterable<LedgerRecord>[],
): Generator<RecordedInput> {
  const filter = new InputFilter();
  const heads = partitions.flatMap((records, partition): Head[] => {
    const rest = records[Symbol.iterator]();
    const first = rest.next();
    return first.done === true
      ? []
      : [{ partition, rest, record: first.value, at: first.value.acceptedAt }];
  });
  while (heads.length > 0) {
    let earliest = 0;
    for (let index = 1; index < heads.length; index += 1) {
      if ((heads[index]?.at ?? 0) < (heads[earliest]?.at ?? 0)) earliest = index;
    }
    const head = heads[earliest];
    if (!head) return;
    const input = filter.inputOf(head);
    const next = head.rest.next();
    if (next.done === true) heads.splice(earliest, 1);
    else {
      head.record = next.value;
      head.at = Math.max(head.at, next.value.acceptedAt);
    }
    if (input) yield input;
  }
}
