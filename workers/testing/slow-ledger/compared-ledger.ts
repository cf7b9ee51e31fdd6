import { emit } from '../../../core/arbitration/emit.ts';
import type { ArbitrationTree } from '../../../core/arbitration/tree.ts';
import { must } from '../../../core/assert.ts';
import type { Folded } from '../../../core/fold.ts';
import type { LedgerRecord } from '../../../core/ledger/record.ts';
import { OUTGOING_PREFIX, readOutgoing } from '../../../core/ledger/registry.ts';
import { relayedOf, relayOf } from '../../../core/ledger/relay/carry.ts';
import { idKey } from '../../../core/ledger/state-reader.ts';
import { compileRuleSet } from '../../../core/rules/compile.ts';
import { partitionKey, partitionOf } from '../../../core/transaction/key.ts';
import { type AppliedBatch, applyBatch } from '../../batch/apply-batch.ts';
import { leaseLetter } from '../../batch/receipt.ts';
import type { LogMessage } from '../../batch/request.ts';
import type { PartitionStore } from '../../store/partition-store.ts';
import type { SlowCounter } from './book.ts';
import { compareAnswer, compareRecord, compareStore, Difference } from './comparison.ts';
import { interpreterAgain } from './decide-again.ts';
import type { Decided, Written } from './expected.ts';
import { SlowLedger } from './ledger.ts';
import { type Document, limitsOf, type Version } from './programme.ts';
import { usedOf } from './track-record.ts';

const LIFE = { epoch: 1, created: 'compared' };

/** How stores are opened, and what is left of one after a crash. */
export interface Stores {
  readonly open: (partition: number, partitions: number) => PartitionStore;
  readonly reopen: (store: PartitionStore) => Promise<PartitionStore>;
}

/** What goes wrong while a log is applied. */
export interface Faults {
  /** Messages of the next batch. */
  readonly cut: () => number;
  /** Messages before it that are delivered once more with it. */
  readonly again: () => number;
  /** Does the process die before, or after, this write? */
  readonly dies: () => boolean;
}

interface Sent {
  readonly message: LogMessage;
  readonly written: readonly Written[];
}

/** What a partition has written to others about shared budgets, in its order. */
interface Letters {
  readonly written: Written[];
  /** How many of them are in the logs of others. */
  sent: number;
}

/**
 * A programme twice: the real `applyBatch` on real stores, and the slow ledger. Both fold the same
 * logs; after every batch they must agree on every answer, entry, lot and balance.
 */
export class ComparedLedger {
  readonly ledgers: readonly SlowLedger[];
  readonly versions: readonly Version[];
  crashes = 0;
  readonly #stores: PartitionStore[];
  readonly #reopen: Stores['reopen'];
  readonly #trees = new Map<string, ArbitrationTree>();
  readonly #logs: readonly Sent[][];
  readonly #letters: readonly Letters[];

  constructor(documents: readonly Document[], partitions: number, stores: Stores) {
    this.versions = documents.map((document, index) => {
      const compiled = compileRuleSet(document, { world: 'closed', emit });
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
      const { tree } = compiled.value;
      this.#trees.set(tree.hash, tree);
      return { number: index + 1, hash: tree.hash, document };
    });
    const byHash = new Map(this.versions.map((version) => [version.hash, version]));
    const again = interpreterAgain();
    this.ledgers = Array.from(
      { length: partitions },
      (_, partition) => new SlowLedger(byHash, { partition, partitions }, again),
    );
    this.#letters = this.ledgers.map(() => ({ written: [], sent: 0 }));
    this.#logs = this.ledgers.map(() => []);
    this.#stores = this.ledgers.map((_, partition) => stores.open(partition, partitions));
    this.#reopen = stores.reopen;
  }

  /**
   * Writes to the log of the partition that a transaction belongs to: as a message of its own, or
   * `joined` to the last one, if that one is still to be applied.
   */
  send(written: Written, at: number, joined = false): void {
    const sender = written.kind === 'malformed' ? written['sent'] : written;
    const key = must(partitionKey(Object(sender)), 'a transaction with a key');
    const partition = partitionOf(key, this.#logs.length);
    const log = must(this.#logs[partition], 'a partition has its log');
    const last = log.at(-1);
    const isOpen = last && last.message.sequence > this.storeOf(partition).meta().source.sequence;
    if (!joined || !isOpen) log.push(messageOf(log.length + 1, at, [written]));
    else {
      const { sequence, storedAt } = last.message;
      log[log.length - 1] = messageOf(sequence, storedAt, [...last.written, written]);
    }
  }

  /** Writes one of each to every partition's log. */
  sendToAll(make: () => Written, at: number): void {
    for (const log of this.#logs) log.push(messageOf(log.length + 1, at, [make()]));
  }

  /** Applies whatever is new in the logs. */
  async advance(faults: Faults): Promise<void> {
    for (const partition of this.#stores.keys()) {
      while (await this.#step(partition, faults));
    }
  }

  async #step(partition: number, faults: Faults): Promise<boolean> {
    const log = must(this.#logs[partition], 'a partition has its log');
    const store = this.storeOf(partition);
    const done = store.meta().source.sequence;
    if (done === log.length) return false;
    const again = faults.again();
    const batch = log.slice(Math.max(0, done - again), done + faults.cut());
    const applied = this.#apply(partition, batch);
    if (faults.dies()) {
      // Before the write: nothing of this batch has happened.
      await this.#crash(partition);
      return true;
    }
    store.write(applied.writes);
    this.#compare(partition, batch, applied);
    for (const record of applied.setOff) this.#noteLetter(partition, record);
    if (faults.dies()) await this.#crash(partition);
    compareStore(must(this.ledgers[partition], 'its ledger'), this.storeOf(partition));
    return true;
  }

  /**
   * Carries relays between partitions, when `sends` says so: to whom they are for, and once they
   * are applied there, the answer back. Either may be sent again before it has arrived.
   */
  carry(at: number, sends: () => boolean): number {
    const all = this.#stores.flatMap((store) => [...store.registeredFrom(OUTGOING_PREFIX, 1_000)]);
    for (const [, bytes] of all) {
      if (!sends()) continue;
      const outgoing = readOutgoing(bytes);
      const relay = relayOf(outgoing);
      const asked = this.storeOf(partitionOf(relay.key, this.#stores.length));
      const entry = asked.index(idKey(outgoing.id));
      const outcome = entry && asked.record(entry).outcome;
      const reason = outcome?.status === 'rejected' ? outcome.reason : undefined;
      const sendFor = outcome?.status === 'rejected' ? outcome.sendFor : undefined;
      const answer = outcome && { status: outcome.status, reason, sendFor };
      const carried = answer ? relayedOf(outgoing, answer) : relay;
      // As it comes out of the log; the fields of a carried transaction are those of its kind.
      this.send(JSON.parse(JSON.stringify(carried.transaction)) as Written, at);
    }
    return all.length;
  }

  #noteLetter(partition: number, record: LedgerRecord): void {
    const letter = leaseLetter(record, partition);
    if (!letter) return;
    const written = JSON.parse(new TextDecoder().decode(letter)) as Written; // Our own letter.
    this.#letters[partition]?.written.push(written);
  }

  /**
   * Brings letters about shared budgets to the logs of those they are for, in their order, as far
   * as `sends` goes on. Some come again: who brings them forgot that it did.
   */
  post(at: number, sends: () => boolean, again: () => boolean): number {
    let left = 0;
    for (const letters of this.#letters) {
      if (again()) letters.sent = Math.max(0, letters.sent - 2);
      while (letters.sent < letters.written.length && sends()) {
        const letter = must(letters.written[letters.sent], 'a letter that was written');
        this.#append(Number(letter['to']), letter, at);
        letters.sent += 1;
      }
      left += letters.written.length - letters.sent;
    }
    return left;
  }

  #append(partition: number, written: Written, at: number): void {
    const log = must(this.#logs[partition], 'a partition has its log');
    log.push(messageOf(log.length + 1, at, [written]));
  }

  /** True when every log is applied to its end. */
  get isRead(): boolean {
    return this.#logs.every((log, partition) => {
      return this.storeOf(partition).meta().source.sequence === log.length;
    });
  }

  /** All partitions together spend no more of a budget than any version ever allowed. */
  compareBudgets(): void {
    const spent = new Map<string, SlowCounter>();
    for (const { counters } of this.ledgers) {
      for (const [key, counter] of counters) usedOf(spent, { key, ...counter }, 1);
    }
    for (const [key, used] of spent) {
      const limits = this.versions.map(({ document }) => limitsOf(document, key));
      for (const counted of ['uses', 'units', 'points'] as const) {
        const most = Math.max(...limits.map((limit) => limit?.[counted] ?? 0));
        const isLimited = limits.some((limit) => limit?.[counted] !== undefined);
        if (isLimited && used[counted] > most) {
          throw new Difference(`${key} of all`, most, used[counted]);
        }
      }
    }
  }

  /** Checkouts that wait for more of a budget than their partition has. */
  get waiting(): number {
    return this.ledgers.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  storeOf(partition: number): PartitionStore {
    return must(this.#stores[partition], 'a partition has its store');
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.close()));
  }

  async #crash(partition: number): Promise<void> {
    this.crashes += 1;
    this.#stores[partition] = await this.#reopen(this.storeOf(partition));
  }

  #apply(partition: number, batch: readonly Sent[]): AppliedBatch {
    const trees = {
      usable: (hash: string) => this.#trees.has(hash),
      treeOf: (hash: string) => must(this.#trees.get(hash), 'an unusable version was used'),
    };
    const messages = batch.map(({ message }) => message);
    return applyBatch(this.storeOf(partition), trees, { messages, source: LIFE });
  }

  #compare(partition: number, batch: readonly Sent[], applied: AppliedBatch): void {
    const ledger = must(this.ledgers[partition], 'its ledger');
    for (const [place, { message, written }] of batch.entries()) {
      const folded = applied.messages[place]?.folded ?? [];
      if (folded.length !== written.length) throw new Difference('answers', written, folded);
      for (const [position, transaction] of written.entries()) {
        const one = must(folded[position], 'every transaction was folded');
        compareAnswer(ledger.fold(transaction, message.storedAt, decidedBy(one)), one);
      }
      const setOff = applied.setOff.filter((each) => each.streamSequence === message.sequence);
      this.#compareSetOff(ledger, setOff, message.storedAt);
    }
  }

  /** Letters that a message made its partition write, and checkouts whose wait it ended. */
  #compareSetOff(ledger: SlowLedger, records: readonly LedgerRecord[], now: number): void {
    for (let place = 0; place < records.length; place += 1) {
      const record = must(records[place], 'a record that was set off');
      if (record.kind === 'lease') {
        ledger.records += 1;
        continue;
      }
      const expected = ledger.release(record.id, now, decisionOf(record));
      compareRecord(expected, record);
      for (const ended of expected.ended) {
        place += 1;
        const other = records[place];
        if (!other) throw new Difference('what ends with a wait', ended, undefined);
        compareRecord(ended, other);
      }
    }
  }
}

function messageOf(sequence: number, storedAt: number, written: readonly Written[]): Sent {
  const json = written.map(jsonOf);
  const data = Buffer.from(JSON.stringify(json.length === 1 ? json[0] : json));
  return {
    message: { sequence, storedAt, store: '', format: 'json', answer: true, data },
    written,
  };
}

/** What goes over the wire. */
function jsonOf(written: Written): object {
  if (written.kind !== 'malformed') return written;
  return { ...Object(written['sent']), id: written.id };
}

/** What the arbitration said, which the slow ledger takes as told. */
function decidedBy(folded: Folded): Decided {
  return folded.kind === 'waits' ? 'waits' : decisionOf(folded.record);
}

function decisionOf({ outcome }: LedgerRecord): Decided {
  return outcome.status === 'rejected' ? { refused: outcome.reason } : outcome.decision;
}
