import { hash } from 'node:crypto';
import { assert, Bug } from '../../core/assert.ts';
import { type Consequence, foldConsequence, nextConsequence } from '../../core/consequences.ts';
import { type Folded, fold, foldIdentified, type Inbound } from '../../core/fold.ts';
import { BlockWriter } from '../../core/layout/block.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { writeIndexEntry } from '../../core/layout/index-entry.ts';
import { writeMember } from '../../core/layout/member.ts';
import { writeReversal } from '../../core/layout/reversal.ts';
import { transactionDigest } from '../../core/layout/transaction.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import { memberDue } from '../../core/ledger/member.ts';
import type { PartitionMeta, SourcePosition } from '../../core/ledger/partition-meta.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Moment } from '../../core/ledger/state.ts';
import type { DueMember } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import { PackedEntries } from '../store/packed-entries.ts';
import type { BatchWrites, PartitionStore } from '../store/partition-store.ts';
import { admitted } from './admission.ts';
import { type BudgetFigure, figuresOf } from './budget-figures.ts';
import { type Envelope, type EnvelopePlace, refusedId } from './envelope.ts';
import { type Opened, openSome } from './open-some.ts';
import type { LogMessage } from './request.ts';

/** A batch of one partition: what came, and where its stream stands. */
export interface Batch {
  readonly messages: readonly LogMessage[];
  /** The life of the stream the messages belong to. */
  readonly source: Pick<SourcePosition, 'epoch' | 'created'>;
}

/** The fold of one message: its transactions in order. */
export interface AppliedMessage {
  readonly sent: LogMessage;
  readonly envelope: Envelope;
  readonly folded: readonly Folded[];
  /** Records of what the message set off: letters, and checkouts whose wait is over. */
  readonly setOff: readonly LedgerRecord[];
}

/** Hears what becomes of each message as it is folded, so that nobody has to keep all of them. */
export interface BatchListener {
  /** A batch begins, or begins again: what was heard before did not happen. */
  begin(): void;
  folded(message: AppliedMessage): void;
}

export interface FoldedBatch {
  /** Budgets of which this partition is the home, where they changed. */
  readonly budgets: readonly BudgetFigure[];
  /** Names of such budgets that were let go: nobody watches them any more. */
  readonly endedBudgets: readonly string[];
  readonly writes: BatchWrites;
}

/**
 * Applies a batch to a partition, without writing anything yet. Pure but for the reads: the same
 * store, batch and rule sets give the same writes. What the listener hears is not durable yet.
 */
export function foldBatch(
  store: PartitionStore,
  trees: TreeSource,
  given: { readonly batch: Batch; readonly listener: BatchListener },
): FoldedBatch {
  const quarantine = new Set<string>();
  const { batch, listener } = given;
  for (;;) {
    const attempt = applyOnce(store, trees, { ...batch, listener, quarantine });
    if (attempt.ok) return attempt.folded;
    // A broken invariant may have left the state half changed, so everything starts afresh,
    // without the transaction that broke it. Its neighbours must not suffer.
    quarantine.add(attempt.culprit);
  }
}

export interface AppliedBatch extends FoldedBatch {
  readonly messages: readonly AppliedMessage[];
  /** What all the messages set off. */
  readonly setOff: readonly LedgerRecord[];
}

/** The same, keeping all that became of the messages. */
export function applyBatch(store: PartitionStore, trees: TreeSource, batch: Batch): AppliedBatch {
  const messages: AppliedMessage[] = [];
  const listener = {
    begin: () => void messages.splice(0),
    folded: (message: AppliedMessage) => void messages.push(message),
  };
  const folded = foldBatch(store, trees, { batch, listener });
  return { ...folded, messages, setOff: messages.flatMap(({ setOff }) => setOff) };
}

interface Attempt extends Batch {
  readonly listener: BatchListener;
  /** `<stream sequence>/<position>` of transactions that must not be applied again. */
  readonly quarantine: ReadonlySet<string>;
}

/** What every step of an attempt needs. */
interface Scene {
  readonly attempt: Attempt;
  readonly meta: PartitionMeta;
  readonly state: BatchState;
  readonly place: EnvelopePlace;
}

function applyOnce(
  store: PartitionStore,
  trees: TreeSource,
  attempt: Attempt,
):
  | { readonly ok: true; readonly folded: FoldedBatch }
  | { readonly ok: false; readonly culprit: string } {
  const { listener, messages, source } = attempt;
  const meta = store.meta();
  const state = new BatchState(store, trees, memory);
  const { partition, partitions } = meta;
  const scene = {
    attempt,
    meta,
    state,
    place: { partition, partitions, sourceEpoch: source.epoch },
  };
  listener.begin();
  for (let next = 0; next < messages.length; ) {
    const opened = openSome(state, { messages, next, place: scene.place });
    next += opened.length;
    const applied: AppliedMessage[] = [];
    for (const message of opened) {
      const folded = foldMessage(scene, message);
      if ('culprit' in folded) return { ok: false, culprit: folded.culprit };
      applied.push(folded);
    }
    for (const message of applied) listener.folded(message);
  }
  const budgets = figures(state);
  const writes = collect(state, meta, attempt);
  const endedBudgets = state.budgets.endedBudgets();
  return { ok: true, folded: { budgets, endedBudgets, writes } };
}

/** Folds a message and what it sets off. Names the transaction that broke an invariant, if any. */
function foldMessage(scene: Scene, message: Opened): AppliedMessage | { culprit: string } {
  const { attempt, meta, state, place } = scene;
  const { sent, envelope } = message;
  const folded: Folded[] = [];
  for (const [position, inbound] of envelope.inbound.entries()) {
    const isBroken = hasBroken(attempt, sent, position);
    const letIn = admit(inbound, { message: sent, place, position, state });
    const known = letIn === inbound && !isBroken ? message.identified[position] : undefined;
    const moment = {
      sequence: nextSequence(meta, state),
      streamSequence: sent.sequence,
      acceptedAt: instant(sent.storedAt),
    };
    try {
      folded.push(
        known
          ? foldIdentified(state, known, moment)
          : fold(state, isBroken ? quarantined(letIn) : letIn, moment),
      );
    } catch (error) {
      if (!(error instanceof Bug) || isBroken) throw error;
      return { culprit: culpritOf(sent, position) };
    }
  }
  const setOff: LedgerRecord[] = [];
  const culprit = consequences(state, setOff, { message: sent, attempt, meta });
  return culprit === undefined ? { sent, envelope, folded, setOff } : { culprit };
}

/** Everything that is recorded is staged, so their number says where the ledger is. */
function nextSequence(meta: PartitionMeta, state: BatchState): number {
  return meta.ledgerSequence + state.recordCount + 1;
}

/** What our own services send needs no admission, and is most of what comes. */
function admit(
  sent: Inbound,
  from: {
    readonly message: LogMessage;
    readonly place: EnvelopePlace;
    readonly position: number;
    readonly state: BatchState;
  },
): Inbound {
  const { message, place, position, state } = from;
  if (message.store === '') return sent;
  const sender = { store: message.store, refusedId: refusedId(message, place, position) };
  return admitted(sent, sender, state);
}

function culpritOf(message: LogMessage, position: number): string {
  return `${message.sequence}/${position}`;
}

function hasBroken(attempt: Attempt, message: LogMessage, position: number): boolean {
  const { quarantine } = attempt;
  return quarantine.size > 0 && quarantine.has(culpritOf(message, position));
}

function figures(state: BatchState): BudgetFigure[] {
  const budgets = state.budgets.changedBudgets();
  if (budgets.length === 0) return [];
  const tree = state.active()?.tree;
  return budgets.flatMap((budget) => figuresOf(budget, tree));
}

/** Folds what a message set off. Names the one that broke an invariant, if one did. */
function consequences(
  state: BatchState,
  setOff: LedgerRecord[],
  from: { readonly message: LogMessage; readonly attempt: Attempt; readonly meta: PartitionMeta },
): string | undefined {
  const { message, attempt, meta } = from;
  const acceptedAt = instant(message.storedAt);
  for (let number = 0; ; number += 1) {
    const consequence = nextConsequence(state, acceptedAt);
    if (!consequence) return undefined;
    const culprit = `${message.sequence}/set-off/${number}`;
    const sequence = nextSequence(meta, state);
    const moment = { sequence, streamSequence: message.sequence, acceptedAt };
    const isBroken = attempt.quarantine.has(culprit);
    try {
      const folded = isBroken
        ? refuseRelease(state, consequence, moment)
        : foldConsequence(state, consequence, moment);
      setOff.push(...folded);
    } catch (error) {
      if (!(error instanceof Bug) || isBroken) throw error;
      return culprit;
    }
  }
}

/** A waiting checkout that breaks an invariant is refused like any other that does. */
function refuseRelease(
  state: BatchState,
  consequence: Consequence,
  moment: Moment,
): readonly LedgerRecord[] {
  assert(consequence.kind === 'release', 'a letter cannot be refused by who writes it');
  const { transaction, acceptedAt } = consequence.release;
  const folded = fold(state, quarantined({ ok: true, transaction }), { ...moment, acceptedAt });
  return folded.kind === 'recorded' ? [folded.record, ...folded.followUps] : [];
}

function quarantined(inbound: Inbound): Inbound {
  if (!inbound.ok) return inbound;
  const { transaction } = inbound;
  return {
    ok: false,
    id: transaction.id,
    kind: transaction.kind,
    member: 'member' in transaction ? (transaction.member ?? '') : '',
    reason: 'engine-fault',
    path: '',
    message: 'Arbiter failed on this transaction; report it with its id',
    digest: transactionDigest(transaction),
  };
}

function collect(state: BatchState, meta: PartitionMeta, attempt: Batch): BatchWrites {
  state.writeStaged();
  const block = sealBlock(meta, state.block);
  const due = dueChanges(state);
  return {
    meta: {
      ...meta,
      ledgerSequence: meta.ledgerSequence + state.block.count,
      source: advance(meta.source, attempt),
      blockHash: block?.hash ?? meta.blockHash,
      activations: state.activations,
      waiting: { ...state.waiting },
      leaseWaits: [...state.waitingRoom.budgets],
      leaseRecalls: [...state.budgets.recalls],
    },
    block,
    index: indexEntries(state, block),
    members: membersOf(state),
    reversals: [...state.reversals.values()].map(
      (reversal) => [reversal.checkout, bytesOf((to) => writeReversal(to, reversal))] as const,
    ),
    counters: [...state.budgets.changes(), ...state.waitingRoom.changes()],
    registry: [...state.registry],
    dueRemoved: due.removed,
    dueAdded: due.added,
  };
}

/** Redelivered messages never move the position back; another life of the stream does. */
function advance(before: SourcePosition, batch: Batch): SourcePosition {
  const last = batch.messages.at(-1);
  const sameLife = before.epoch === batch.source.epoch;
  if (!last || (sameLife && last.sequence <= before.sequence))
    return { ...before, ...batch.source };
  return { ...batch.source, sequence: last.sequence, storedAt: last.storedAt };
}

interface Block {
  readonly firstSequence: number;
  readonly bytes: Uint8Array;
  readonly hash: string;
}

function sealBlock(meta: PartitionMeta, writer: BlockWriter): Block | undefined {
  if (writer.count === 0) return undefined;
  const previousHash = meta.blockHash === '' ? new Uint8Array(32) : fromHex(meta.blockHash);
  const { partition, epoch } = meta;
  const hashOf = sha256(writer.seal({ partition, epoch, previousHash }));
  const { firstSequence } = writer;
  return { firstSequence, bytes: writer.withHash(hashOf), hash: hashOf.toString('hex') };
}

/** The hash at the end of a ledger block: SHA-256 of all bytes before it. */
export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function indexEntries(state: BatchState, block: Block | undefined): PackedEntries {
  const entries = new PackedEntries(indexBytes);
  if (!block) return entries;
  for (const { key, digest, offset } of state.staged.values()) {
    writeIndexEntry(entries.add(key), { digest, block: block.firstSequence, offset });
  }
  return entries;
}

function membersOf(state: BatchState): PackedEntries {
  const entries = new PackedEntries(memberBytes);
  for (const { member, changed } of state.members.values()) {
    if (changed) writeMember(entries.add(member.id), member);
  }
  return entries;
}

/** How the index of "time alone changes this member" moves. */
function dueChanges(state: BatchState): { removed: DueMember[]; added: DueMember[] } {
  const removed: DueMember[] = [];
  const added: DueMember[] = [];
  for (const { member, dueBefore } of state.changedMembers()) {
    const dueAt = memberDue(member);
    if (dueAt === dueBefore) continue;
    if (dueBefore !== undefined) removed.push({ member: member.id, dueAt: dueBefore });
    if (dueAt !== undefined) added.push({ member: member.id, dueAt });
  }
  removed.push(...state.unscheduled.values());
  added.push(...state.scheduled.values());
  return { removed, added };
}

const scratch = new ByteWriter(1024);
// Memory of a batch, which the next one writes over: see `BatchWrites`.
const memory = { inputs: new ByteWriter(), block: new BlockWriter() };
const indexBytes = new ByteWriter();
const memberBytes = new ByteWriter();

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  scratch.reset();
  write(scratch);
  return scratch.copy();
}
