/** Who wants to pass, and how it goes on once it may; it is given what it has to hand back. */
export type Passer = (pass: Pass) => void;

/** A place in the gate, taken since an instant of `performance.now()`. */
export interface Pass {
  readonly since: number;
}

/**
 * A place is given up after this: its envelope waits for something that others need not wait for,
 * such as a processor that is being started again.
 */
export const HELD_MILLISECONDS_MAX = 100;

/**
 * Lets a few lanes of a client send at a time, each one envelope, in the order in which they came.
 * An envelope costs the log, the processor and the disk nearly the same whether it holds one
 * transaction or ten, so what arrives while others are out is better gathered than sent alone.
 * When it is quiet nobody waits.
 */
export class Gate {
  readonly #places: number;
  /** Lanes that have an envelope out, the oldest first. */
  readonly #out = new Map<Passer, Pass>();
  readonly #waiting = new Set<Passer>();
  #timer: NodeJS.Timeout | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  /** Lanes that wait for a place. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls the lane as soon as there is a place for it. */
  enter(lane: Passer): void {
    this.#waiting.add(lane);
    this.#admit();
  }

  /** The answer has come. A place that was given up meanwhile is no place any more. */
  leave(lane: Passer, pass: Pass): void {
    if (this.#out.get(lane) === pass) this.#out.delete(lane);
    this.#admit();
  }

  #admit(): void {
    for (const lane of this.#waiting) {
      if (this.#out.size >= this.#places) break;
      // What it has now goes together with what comes until it is back.
      if (this.#out.has(lane)) continue;
      this.#waiting.delete(lane);
      const pass = { since: performance.now() };
      this.#out.set(lane, pass);
      lane(pass);
    }
    if (this.#waiting.size > 0) this.#watch();
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    const [oldest] = this.#out.values();
    const since = oldest?.since ?? performance.now();
    const left = Math.max(1, since + HELD_MILLISECONDS_MAX - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#release();
      this.#admit();
    }, left);
    this.#timer.unref();
  }

  #release(): void {
    const latest = performance.now() - HELD_MILLISECONDS_MAX;
    for (const [lane, { since }] of this.#out) {
      if (since > latest) break;
      this.#out.delete(lane);
    }
  }
}
