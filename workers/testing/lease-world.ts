import { must } from '../../core/assert.ts';
import { openBlock, recordsOf } from '../../core/layout/block.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { RuleSetTableBuilder, writeRecord } from '../../core/layout/record.ts';
import type { TreeSource } from '../../core/ledger/batch-state.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { applyBatch } from '../batch/apply-batch.ts';
import { leaseLetter } from '../batch/receipt.ts';
import type { LogMessage } from '../batch/request.ts';
import { ledgerOf } from '../store/block-reading.ts';
import { MemoryStore } from '../store/memory-store.ts';

const LIFE = { epoch: 1, created: 'made-up' };
const BATCH_MAX = 12;

/** Draws numbers of a seed. */
export interface Dice {
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
}

/** Letters that partitions wrote and others have not got yet go missing in no crash. */
interface Courier {
  /** Ledger sequence up to which letters are in the logs of others. */
  sent: number;
}

/**
 * A deployment without anything around it: one log and one store a partition, and a courier that
 * carries letters between them. Who moves next, how large a batch is, what is lost before it is
 * written and what comes twice is drawn by dice.
 */
export class LeaseWorld {
  readonly stores: readonly MemoryStore[];
  readonly logs: readonly LogMessage[][];
  readonly #trees: TreeSource;
  readonly #couriers: readonly Courier[];
  readonly #dice: Dice;
  now = Date.UTC(2026, 0, 15, 12);

  constructor(partitions: number, trees: TreeSource, dice: Dice) {
    this.#trees = trees;
    this.#dice = dice;
    this.stores = Array.from({ length: partitions }, (_, p) => new MemoryStore(p, partitions));
    this.logs = this.stores.map(() => []);
    this.#couriers = this.stores.map(() => ({ sent: 0 }));
  }

  /** Puts a transaction into the log that it belongs to, or into the one that is named. */
  send(transaction: object, partition = this.partitionFor(transaction)): void {
    this.#append(partition, JSON.stringify(transaction));
  }

  partitionFor(transaction: object): number {
    return partitionOf(partitionKey(transaction) ?? '', this.stores.length);
  }

  #append(partition: number, text: string): void {
    const log = must(this.logs[partition], 'no such partition');
    this.now += 1;
    const data = new TextEncoder().encode(text);
    log.push({
      sequence: log.length + 1,
      storedAt: this.now,
      store: '',
      format: 'json',
      answer: false,
      data,
    });
  }

  /** Lets everything happen that can, in an order that the dice choose. */
  settle(): void {
    for (let idle = 0; idle < this.stores.length * 4; ) {
      const partition = this.#dice.below(this.stores.length);
      const moved = this.#dice.chance(0.5) ? this.#apply(partition) : this.#deliver(partition);
      idle = moved || this.#anyLeft() ? 0 : idle + 1;
    }
  }

  /** Lets one partition read all of its log while the others stand still. */
  only(partition: number): void {
    const end = this.logs[partition]?.length;
    while (this.stores[partition]?.meta().source.sequence !== end) this.#apply(partition);
  }

  #anyLeft(): boolean {
    return this.stores.some((store, partition) => {
      const { source, ledgerSequence } = store.meta();
      const isRead = source.sequence === this.logs[partition]?.length;
      return !isRead || this.#couriers[partition]?.sent !== ledgerSequence;
    });
  }

  /** One batch; sometimes it is lost before it is written, sometimes it brings old messages. */
  #apply(partition: number): boolean {
    const store = must(this.stores[partition], 'no such partition');
    const log = must(this.logs[partition], 'no such partition');
    const { sequence } = store.meta().source;
    const again = this.#dice.chance(0.1) ? this.#dice.below(3) : 0;
    const from = Math.max(0, sequence - again);
    const messages = log.slice(from, sequence + 1 + this.#dice.below(BATCH_MAX));
    if (messages.length === 0) return false;
    const applied = applyBatch(store, this.#trees, { messages, source: LIFE });
    if (this.#dice.chance(0.1)) return true;
    store.write(applied.writes);
    return true;
  }

  /** Carries the letters of one ledger block; sometimes it forgets that it did. */
  #deliver(partition: number): boolean {
    const courier = must(this.#couriers[partition], 'no such partition');
    const bytes = this.stores[partition]?.blockAt(courier.sent + 1);
    if (!bytes) return false;
    const block = openBlock(bytes);
    for (const record of recordsOf(block)) {
      const letter = record.sequence > courier.sent ? leaseLetter(record, partition) : undefined;
      if (!letter) continue;
      const text = new TextDecoder().decode(letter);
      const { to } = JSON.parse(text) as { to: number }; // Our own letter.
      this.#append(to, text);
    }
    if (!this.#dice.chance(0.1)) courier.sent = block.firstSequence + block.count - 1;
    return true;
  }

  /** All records of all partitions. */
  records(): LedgerRecord[] {
    return this.stores.flatMap((store) => [...ledgerOf(store)]);
  }

  /** The bytes of a partition's ledger, and those of a straight fold of its log. */
  ledgers(partition: number): readonly [kept: Uint8Array, folded: Uint8Array] {
    const straight = new MemoryStore(partition, this.stores.length);
    for (const message of this.logs[partition] ?? []) {
      straight.write(
        applyBatch(straight, this.#trees, { messages: [message], source: LIFE }).writes,
      );
    }
    return [bytesOf(must(this.stores[partition], 'no such partition')), bytesOf(straight)];
  }
}

function bytesOf(store: MemoryStore): Uint8Array {
  const writer = new ByteWriter();
  const table = new RuleSetTableBuilder();
  for (const record of ledgerOf(store)) writeRecord(writer, record, { table });
  return writer.copy();
}

/** Numbers of a seed: a linear congruential generator is random enough to shuffle turns. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), chance: (odds) => next() < odds };
}
