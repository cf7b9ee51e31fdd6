import { must } from '../../core/assert.ts';
import type { Format } from './format.ts';
import type { Gate, Pass } from './gate.ts';
import type { Outcome } from './outcome.ts';

/** One transaction on its way, already encoded. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly format: Format;
  /** When its sender stops waiting, by `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** Parcels that go as one message. */
export interface Load {
  readonly format: Format;
  readonly parts: readonly Uint8Array[];
  /** The earliest of its parcels. */
  readonly deadline: number;
}

export interface LaneOptions {
  /** Envelopes of this lane that may wait for their answer at the same time. */
  readonly depth: number;
  readonly maxTransactions: number;
  readonly maxBytes: number;
  /** Says when the lane may send its next envelope; without it, as soon as its depth allows. */
  readonly gate?: Gate | undefined;
  readonly send: (load: Load) => Promise<readonly Outcome[]>;
}

/**
 * The way to one partition. Parcels that arrive in the same turn of the event loop go together,
 * and while `depth` envelopes are out, the next one gathers all that arrives. So envelopes are
 * one when it is quiet and full under load, with no timer to tune; parcels never overtake each
 * other on their way out.
 */
export class Lane {
  readonly #options: LaneOptions;
  #queue: Parcel[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Parcels that were not sent yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  add(parcel: Parcel): void {
    this.#queue.push(parcel);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#options.depth) return;
    this.#scheduled = true;
    setImmediate(() => {
      if (this.#options.gate) return this.#options.gate.enter(this.#pass);
      this.#scheduled = false;
      this.#sendWaiting();
    });
  }

  #sendWaiting(): void {
    while (this.#queue.length > 0 && this.#inFlight < this.#options.depth) this.#sendEnvelope();
  }

  readonly #pass = (pass: Pass): void => {
    this.#scheduled = false;
    this.#sendEnvelope(pass);
    if (this.#queue.length > 0) this.#schedule();
  };

  #sendEnvelope(pass?: Pass): void {
    const parcels = this.#queue.splice(0, this.#countForEnvelope());
    this.#inFlight += 1;
    void this.#deliver(parcels).then((settle) => {
      this.#inFlight -= 1;
      // Others go on before anybody is answered, which takes its time.
      if (pass) this.#options.gate?.leave(this.#pass, pass);
      if (this.#queue.length > 0) this.#schedule();
      settle();
    });
  }

  /** How many from the head fit into one envelope: one format, within the limits, at least 1. */
  #countForEnvelope(): number {
    const { maxTransactions, maxBytes } = this.#options;
    const format = this.#queue[0]?.format;
    // Brackets of the array, then a comma or nothing for each.
    let bytes = 3;
    let count = 0;
    for (const parcel of this.#queue) {
      bytes += parcel.bytes.length + 1;
      if (count > 0 && (bytes > maxBytes || parcel.format !== format)) break;
      count += 1;
      if (count === maxTransactions) break;
    }
    return count;
  }

  /** Sends the parcels; what it resolves with tells their senders what became of them. */
  async #deliver(parcels: readonly Parcel[]): Promise<() => void> {
    // Parcels wait in the order of their arrival, so the first is the most urgent.
    const { format, deadline } = must(parcels[0], 'an envelope has a parcel');
    try {
      const parts = parcels.map((parcel) => parcel.bytes);
      const outcomes = await this.#options.send({ format, parts, deadline });
      return () => {
        for (const [index, parcel] of parcels.entries()) {
          const outcome = outcomes[index];
          if (outcome !== undefined) parcel.resolve(outcome);
        }
      };
    } catch (error) {
      return () => {
        for (const parcel of parcels) parcel.reject(error);
      };
    }
  }
}
