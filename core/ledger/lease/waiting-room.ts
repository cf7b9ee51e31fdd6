import { must } from '../../assert.ts';
import { ByteWriter } from '../../layout/bytes.ts';
import { readWaiting, type WaitingCheckout, writeWaiting } from '../../layout/lease.ts';
import type { Instant } from '../../money/units.ts';
import { NOTHING } from './amounts.ts';
import type { BudgetBook, BudgetReader, CounterChange } from './budget-book.ts';
import { type Lease, PATIENCE_MILLISECONDS } from './lease.ts';

/** A checkout whose wait is over: it is folded again, where the log stands now. */
export interface Release extends WaitingCheckout {
  readonly digest: Uint8Array;
}

/**
 * Checkouts that need more of a budget than their partition's lease has. They lie durably in the
 * store and are folded again when the answer of the home partition comes, in their order, at the
 * answer's place in the log; so what they get depends on the log alone. All others pass by.
 */
export class WaitingRoom {
  /** Budgets that somebody waits for. */
  readonly budgets: Set<string>;
  readonly #reader: BudgetReader;
  readonly #book: BudgetBook;
  readonly #entries = new Map<string, Uint8Array | undefined>();
  readonly #released: string[] = [];

  constructor(reader: BudgetReader, book: BudgetBook, budgets: readonly string[]) {
    this.#reader = reader;
    this.#book = book;
    this.budgets = new Set(budgets);
  }

  /** The digest of a waiting checkout, by its id. */
  digestOf(id: string): Uint8Array | undefined {
    return this.budgets.size === 0 && this.#released.length === 0
      ? undefined
      : this.#get(idKey(id));
  }

  /** Takes a checkout in. */
  enter(budget: string, waiting: WaitingCheckout, digest: Uint8Array): void {
    const lease = must(this.#book.find(budget), 'a checkout waits for no lease');
    this.#entries.set(placeKey(budget, lease.next), bytesOf(waiting));
    this.#entries.set(idKey(waiting.transaction.id), digest);
    lease.next += 1;
    lease.since ??= waiting.acceptedAt;
    this.budgets.add(budget);
    this.#book.changed(lease);
  }

  /** Ends the wait of all that wait for a lease. */
  release(lease: Lease): void {
    for (let number = lease.first; number < lease.next; number += 1) {
      this.#released.push(placeKey(lease.budget, number));
    }
    lease.first = lease.next;
    lease.since = undefined;
    lease.short = NOTHING;
    this.budgets.delete(lease.budget);
    this.#book.changed(lease);
  }

  /** Ends the waits that have been too long. */
  losePatience(at: Instant): void {
    for (const budget of [...this.budgets].sort()) {
      const lease = must(this.#book.find(budget), 'a checkout waits for no lease');
      if (lease.since === undefined || lease.since + PATIENCE_MILLISECONDS > at) continue;
      lease.unanswered = true;
      this.release(lease);
    }
  }

  /** The next checkout to fold again; it is out of the room with that. */
  next(): Release | undefined {
    const key = this.#released.shift();
    if (key === undefined) return undefined;
    const waiting = readWaiting(must(this.#get(key), 'a waiting checkout is gone'));
    const byId = idKey(waiting.transaction.id);
    const digest = must(this.#get(byId), 'a waiting checkout without its digest');
    this.#entries.set(key, undefined);
    this.#entries.set(byId, undefined);
    return { ...waiting, digest };
  }

  changes(): CounterChange[] {
    return [...this.#entries];
  }

  #get(key: string): Uint8Array | undefined {
    return this.#entries.has(key) ? this.#entries.get(key) : this.#reader.counter(key);
  }
}

const placeKey = (budget: string, number: number): string => `w|${number}|${budget}`;
const idKey = (id: string): string => `k|${id}`;

const scratch = new ByteWriter(4096);

function bytesOf(waiting: WaitingCheckout): Uint8Array {
  scratch.reset();
  writeWaiting(scratch, waiting);
  return scratch.copy();
}
