import { must } from '../../assert.ts';
import type { LedgerRecord } from '../../ledger/record.ts';
import { MOVEMENTS, type Movement, notesAge } from '../../ledger/transfer.ts';
import type { Instant } from '../../money/units.ts';
import type { OpenBlock } from '../block.ts';
import { readKind } from '../record.ts';
import { type Ordered, readOrdered } from './row-goods.ts';
import { type RowOutcome, readRowOutcome } from './row-outcome.ts';
import { type Text, TextReader } from './text-reader.ts';

/**
 * What the tables show of a ledger record, read from the bytes of its block. It is a second reader
 * of what `record.ts` writes: rows are made of every record, and most of what one says is texts,
 * which would be decoded here only to be encoded again.
 */
export interface RowRecord {
  /** Of the block: where the texts lie. */
  readonly bytes: Uint8Array;
  readonly sequence: number;
  readonly id: Text;
  readonly kind: LedgerRecord['kind'];
  readonly member: Text;
  readonly store: Text;
  readonly region: Text;
  readonly country: Text;
  readonly partner: Text;
  readonly channel: Text;
  readonly currency: Text;
  readonly occurredAt: Instant;
  readonly acceptedAt: Instant;
  readonly outcome: RowOutcome;
  readonly moves: readonly Move[];
  /** What the transaction names: the checkout that comes back, the lines that are bought. */
  readonly ordered: Ordered;
}

/** A transfer as the tables show it. */
export interface Move {
  readonly movement: Movement;
  readonly from: Text;
  readonly to: Text;
  readonly unit: Text;
  readonly points: number;
  readonly promotion: Text;
  readonly lot: Text;
  readonly balance: number;
}

/** All records of a block in ledger order, read as they are asked for. */
export class RowRecords {
  readonly #from: TextReader;
  readonly #hashes: readonly string[];

  constructor(block: OpenBlock) {
    this.#from = new TextReader(block);
    this.#hashes = block.hashes;
  }

  get done(): boolean {
    return this.#from.numbers.done;
  }

  next(): RowRecord {
    const from = this.#from;
    const { bytes, numbers } = from;
    const sequence = numbers.unsigned();
    numbers.skipNumbers(1); // Its place in the stream.
    return {
      bytes,
      sequence,
      id: from.text(),
      kind: readKind(numbers.byte()),
      member: from.text(),
      store: from.name(),
      region: from.name(),
      country: from.name(),
      partner: from.name(),
      channel: from.name(),
      currency: from.name(),
      // Written from instants.
      occurredAt: numbers.signed() as Instant,
      acceptedAt: numbers.signed() as Instant,
      outcome: readRowOutcome(from, this.#hashes),
      moves: from.list(readMove),
      ordered: readOrdered(from),
    };
  }
}

function readMove(from: TextReader): Move {
  const { numbers } = from;
  const movement = must(MOVEMENTS[numbers.byte()], 'unknown movement in the store');
  const move = {
    movement,
    from: from.text(),
    to: from.text(),
    unit: from.name(),
    points: numbers.unsigned(),
    promotion: from.name(),
    lot: from.text(),
    balance: numbers.signed(),
  };
  if (notesAge(movement) && numbers.byte() === 1) numbers.skipNumbers(1);
  return move;
}
