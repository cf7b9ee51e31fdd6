/** Samples kept at most; when full, every second one goes, which only coarsens the past. */
const SAMPLES_MAX = 512;
/** Advances closer together than this share a sample. */
const SAMPLE_MS = 100;

interface Sample {
  /** Records in all partitions by then. */
  total: number;
  readonly at: number;
}

/** Remembers when the ledger had grown how far, to say how old the oldest unsent record is. */
export class Lag {
  #samples: Sample[] = [];

  /** The ledger holds `total` records at `now` (milliseconds). */
  observe(total: number, now: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && total <= last.total) return;
    if (last !== undefined && now - last.at < SAMPLE_MS) {
      last.total = total;
      return;
    }
    if (this.#samples.length === SAMPLES_MAX) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    }
    this.#samples.push({ total, at: now });
  }

  /** Seconds since the first record behind `sent` became durable; 0 when all are sent. */
  seconds(sent: number, now: number): number {
    const behind = this.#samples.findIndex(({ total }) => total > sent);
    if (behind > 0) this.#samples.splice(0, behind);
    if (behind < 0) this.#samples.length = 0;
    const oldest = this.#samples[0];
    return oldest === undefined ? 0 : Math.max(0, now - oldest.at) / 1_000;
  }
}
