import { join } from 'node:path';
import { BroadcastChannel, threadId, workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { assert, must } from '../core/assert.ts';
import { openBlock, recordsOf } from '../core/layout/block.ts';
import { type FormattedRows, RowFormatter } from '../core/layout/rows/row-formatter.ts';
import { BatchState } from '../core/ledger/batch-state.ts';
import type { PartitionMeta } from '../core/ledger/partition-meta.ts';
import type { LedgerRecord } from '../core/ledger/record.ts';
import {
  identityKey,
  OUTGOING_PREFIX,
  type Outgoing,
  readIdentity,
  readOutgoing,
} from '../core/ledger/registry.ts';
import { instant } from '../core/money/units.ts';
import { foldBatch } from './batch/apply-batch.ts';
import { lateAnswers } from './batch/late-answers.ts';
import { packParts } from './batch/packed-parts.ts';
import { type PackedReceipt, packReceipt } from './batch/packed-receipt.ts';
import { QuoteDesk } from './batch/quote.ts';
import { deadLetter, leaseLetter, ReceiptWriter, topUpLetter } from './batch/receipt.ts';
import { unpackMessages } from './batch/request.ts';
import { failPoint } from './fail-point.ts';
import { type MemberQuestion, memberView } from './member-view.ts';
import { type CheckedDocument, checkDocument } from './rules/check-document.ts';
import { compileSealed } from './rules/compile-document.ts';
import { treeOfForm } from './rules/normal-form.ts';
import { RulesStore } from './rules/rules-store.ts';
import { RuleSetMissing, TreeCache } from './rules/tree-cache.ts';
import { WARM_UP_CHANNEL, type WarmUp } from './rules/warm-up.ts';
import { partitionFolder, RULES_FOLDER } from './store/folders.ts';
import { LmdbStore } from './store/lmdb-store.ts';
import { type BatchWrites, NO_CHANGES } from './store/partition-store.ts';
import { RecentBlocks, type RecentMemory, type Stretch } from './store/recent-blocks.ts';
import { NoRoom } from './store/room.ts';

/**
 * What runs inside a piscina thread. Threads share nothing but the stores on disk; which thread
 * holds a partition's batch is for `src` to decide, one at a time.
 */
export interface ThreadSettings {
  /** Folder with one store per partition and the rules store. */
  readonly storePath: string;
  readonly partitions: number;
  readonly mapBytes: number;
  /** Bytes that stay free on the disk. */
  readonly freeBytes: number;
  /** Where writers leave their blocks for the formatter. */
  readonly recent: RecentMemory;
}

// What `src/pool` gave as `workerData`.
const settings = workerData as ThreadSettings;
const stores = new Map<number, LmdbStore>();
const formatter = new RowFormatter();
const recentBlocks = new RecentBlocks(settings.recent);
let rulesStore: RulesStore | undefined;

const trees = new TreeCache((hash) => rules().get(hash), compileSealed);
const quotes = new QuoteDesk(storeOf, trees);

function rules(): RulesStore {
  rulesStore ??= new RulesStore(join(settings.storePath, RULES_FOLDER));
  return rulesStore;
}

// A version is made ready on each thread before it becomes current, so that no checkout waits for
// it. A pool cannot address one thread by a task; this channel can.
const warmUps = new BroadcastChannel(WARM_UP_CHANNEL);
warmUps.onmessage = (event) => {
  // Sent by `ThreadPool.warm`, or by another thread as below.
  const { data } = event as { readonly data: WarmUp };
  if (data.kind !== 'warm' || data.thread !== threadId) return;
  const { thread, hash, normal } = data;
  try {
    if (normal) trees.keep(hash, () => treeOfForm(normal, hash));
    else trees.usable(hash);
  } catch {
    // Without it the first batch that needs the version fetches and compiles it.
  }
  warmUps.postMessage({ kind: 'warmed', thread, hash } satisfies WarmUp);
};
warmUps.unref();

/** What a version means to this engine, and whether both of its halves agree on it. */
export function checkRuleSet(task: { readonly hash: string }): CheckedDocument {
  return checkDocument(rules().get(task.hash)?.document);
}

function storeOf(partition: number): LmdbStore {
  const known = stores.get(partition);
  if (known) return known;
  const { partitions, mapBytes, freeBytes, storePath } = settings;
  const path = join(storePath, partitionFolder(partition));
  const store = new LmdbStore({ path, partition, partitions, mapBytes, freeBytes });
  stores.set(partition, store);
  return store;
}

/** The store of a partition for a task, which sees all that was committed before it. */
function latest(partition: number): LmdbStore {
  const store = storeOf(partition);
  store.seeLatest();
  return store;
}

/** Answered by a thread that has loaded everything it runs. */
export function ready(): void {}

export interface ApplyTask {
  readonly partition: number;
  readonly source: { readonly epoch: number; readonly created: string };
  readonly messages: ArrayBuffer;
  /** Rule-set hashes that were looked for everywhere and do not exist. */
  readonly absent: readonly string[];
}

export type ApplyAnswer =
  | {
      readonly kind: 'done';
      readonly receipt: PackedReceipt;
      readonly applyMilliseconds: number;
      readonly writeMilliseconds: number;
    }
  | { readonly kind: 'needs-rule-set'; readonly hash: string }
  | NoRoomAnswer;

/** Nothing was written: the disk or the store is too full. */
export interface NoRoomAnswer extends Pick<NoRoom, 'code' | 'message' | 'facts'> {
  readonly kind: 'no-room';
}

/** Applies one batch and commits it in one durable write. */
export function apply(task: ApplyTask): ApplyAnswer {
  failPoint('batch-received');
  const started = performance.now();
  const store = latest(task.partition);
  const messages = unpackMessages(task.messages);
  trees.presumeAbsent(task.absent);
  try {
    const listener = new ReceiptWriter(task.partition);
    const batch = { messages, source: task.source };
    const folded = foldBatch(store, trees, { batch, listener });
    failPoint('batch-applied');
    const computed = performance.now();
    store.write(folded.writes);
    failPoint('batch-written');
    leaveForFormatter(folded.writes);
    const written = performance.now();
    const receipt = packReceipt(listener.receipt(folded));
    const answered = performance.now();
    const answer: ApplyAnswer = {
      kind: 'done',
      receipt,
      applyMilliseconds: computed - started + answered - written,
      writeMilliseconds: written - computed,
    };
    return transferring(answer, receipt.parts);
  } catch (error) {
    if (error instanceof RuleSetMissing) return { kind: 'needs-rule-set', hash: error.hash };
    if (error instanceof NoRoom) return noRoom(error);
    throw error;
  }
}

/** Only what is durable is left: a reader may tell the world of it at once. */
function leaveForFormatter({ meta, block }: BatchWrites): void {
  if (!block) return;
  const { partition, ledgerSequence: last } = meta;
  recentBlocks.put({ partition, first: block.firstSequence, last }, block.bytes);
}

/** An error of our own class would lose its name on the way to the main thread. */
function noRoom({ code, message, facts }: NoRoom): NoRoomAnswer {
  return { kind: 'no-room', code, message, facts };
}

/** Moves a value's buffers to the main thread instead of copying it. */
function transferring<T extends object>(value: T, ...buffers: ArrayBuffer[]): T {
  const movable = { [transferableSymbol]: buffers, [valueSymbol]: value };
  // `move` hands back a wrapper that piscina unwraps: the caller receives `value` itself.
  return move(movable as never) as unknown as T;
}

export interface QuoteTask {
  /** When they were asked, milliseconds since 1970. */
  readonly now: number;
  /** Of each message. */
  readonly partitions: readonly number[];
  readonly messages: ArrayBuffer;
}

/** Answers quotes of any partitions from what is committed, and writes nothing. */
export function quote(task: QuoteTask): ArrayBuffer {
  const { now, partitions } = task;
  for (const partition of new Set(partitions)) latest(partition);
  const messages = unpackMessages(task.messages);
  const packed = packParts(quotes.answer({ now, partitions, messages }));
  return transferring(packed, packed);
}

/** What a member's account page shows; `undefined` when there is no such member. */
export function member(task: MemberQuestion & { readonly partition: number }) {
  return memberView(latest(task.partition), trees, task);
}

/** Decimal places of the point types of a partition's rule set. */
export function precisions(task: { readonly partition: number }): Record<string, number> {
  const types = new BatchState(latest(task.partition), trees).active()?.tree.pointTypes;
  return Object.fromEntries([...(types?.values() ?? [])].map((type) => [type.id, type.precision]));
}

/** Where a partition stands. */
export function meta(task: { readonly partition: number }) {
  return latest(task.partition).meta();
}

export type OpenAnswer = { readonly kind: 'opened'; readonly meta: PartitionMeta } | NoRoomAnswer;

/** Takes a partition over: a new epoch, written durably before anything else is. */
export function open(task: { readonly partition: number }): OpenAnswer {
  const store = latest(task.partition);
  const before = store.meta();
  try {
    store.write({ ...NO_CHANGES, meta: { ...before, epoch: before.epoch + 1 } });
  } catch (error) {
    if (error instanceof NoRoom) return noRoom(error);
    throw error;
  }
  failPoint('partition-opened');
  return { kind: 'opened', meta: must(store.meta(), 'a partition has a position') };
}

/** Lets go of all stores, so that the process can end cleanly. */
export async function close(): Promise<void> {
  for (const store of stores.values()) await store.close();
  stores.clear();
  await rulesStore?.close();
}

/** True when time alone has changed something of the partition's members by `now`. */
export function hasDue(task: { readonly partition: number; readonly now: number }): boolean {
  return latest(task.partition).due(instant(task.now), 1).length > 0;
}

/** Where a follower of the ledger goes on. */
export interface ScanTask {
  readonly partition: number;
  readonly after: number;
}

interface Scanned {
  readonly through: number;
  readonly letters: readonly Uint8Array[];
}

/** The rejections in the ledger block after a sequence; `undefined` at the end of the ledger. */
export function rejections(task: ScanTask): Scanned | undefined {
  const { partition } = task;
  return scan(task, (record) =>
    record.outcome.status === 'rejected'
      ? deadLetter(record, { partition, data: undefined })
      : undefined,
  );
}

/** The letters to other partitions in the ledger block after a sequence. */
export function leaseLetters(task: ScanTask): Scanned | undefined {
  return scan(task, (record) => leaseLetter(record, task.partition));
}

/** The top-ups in the ledger block after a sequence. */
export function topUpLetters(task: ScanTask): Scanned | undefined {
  return scan(task, topUpLetter);
}

function scan(
  { partition, after }: ScanTask,
  letterOf: (record: LedgerRecord) => Uint8Array | undefined,
): Scanned | undefined {
  const bytes = latest(partition).blockAt(after + 1);
  if (!bytes) return undefined;
  const block = openBlock(bytes);
  const letters: Uint8Array[] = [];
  for (const record of recordsOf(block)) {
    const letter = record.sequence > after ? letterOf(record) : undefined;
    if (letter) letters.push(letter);
  }
  return { through: block.firstSequence + block.count - 1, letters };
}

/** Relays of a partition that have no answer yet. */
export function outgoing(task: { readonly partition: number; readonly limit: number }): Outgoing[] {
  return latest(task.partition)
    .registeredFrom(OUTGOING_PREFIX, task.limit)
    .map(([, bytes]) => readOutgoing(bytes));
}

/** Whose a card or phone is, as its partition knows; `undefined` when it is nobody's. */
export function identity(task: { readonly partition: number; readonly identifier: string }) {
  const bytes = latest(task.partition).registered(identityKey(task.identifier));
  return bytes && readIdentity(bytes);
}

/** Answers that had to wait for a lease; `undefined` where one still has to. */
export function answers(task: {
  readonly partition: number;
  readonly messages: ArrayBuffer;
}): (Uint8Array | undefined)[] {
  return lateAnswers(latest(task.partition), trees, unpackMessages(task.messages));
}

export interface RowsTask {
  /** The first of a block: nothing of one that failed half way may leak into it. */
  readonly begins: boolean;
  readonly ranges: readonly Stretch[];
}

/** Adds stretches of the ledger to the rows of a block for ClickHouse. */
export function addRows({ begins, ranges }: RowsTask): void {
  if (begins) formatter.clear();
  for (const range of ranges) addStretch(range);
}

/** The rows that were added, as one block a table. */
export function takeRows(): FormattedRows {
  const formatted = formatter.take();
  const buffers = Object.values(formatted.bytes).map((bytes) => bytes.buffer);
  return transferring(formatted, ...buffers);
}

function addStretch({ partition, first, last }: Stretch): void {
  for (let next = first; next <= last; ) {
    const recent = recentBlocks.blockAt(partition, next);
    const bytes = recent ?? latest(partition).blockAt(next);
    assert(bytes !== undefined, 'the ledger ends before the stretch to format', next);
    const block = openBlock(bytes);
    formatter.addBlock(block, { partition, first: next, last });
    next = block.firstSequence + block.count;
  }
}
