import { build, type Histogram } from 'hdr-histogram-js';

/** An outcome as far as the demo looks at it; whatever is missing counts as nothing. */
export interface SeenOutcome {
  readonly status: string;
  readonly reason?: string;
  readonly lines?: unknown;
  readonly delivery?: unknown;
  readonly points?: unknown;
}

export interface PointsTotal {
  readonly type: string;
  readonly issued: number;
  readonly redeemed: number;
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** What was measured since the meter was made; rates and latencies of the last window. */
export interface Measured {
  readonly accepted: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly perSecond: number;
  /** Milliseconds from when a transaction was due to its durable outcome. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly points: readonly PointsTotal[];
  readonly rejections: readonly Counted[];
  /** Promotions by the number of checkouts they had a part in. */
  readonly campaigns: readonly Counted[];
}

/** Different reasons or promotions that are counted; more are counted as `others`. */
export const NAMES_COUNTED_MAX = 10_000;
const HIGHEST_LATENCY_MS = 3_600_000;

/** Adds up outcomes as they arrive. `window` starts anew with each reading. */
export class Meter {
  #accepted = 0;
  #repeated = 0;
  #rejected = 0;
  #windowCount = 0;
  readonly #latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_LATENCY_MS * 1_000,
    numberOfSignificantValueDigits: 2,
  });
  readonly #points = new Map<string, { issued: number; redeemed: number }>();
  readonly #rejections = new Map<string, number>();
  readonly #campaigns = new Map<string, number>();

  see(outcome: SeenOutcome, latencyMs: number): void {
    this.#windowCount += 1;
    this.#latency.recordValue(Math.max(1, Math.round(latencyMs * 1_000)));
    if (outcome.status === 'rejected') {
      this.#rejected += 1;
      count(this.#rejections, outcome.reason ?? 'no-reason-given');
    } else if (outcome.status === 'exists') this.#repeated += 1;
    else this.#seeAccepted(outcome);
  }

  /** The figures up to now; the next window starts. `seconds` is how long this one was. */
  read(seconds: number): Measured {
    const percentile = (share: number) =>
      this.#windowCount === 0 ? 0 : this.#latency.getValueAtPercentile(share) / 1_000;
    const measured: Measured = {
      accepted: this.#accepted,
      repeated: this.#repeated,
      rejected: this.#rejected,
      perSecond: seconds > 0 ? this.#windowCount / seconds : 0,
      latency: { p50: percentile(50), p95: percentile(95), p99: percentile(99) },
      points: [...this.#points].map(([type, { issued, redeemed }]) => ({ type, issued, redeemed })),
      rejections: mostFirst(this.#rejections),
      campaigns: mostFirst(this.#campaigns),
    };
    this.#windowCount = 0;
    this.#latency.reset();
    return measured;
  }

  #seeAccepted(outcome: SeenOutcome): void {
    this.#accepted += 1;
    for (const row of objectsIn(outcome.points)) this.#seePoints(row);
    const promotions = new Set<string>();
    for (const part of [...objectsIn(outcome.lines), ...objectsIn([outcome.delivery])]) {
      for (const { promotion } of objectsIn(part['awards'])) {
        if (typeof promotion === 'string') promotions.add(promotion);
      }
    }
    for (const promotion of promotions) count(this.#campaigns, promotion);
  }

  #seePoints(row: Readonly<Record<string, unknown>>): void {
    const type = String(row['type']);
    const totals = this.#points.get(type) ?? { issued: 0, redeemed: 0 };
    totals.issued += numberIn(row['accrued']) + numberIn(row['pending']);
    totals.redeemed += numberIn(row['redeemed']);
    this.#points.set(type, totals);
  }
}

function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === 'object' && each !== null);
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < NAMES_COUNTED_MAX ? name : 'others';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): Counted[] {
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, count: value }));
}
