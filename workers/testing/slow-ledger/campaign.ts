import { emit } from '../../../core/arbitration/emit.ts';
import type { ArbitrationTree } from '../../../core/arbitration/tree.ts';
import { must } from '../../../core/assert.ts';
import type { Folded } from '../../../core/fold.ts';
import { compileRuleSet } from '../../../core/rules/compile.ts';
import { Random } from '../../../core/testing/random.ts';
import { partitionKey, partitionOf } from '../../../core/transaction/key.ts';
import { type AppliedBatch, applyBatch } from '../../batch/apply-batch.ts';
import type { LogMessage } from '../../batch/request.ts';
import type { PartitionStore } from '../../store/partition-store.ts';
import { compareAnswer, compareStore, Difference } from './comparison.ts';
import { type Decided, dueOf, SlowLedger, type Written } from './ledger.ts';
import type { Version } from './programme.ts';
import { pickOf, randomDocuments } from './random-programme.ts';
import { Scenario } from './scenario.ts';

const START = Date.UTC(2026, 0, 30, 12);
const HOUR = 3_600_000;
const LIFE = { epoch: 1, created: 'campaign' };

/** How a campaign opens the stores it drives, and what a crash does to one. */
export interface Stores {
  readonly open: (partition: number, partitions: number) => PartitionStore;
  readonly reopen: (store: PartitionStore) => Promise<PartitionStore>;
}

interface Sent {
  readonly message: LogMessage;
  readonly written: readonly Written[];
}

/**
 * One campaign: a random programme, random transactions through the real `applyBatch` into real
 * stores, in batches that are cut, lost, repeated and interrupted; after each of them the slow
 * ledger must say the same of every answer, entry, lot and balance.
 */
export class Campaign {
  readonly #random: Random;
  readonly #open: Stores;
  readonly #stores: PartitionStore[];
  readonly #ledgers: SlowLedger[];
  readonly #trees = new Map<string, ArbitrationTree>();
  readonly #logs: Sent[][];
  readonly #scenario: Scenario;
  #now = START;
  crashes = 0;

  constructor(seed: number, stores: Stores) {
    this.#random = new Random(seed);
    this.#open = stores;
    const partitions = 1 + this.#random.below(2);
    const versions = randomDocuments(this.#random, 1 + this.#random.below(3)).map(
      (document, index): Version => {
        const compiled = compileRuleSet(document, { world: 'closed', emit });
        if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
        const { tree } = compiled.value;
        this.#trees.set(tree.hash, tree);
        return { number: index + 1, hash: tree.hash, document };
      },
    );
    const byHash = new Map(versions.map((version) => [version.hash, version]));
    this.#ledgers = Array.from({ length: partitions }, () => new SlowLedger(byHash));
    this.#stores = this.#ledgers.map((_, partition) => stores.open(partition, partitions));
    this.#logs = this.#ledgers.map(() => []);
    this.#scenario = new Scenario(this.#random, versions, this.#ledgers);
  }

  async run(batches: number): Promise<void> {
    if (this.#random.chance(0.9)) for (const log of this.#logs) this.#append(log, this.#first());
    for (let batch = 0; batch < batches; batch += 1) {
      this.#write(1 + this.#random.below(10));
      for (const partition of this.#stores.keys()) await this.#advance(partition);
    }
    await Promise.all(this.#stores.map((store) => store.close()));
  }

  #first(): Written[] {
    return [this.#scenario.activation()];
  }

  /** Time goes on, in jumps of seconds to weeks, and senders write to their partitions' logs. */
  #write(messages: number): void {
    for (let i = 0; i < messages; i += 1) {
      this.#passTime();
      if (this.#random.chance(0.04)) this.#toAll(() => this.#scenario.tick(this.#now));
      if (this.#random.chance(0.02)) this.#toAll(() => this.#scenario.activation());
      const written = this.#scenario.next(this.#now);
      this.#append(this.#logOf(written), [written]);
    }
  }

  /** Mostly by chance; now and then to the very instant at which time changes somebody. */
  #passTime(): void {
    const jump = pickOf(this.#random, [1, 1, 1_000, HOUR, 20 * HOUR, 200 * HOUR]);
    this.#now += this.#random.below(jump);
    if (!this.#random.chance(0.1)) return;
    const dues = this.#ledgers.flatMap(({ members }) => [...members.values()].map(dueOf));
    const soon = dues.filter((due) => due > this.#now && due < this.#now + 1_000 * HOUR);
    if (soon.length > 0) this.#now = pickOf(this.#random, soon) - this.#random.below(2);
  }

  #toAll(make: () => Written): void {
    for (const log of this.#logs) this.#append(log, [make()]);
  }

  #logOf(written: Written): Sent[] {
    const sender = written.kind === 'malformed' ? written['sent'] : written;
    const key = must(partitionKey(Object(sender)), 'a transaction with a key');
    return must(this.#logs[partitionOf(key, this.#logs.length)], 'a partition has its log');
  }

  /** One transaction a message, or with the message before it in one envelope. */
  #append(log: Sent[], written: readonly Written[]): void {
    const json = written.map(jsonOf);
    const text = JSON.stringify(json.length === 1 && this.#random.chance(0.9) ? json[0] : json);
    const message: LogMessage = {
      sequence: log.length + 1,
      storedAt: this.#now,
      format: 'json',
      answer: true,
      data: Buffer.from(text),
    };
    log.push({ message, written });
  }

  /** Applies what is new of a partition's log, in batches, with whatever goes wrong on the way. */
  async #advance(partition: number): Promise<void> {
    const log = must(this.#logs[partition], 'a partition has its log');
    for (;;) {
      const store = this.#storeOf(partition);
      const done = store.meta().source.sequence;
      if (done === log.length) return;
      const next = log.slice(done, done + 1 + this.#random.below(9));
      const again = this.#random.chance(0.1) ? log.slice(Math.max(0, done - 3), done) : [];
      if (this.#random.chance(0.05)) {
        // The process dies before the write: nothing of this batch has happened.
        this.#apply(partition, next);
        await this.#crash(partition);
        continue;
      }
      const applied = this.#apply(partition, [...again, ...next]);
      store.write(applied.writes);
      this.#compare(partition, [...again, ...next], applied);
      if (this.#random.chance(0.05)) await this.#crash(partition);
      compareStore(this.#ledgerOf(partition), this.#storeOf(partition));
    }
  }

  #storeOf(partition: number): PartitionStore {
    return must(this.#stores[partition], 'a partition has its store');
  }

  #ledgerOf(partition: number): SlowLedger {
    return must(this.#ledgers[partition], 'a partition has its ledger');
  }

  async #crash(partition: number): Promise<void> {
    this.crashes += 1;
    this.#stores[partition] = await this.#open.reopen(this.#storeOf(partition));
  }

  #apply(partition: number, sent: readonly Sent[]): AppliedBatch {
    const trees = {
      usable: (hash: string) => this.#trees.has(hash),
      treeOf: (hash: string) => must(this.#trees.get(hash), 'an unusable version was used'),
    };
    const messages = sent.map(({ message }) => message);
    return applyBatch(this.#storeOf(partition), trees, { messages, source: LIFE });
  }

  #compare(partition: number, sent: readonly Sent[], applied: AppliedBatch): void {
    const ledger = this.#ledgerOf(partition);
    for (const [place, { message, written }] of sent.entries()) {
      const folded = applied.messages[place]?.folded ?? [];
      if (folded.length !== written.length) throw new Difference('answers', written, folded);
      for (const [position, transaction] of written.entries()) {
        const one = must(folded[position], 'every transaction was folded');
        compareAnswer(ledger.fold(transaction, message.storedAt, decidedBy(one)), one);
      }
    }
  }
}

/** What goes over the wire. */
function jsonOf(written: Written): object {
  if (written.kind !== 'malformed') return written;
  return { ...Object(written['sent']), id: written.id };
}

/** What the arbitration said, which the slow ledger takes as told. */
function decidedBy({ record }: Folded): Decided {
  const { outcome } = record;
  return outcome.status === 'rejected' ? { refused: outcome.reason } : outcome.decision;
}

/** Runs the campaign of a seed; a failure names the seed that shows it. */
export async function campaign(seed: number, stores: Stores, batches: number): Promise<Campaign> {
  const one = new Campaign(seed, stores);
  try {
    await one.run(batches);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the ledgers differ: run it again with SEED=${seed}\n${why}`, { cause: error });
  }
  return one;
}
