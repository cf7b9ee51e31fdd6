import { assert } from '../../core/assert.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { readMember } from '../../core/layout/member.ts';
import { RuleSetTableBuilder, writeRecord } from '../../core/layout/record.ts';
import { balance, pendingPoints } from '../../core/ledger/lots.ts';
import { entriesOf, isMembers } from '../../core/ledger/transfer.ts';
import { plainTree } from '../../core/testing/plain-tree.ts';
import { applyBatch, foldBatch } from '../../workers/batch/apply-batch.ts';
import { ReceiptWriter } from '../../workers/batch/receipt.ts';
import { ledgerOf } from '../../workers/store/block-reading.ts';
import { MemoryStore } from '../../workers/store/memory-store.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { BatchReceipt, PartitionBatch, PipelinePorts } from '../pipeline/ports.ts';
import type { SeededRandom } from './random.ts';
import { type ScriptedLog, scriptLog } from './scripted-log.ts';

const PARTITIONS = 3;
const LIFE = { epoch: 1, created: 'simulated' };
const DAY = 86_400_000;
/** Points expire and wait within the simulated time, so that ticks have something to do. */
const TREE = plainTree({ validityMilliseconds: DAY / 200, creditAfterMilliseconds: 60_000 });
const TREES = { usable: () => true, treeOf: () => TREE };

/** Faults of one run. All chances are per step. */
export interface Faults {
  readonly crash: number;
  /** A batch fails before, or after, its write. */
  readonly fail: number;
  readonly redeliver: number;
}

/** A batch that a worker holds, and what is done with it next. */
interface Held {
  readonly batch: PartitionBatch;
  readonly resolve: (receipt: BatchReceipt) => void;
  readonly reject: (error: Error) => void;
  receipt: BatchReceipt | undefined;
}

/**
 * The real pipeline and the real fold on one thread, with everything around them scripted by a
 * seed: when a message arrives, which batch advances, what fails, what is killed and delivered
 * again. After any of that the ledger must be the one that a straight fold of the log gives.
 */
export class Simulation {
  readonly log: ScriptedLog;
  readonly answers = new Map<string, Uint8Array>();
  readonly #random: SeededRandom;
  readonly #faults: Faults;
  readonly #stores: readonly MemoryStore[];
  #pipeline: Pipeline;
  #held: Held[] = [];
  /** Position of the next delivery, per partition. */
  #next: number[] = [];
  #life = 0;
  crashes = 0;

  constructor(random: SeededRandom, length: number, faults: Faults) {
    this.#random = random;
    this.#faults = faults;
    this.log = scriptLog(random, PARTITIONS, length);
    this.#stores = Array.from({ length: PARTITIONS }, (_, p) => new MemoryStore(p, PARTITIONS));
    this.#pipeline = this.#start();
  }

  /** Runs until everything is settled, then checks what came of it. */
  async run(): Promise<void> {
    while (!this.#finished()) {
      this.#step();
      await turns();
      this.#checkAnswers();
    }
    this.#check();
  }

  #start(): Pipeline {
    this.#held = [];
    // A new consumer starts after the committed position, as the processor's does.
    this.#next = this.#stores.map((store) => store.meta().source.sequence);
    this.#life += 1;
    return new Pipeline(this.#ports(this.#life), { partitions: PARTITIONS, batchesInFlightMax: 2 });
  }

  /** Ports of one life: after a crash whatever its promises still do must reach nothing. */
  #ports(life: number): PipelinePorts {
    const alive = (): boolean => life === this.#life;
    return {
      apply: (batch) =>
        new Promise((resolve, reject) => {
          if (alive()) this.#held.push({ batch, resolve, reject, receipt: undefined });
        }),
      answer: (to, bytes) => {
        if (alive()) this.#answered(to, bytes);
      },
      acknowledge: () => {},
      deadLetter: () => {},
      advanced: (partition, receipt) => {
        if (!alive()) return;
        const durable = this.#stores[partition]?.meta().ledgerSequence ?? 0;
        assert(receipt.ledgerSequence <= durable, 'a follower was told of what is not durable');
      },
      backOff: async () => {},
      settled: () => {},
    };
  }

  #step(): void {
    if (this.#random.chance(this.#faults.crash)) {
      this.crashes += 1;
      this.#pipeline = this.#start();
      return;
    }
    if (this.#random.chance(this.#faults.redeliver)) this.#redeliver();
    const held = this.#held.length > 0 && this.#random.chance(0.4);
    if (held) this.#advance(this.#random.below(this.#held.length));
    else this.#deliver();
  }

  #deliver(): void {
    const open = this.#next
      .map((next, partition) => ({ next, partition }))
      .filter(({ next, partition }) => next < (this.log.partitions[partition]?.length ?? 0));
    const chosen = this.#random.pick(open);
    if (!chosen) {
      if (this.#held.length > 0) this.#advance(this.#random.below(this.#held.length));
      return;
    }
    const message = this.log.partitions[chosen.partition]?.[chosen.next];
    if (message) this.#pipeline.offer(chosen.partition, message);
    this.#next[chosen.partition] = chosen.next + 1;
  }

  /** The server delivers something again that it has no acknowledgement for. */
  #redeliver(): void {
    const partition = this.#random.below(PARTITIONS);
    const next = this.#next[partition] ?? 0;
    const message = this.log.partitions[partition]?.[this.#random.below(Math.max(1, next))];
    if (message && next > 0) this.#pipeline.offer(partition, message);
  }

  /** A worker gets on with its batch: it writes, or it returns, or it dies on the way. */
  #advance(position: number): void {
    const held = this.#held[position];
    if (!held) return;
    if (this.#random.chance(this.#faults.fail)) {
      this.#held.splice(position, 1);
      held.reject(new Error('simulated worker failure'));
      return;
    }
    if (held.receipt) {
      this.#held.splice(position, 1);
      held.resolve(held.receipt);
      return;
    }
    held.receipt = this.#commit(held.batch);
  }

  #commit({ partition, messages }: PartitionBatch): BatchReceipt {
    const store = this.#stores[partition];
    assert(store, 'no such partition');
    const listener = new ReceiptWriter(partition);
    const batch = { messages, source: LIFE };
    const folded = foldBatch(store, TREES, { batch, listener });
    store.write(folded.writes);
    return { ...listener.receipt(folded), applyMilliseconds: 0, writeMilliseconds: 0 };
  }

  #answered(to: string, bytes: Uint8Array): void {
    this.answers.set(to, bytes);
  }

  #finished(): boolean {
    const delivered = this.#next.every(
      (next, partition) => next >= (this.log.partitions[partition]?.length ?? 0),
    );
    return delivered && this.#held.length === 0 && this.#pipeline.waiting.messages === 0;
  }

  /** Nobody was told anything that is not in a store. */
  #checkAnswers(): void {
    for (const [to, bytes] of this.answers) {
      const [partition, sequence] = to.split('/').map(Number);
      const position = this.#stores[partition ?? 0]?.meta().source.sequence ?? 0;
      assert((sequence ?? 0) <= position, 'answered before the write', to, bytes.length);
    }
  }

  #check(): void {
    for (const [partition, store] of this.#stores.entries()) {
      const reference = this.#straightFold(partition);
      assert(
        same(ledgerBytes(store), ledgerBytes(reference)),
        'the ledger differs from a straight fold of the log',
        partition,
      );
      checkBalances(store, this.log);
    }
  }

  /** The same log without faults, one message a batch. */
  #straightFold(partition: number): MemoryStore {
    const store = new MemoryStore(partition, PARTITIONS);
    for (const message of this.log.partitions[partition] ?? []) {
      store.write(applyBatch(store, TREES, { messages: [message], source: LIFE }).writes);
    }
    return store;
  }
}

/** Lets promises that are due run, without giving real time a part in it. */
async function turns(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await Promise.resolve();
}

/** All records behind each other: what must not depend on batches, crashes or threads. */
function ledgerBytes(store: MemoryStore): Uint8Array {
  const writer = new ByteWriter();
  const table = new RuleSetTableBuilder();
  for (const record of ledgerOf(store)) writeRecord(writer, record, { table });
  return writer.copy();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Every id once, and every balance the sum of its entries. */
function checkBalances(store: MemoryStore, log: ScriptedLog): void {
  const sums = new Map<string, number>();
  const seen = new Set<string>();
  for (const record of ledgerOf(store)) {
    const { outcome } = record;
    const reused = outcome.status === 'rejected' && outcome.reason === 'transaction-id-reused';
    assert(reused || !seen.has(record.id), 'a transaction is in the ledger twice', record.id);
    seen.add(record.id);
    for (const move of record.transfers) {
      for (const { account, amount } of entriesOf(move)) {
        sums.set(account, (sums.get(account) ?? 0) + amount);
      }
    }
  }
  for (const id of seen) {
    assert(log.ids.has(id) || id.startsWith('unreadable:'), 'an id nobody sent', id);
  }
  for (const [account, sum] of sums) {
    const [kind, member] = account.split(':');
    if (!isMembers(account)) continue;
    const bytes = store.member(member ?? '');
    assert(bytes, 'entries of a member that is not there', account);
    const found = readMember(bytes);
    const held = found.accounts.get('main');
    assert(held, 'entries of an account that is not there', account);
    const kept = found.holds.flatMap(({ points }) => points);
    const owned = {
      member: balance(held),
      pending: pendingPoints(held),
      held: kept.reduce((total, { points }) => total + points, 0),
    }[kind ?? ''];
    assert(owned === sum, 'a balance is not the sum of its entries', account, owned, sum);
  }
}
