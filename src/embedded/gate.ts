/** Lets a bounded number of holders through and keeps a bounded number waiting, in order. */
export class Gate {
  readonly #openMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(limits: { readonly openMax: number; readonly waitingMax: number }) {
    this.#openMax = limits.openMax;
    this.#waitingMax = limits.waitingMax;
  }

  get open(): number {
    return this.#open;
  }

  /** Resolves to false at once when too many wait already. */
  async enter(): Promise<boolean> {
    if (this.#open < this.#openMax) {
      this.#open += 1;
      return true;
    }
    if (this.#waiting.length >= this.#waitingMax) return false;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return true;
  }

  /** Hands the place to the next in line, or frees it. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }
}
