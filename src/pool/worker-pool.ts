import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '../../core/assert.ts';
import type { FormattedRows } from '../../core/layout/rows/row-formatter.ts';
import type { PartitionMeta } from '../../core/ledger/partition-meta.ts';
import { unpackParts } from '../../workers/batch/packed-parts.ts';
import { unpackReceipt } from '../../workers/batch/packed-receipt.ts';
import { type LogMessage, packMessages } from '../../workers/batch/request.ts';
import type { MemberJson } from '../../workers/member-view.ts';
import type { CheckedDocument, DocumentCheck } from '../../workers/rules/check-document.ts';
import { recentMemory, type Stretch } from '../../workers/store/recent-blocks.ts';
import type {
  ApplyAnswer,
  ApplyTask,
  NoRoomAnswer,
  OpenAnswer,
  QuoteTask,
  RowsTask,
  ThreadSettings,
} from '../../workers/thread.ts';
import { Fault } from '../fault.ts';
import type { BatchReceipt, PartitionBatch } from '../pipeline/ports.ts';
import { piecesOf } from './pieces.ts';
import { type RunOptions, ThreadPool, type ThreadPoolOptions } from './thread-pool.ts';

const THREAD = new URL('../../workers/thread.ts', import.meta.url).href;
/** Heap of one thread. Batches are bounded, so more means a leak, and a new thread helps. */
const THREAD_HEAP_MIB = 256;
/** Room for the short-lived objects of a batch, so that they die before they are ever moved. */
const WRITER_YOUNG_MIB = 32;
const OTHER_YOUNG_MIB = 16;
/** Questions are answered within milliseconds, so a reader has its next task at hand. */
const READER_TASKS = 2;
/**
 * The formatter's tasks are long, and nobody at a till waits for them. But much further back, it
 * falls behind for good at full load (5 did), reads old blocks from the store and maps all of it.
 */
const FORMATTER_NICE_INCREMENT = 2;
/** Records that it formats at a stretch: some milliseconds. */
const FORMATTER_PIECE_RECORDS = 256;
/** It rests so many times as long as it worked, when nothing presses. */
const FORMATTER_REST = 2;
/** Fetches of one missing rule set before its activation is refused. */
const RULE_SET_FETCHES_MAX = 1;

export interface WorkerPoolOptions extends Omit<ThreadSettings, 'recent'> {
  readonly threads: number;
  /** Brings a rule-set version into the rules store; false if it exists nowhere. */
  readonly fetchRuleSet: (hash: string) => Promise<boolean>;
}

/** A question what a checkout would give. */
export interface AskedQuote extends Pick<LogMessage, 'format' | 'data' | 'store'> {
  readonly partition: number;
}

/**
 * The worker threads, in three pools so that none can hold up another: those that commit, those
 * that answer questions, and one for long tasks: it formats the ledger for ClickHouse.
 */
export class WorkerPool {
  readonly #writers: ThreadPool;
  readonly #readers: ThreadPool;
  readonly #formatter: ThreadPool;
  readonly #fetchRuleSet: (hash: string) => Promise<boolean>;
  #isFormatting = false;

  constructor(options: WorkerPoolOptions) {
    const { threads, fetchRuleSet, ...given } = options;
    const settings = { ...given, recent: recentMemory() };
    this.#fetchRuleSet = fetchRuleSet;
    this.#writers = newPool(settings, { threads, youngMib: WRITER_YOUNG_MIB });
    const readers = Math.max(1, Math.floor(threads / 2));
    this.#readers = newPool(settings, { threads: readers, tasksPerThread: READER_TASKS });
    this.#formatter = newPool(settings, { threads: 1, niceIncrement: FORMATTER_NICE_INCREMENT });
  }

  /** Takes a partition over and says where it stands. */
  async open(partition: number): Promise<PartitionMeta> {
    const answer: OpenAnswer = await this.#writers.run({ partition }, { name: 'open' });
    if (answer.kind === 'no-room') throw noRoom(answer);
    return answer.meta;
  }

  async apply(batch: PartitionBatch, source: ApplyTask['source']): Promise<BatchReceipt> {
    const absent: string[] = [];
    for (let fetches = 0; ; fetches += 1) {
      const messages = packMessages(batch.messages);
      const task: ApplyTask = { partition: batch.partition, source, messages, absent };
      const options = { name: 'apply', transferList: transferable(messages) };
      const answer: ApplyAnswer = await this.#writers.run(task, options);
      if (answer.kind === 'done') {
        const { receipt, applyMilliseconds, writeMilliseconds } = answer;
        return { ...unpackReceipt(receipt), applyMilliseconds, writeMilliseconds };
      }
      if (answer.kind === 'no-room') throw noRoom(answer);
      if (fetches > RULE_SET_FETCHES_MAX * batch.messages.length) {
        throw new Fault('rule-set-unavailable', 'a rule-set version cannot be loaded', {
          retry: 'after-backoff',
          facts: { hash: answer.hash },
        });
      }
      if (!(await this.#fetchRuleSet(answer.hash))) absent.push(answer.hash);
    }
  }

  /** Answers to quotes, in their order; one task for all of them, whatever their partitions. */
  async quote(quotes: readonly AskedQuote[]): Promise<(Uint8Array | undefined)[]> {
    const now = Date.now();
    const about = { sequence: 0, storedAt: now, answer: true };
    const messages = packMessages(quotes.map((quote) => ({ ...about, ...quote })));
    const task: QuoteTask = { now, partitions: quotes.map((quote) => quote.partition), messages };
    const options = { name: 'quote', transferList: transferable(messages) };
    return unpackParts(await this.#readers.run<ArrayBuffer>(task, options));
  }

  /** Threads that answer questions; more tasks than these only wait. */
  get readers(): number {
    return this.#readers.threads;
  }

  member(task: {
    readonly partition: number;
    readonly id: string;
    readonly now: number;
    readonly expiringWithin?: number | undefined;
  }): Promise<MemberJson | undefined> {
    return this.#readers.run(task, { name: 'member' });
  }

  /** Answers that had to wait for a lease; `undefined` where one still has to. */
  answers(partition: number, waiting: readonly LogMessage[]): Promise<(Uint8Array | undefined)[]> {
    const messages = packMessages(waiting);
    return this.#readers.run({ partition, messages }, { name: 'answers' });
  }

  /** Runs a named read of `workers/thread.ts` on a thread that does not commit. */
  read<T>(name: string, task: unknown): Promise<T> {
    return this.#readers.run(task, { name });
  }

  /**
   * Checks a version of the rules store, and has every thread that decides ready for it. The check
   * takes half a second: it is for the thread that steps back for the others.
   */
  async prepare(hash: string): Promise<DocumentCheck> {
    const options = { name: 'checkRuleSet' };
    const { normal, ...check }: CheckedDocument = await this.#formatter.run({ hash }, options);
    if (check.problems.length > 0) return check;
    // Of another version than was asked for, nothing is taken over; whoever asked refuses it.
    const version = check.hash === hash ? { hash, normal } : { hash };
    await this.#writers.warm(version);
    await this.#readers.warm(version);
    return check;
  }

  /**
   * Rows of stretches of the ledger for ClickHouse. When nothing presses, a piece at a time with
   * rests between: it shares the processors with those that answer tills. One call at a time.
   */
  async formatRows(
    ranges: readonly Stretch[],
    { presses }: { readonly presses: boolean },
  ): Promise<FormattedRows> {
    assert(!this.#isFormatting, 'rows of two blocks would be mixed');
    this.#isFormatting = true;
    try {
      let begins = true;
      const recordsMax = presses ? Number.POSITIVE_INFINITY : FORMATTER_PIECE_RECORDS;
      for (const piece of piecesOf(ranges, recordsMax)) {
        const started = performance.now();
        const task: RowsTask = { begins, ranges: piece };
        await this.#formatter.run(task, { name: 'addRows' });
        begins = false;
        if (!presses) await sleep((performance.now() - started) * FORMATTER_REST);
      }
      return await this.#formatter.run(undefined, { name: 'takeRows' });
    } finally {
      this.#isFormatting = false;
    }
  }

  /** Share of the writers' time since the last call that had a batch, 0 to 1. */
  takeUtilisation(): number {
    return this.#writers.takeUtilisation();
  }

  async close(): Promise<void> {
    const pools = [this.#writers, this.#readers, this.#formatter];
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

function noRoom({ code, message, facts }: NoRoomAnswer): Fault {
  return new Fault(code, message, { retry: 'operator', facts });
}

type TransferList = Exclude<RunOptions['transferList'], undefined>;

/** Piscina's type names the options of a newer `postMessage`; what it passes on is a list. */
function transferable(buffer: ArrayBuffer): TransferList {
  return [buffer] as unknown as TransferList;
}

function newPool(
  workerData: ThreadSettings,
  own: Pick<ThreadPoolOptions, 'threads' | 'tasksPerThread'> &
    Partial<Pick<ThreadPoolOptions, 'youngMib' | 'niceIncrement'>>,
): ThreadPool {
  const { youngMib = OTHER_YOUNG_MIB, niceIncrement = 0 } = own;
  const heapMib = THREAD_HEAP_MIB;
  return new ThreadPool({
    filename: THREAD,
    workerData,
    ...own,
    heapMib,
    youngMib,
    niceIncrement,
  });
}
