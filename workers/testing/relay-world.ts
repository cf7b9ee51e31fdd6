import { must } from '../../core/assert.ts';
import { readMember } from '../../core/layout/member.ts';
import type { TreeSource } from '../../core/ledger/batch-state.ts';
import { balance, pendingPoints } from '../../core/ledger/lots.ts';
import type { Member } from '../../core/ledger/member.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { OUTGOING_PREFIX, type Outgoing, readOutgoing } from '../../core/ledger/registry.ts';
import { type Carried, relayedOf, relayOf } from '../../core/ledger/relay/carry.ts';
import { entriesOf } from '../../core/ledger/transfer.ts';
import { type OutcomeJson, renderExisting, renderOutcome } from '../../core/outcome/render.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { applyBatch } from '../batch/apply-batch.ts';
import { ledgerOf } from '../store/block-reading.ts';
import { MemoryStore } from '../store/memory-store.ts';

const LIFE = { epoch: 1, created: 'made up' };
const START = Date.UTC(2026, 0, 1);
const STEP_MILLISECONDS = 1_013;

/** Numbers of a seed. */
export interface Chance {
  readonly below: (limit: number) => number;
  readonly chance: (odds: number) => boolean;
}

/**
 * A deployment of several partitions with a carrier of relays that may die anywhere: it sends a
 * relay again, loses its answer, or brings the answer twice. Whatever it does, nothing may be
 * lost or doubled.
 */
export class RelayWorld {
  readonly stores: readonly MemoryStore[];
  readonly #trees: TreeSource;
  readonly #random: Chance;
  #now = START;
  readonly #next: number[];

  constructor(partitions: number, trees: TreeSource, random: Chance) {
    this.stores = Array.from({ length: partitions }, (_, p) => new MemoryStore(p, partitions));
    this.#next = this.stores.map(() => 1);
    this.#trees = trees;
    this.#random = random;
    const activation = { kind: 'activation', version: 1, hash: 'h', author: 'a', note: '' };
    for (const p of this.stores.keys()) this.#apply(p, { id: `activation/${p}`, ...activation });
  }

  /** Sends a transaction to the partition of its key and gives the outcome. */
  send(transaction: Readonly<Record<string, unknown>>): OutcomeJson {
    const key = partitionKey(transaction) ?? '';
    return this.#apply(partitionOf(key, this.stores.length), transaction);
  }

  /** Time goes by, and every partition hears of it. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const at = new Date(this.#now).toISOString();
    for (const p of this.stores.keys()) this.#apply(p, { id: `tick/${p}/${at}`, kind: 'tick', at });
  }

  #apply(partition: number, transaction: Readonly<Record<string, unknown>>): OutcomeJson {
    const store = must(this.stores[partition], 'a partition has its store');
    const sequence = this.#next[partition] ?? 1;
    this.#next[partition] = sequence + 1;
    this.#now += STEP_MILLISECONDS;
    const data = Buffer.from(JSON.stringify(transaction));
    const about = { store: '', format: 'json', answer: true, storedAt: this.#now } as const;
    const messages = [{ ...about, sequence, data }];
    const applied = applyBatch(store, this.#trees, { messages, source: LIFE });
    store.write(applied.writes);
    const folded = must(applied.messages[0]?.folded[0], 'one message was applied');
    if (folded.kind === 'waits') throw new Error('nothing waits for a lease here');
    const { outcome } = folded.record;
    return folded.kind === 'exists' ? renderExisting(outcome) : renderOutcome(outcome);
  }

  get outgoing(): readonly Outgoing[] {
    return this.stores.flatMap((store) =>
      store.registeredFrom(OUTGOING_PREFIX, 1_000).map(([, bytes]) => readOutgoing(bytes)),
    );
  }

  /** One move of the carrier, which may die at any point of it. */
  carry(): void {
    const waiting = this.outgoing;
    const outgoing = waiting[this.#random.below(waiting.length)];
    if (!outgoing || this.#random.chance(0.1)) return;
    const answer = this.#carried(relayOf(outgoing));
    if (this.#random.chance(0.2)) return;
    this.#carried(relayedOf(outgoing, { status: answer['status'], ...answer }));
  }

  #carried({ transaction }: Carried): OutcomeJson {
    const first = this.send(transaction);
    if (!this.#random.chance(0.2)) return first;
    const again = this.send(transaction);
    if (again['status'] !== 'exists') throw new Error('a relay was applied twice');
    return again;
  }

  /** Carries until nothing is under way. */
  settle(): void {
    for (let moves = 0; this.outgoing.length > 0; moves += 1) {
      if (moves > 10_000) throw new Error('relays never come to an end');
      this.carry();
    }
  }

  member(id: string): Member | undefined {
    const bytes = this.stores[partitionOf(id, this.stores.length)]?.member(id);
    return bytes && readMember(bytes);
  }

  records(): LedgerRecord[] {
    return this.stores.flatMap((store) => [...ledgerOf(store)]);
  }

  /** The sum of an account's entries over all partitions. */
  sumOf(account: string): number {
    let sum = 0;
    for (const { transfers } of this.records()) {
      for (const entry of transfers.flatMap(entriesOf)) {
        if (entry.account === account) sum += entry.amount;
      }
    }
    return sum;
  }

  /** What a member owns, spendable or promised. */
  owned(id: string): number {
    const account = this.member(id)?.accounts.get('main');
    return account ? balance(account) + pendingPoints(account) : 0;
  }
}
