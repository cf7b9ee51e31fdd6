import { Random } from '../../../core/testing/random.ts';
import { dueOf } from './book.ts';
import { ComparedLedger, type Faults, type Stores } from './compared-ledger.ts';
import { lastUnmerge } from './merging.ts';
import { pickOf, randomDocuments, withoutBudgets } from './random-programme.ts';
import { Scenario } from './scenario.ts';

const START = Date.UTC(2026, 0, 30, 12);
const HOUR = 3_600_000;
const MEMBERS = 9;
const ROUNDS_MAX = 60;

/**
 * One campaign: a random programme and random transactions, in batches that are cut, lost,
 * repeated and interrupted. Its seed is all of it.
 */
export class Campaign {
  readonly compared: ComparedLedger;
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #faults: Faults;
  #now = START;

  /**
   * `alone`: what happens in a partition can be told from its own ledger. Members have no cards
   * and are not merged, and of several partitions none shares a budget.
   */
  constructor(seed: number, stores: Stores, { alone } = { alone: false }) {
    const random = new Random(seed);
    this.#random = random;
    const partitions = random.chance(0.6) ? 1 : 2 + random.below(2);
    const all = randomDocuments(random, { versions: 1 + random.below(3) });
    const documents = alone && partitions > 1 ? all.map(withoutBudgets) : all;
    this.compared = new ComparedLedger(documents, partitions, stores);
    this.#scenario = new Scenario(random, this.compared, { members: MEMBERS, merges: !alone });
    this.#faults = {
      cut: () => 1 + random.below(9),
      again: () => (random.chance(0.1) ? 1 + random.below(3) : 0),
      dies: () => random.chance(0.04),
    };
  }

  async run(batches: number): Promise<void> {
    if (this.#random.chance(0.9)) this.#activate();
    for (let batch = 0; batch < batches; batch += 1) {
      this.#write(1 + this.#random.below(10));
      await this.compared.advance(this.#faults);
      this.compared.carry(this.#now, () => this.#random.chance(0.6));
      const sends = () => this.#random.chance(0.8);
      this.compared.post(this.#now, sends, () => this.#random.chance(0.05));
    }
    await this.#settleRelays();
    await this.compared.close();
  }

  /** Nothing may stay under way once everybody is there to carry it. */
  async #settleRelays(): Promise<void> {
    this.#activate();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      await this.compared.advance(this.#faults);
      const relays = this.compared.carry(this.#now, () => true);
      const never = () => false;
      const letters = this.compared.post(this.#now, () => true, never);
      if (relays + letters + this.compared.waiting === 0 && this.compared.isRead) {
        this.compared.compareBudgets();
        return;
      }
      // Whoever waits too long is decided with what is there.
      if (round % 5 === 4) this.#now += 3_000;
      if (round % 5 === 4) this.compared.sendToAll(() => this.#scenario.tick(this.#now), this.#now);
    }
    throw new Error('relays and letters go round and round');
  }

  /** Time goes on, and senders write to their partitions' logs. */
  #write(messages: number): void {
    for (let i = 0; i < messages; i += 1) {
      this.#passTime();
      if (this.#random.chance(0.04)) {
        this.compared.sendToAll(() => this.#scenario.tick(this.#now), this.#now);
      }
      if (this.#random.chance(0.02)) this.#activate();
      const written = this.#scenario.next(this.#now);
      this.compared.send(written, this.#now, this.#random.chance(0.2));
    }
  }

  #activate(): void {
    this.compared.sendToAll(() => this.#scenario.activation(), this.#now);
  }

  /** Mostly by chance; now and then to the very instant at which time changes somebody. */
  #passTime(): void {
    const short = pickOf(this.#random, [1, 1, 1_000, 60_000, HOUR, HOUR, 20 * HOUR]);
    const jump = this.#random.chance(0.04) ? 500 * HOUR : short;
    this.#now += this.#random.below(jump);
    if (!this.#random.chance(0.1)) return;
    const { ledgers } = this.compared;
    const members = ledgers.flatMap((ledger) => [...ledger.members.values()]);
    const dues = [...members.map(dueOf), ...members.map(lastUnmerge)];
    const soon = dues.filter((due) => due > this.#now && due < this.#now + 1_000 * HOUR);
    if (soon.length > 0) this.#now = pickOf(this.#random, soon) + 1 - this.#random.below(3);
  }
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
