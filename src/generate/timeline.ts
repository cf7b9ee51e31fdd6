import { BUSINESSES, HABITS } from './business.ts';
import { Random } from './random.ts';

const HOUR_MS = 3_600_000;
/** The coalition's two countries keep the same time. */
const UTC_OFFSET_HOURS = 5;

export interface TimelineOptions {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Checkouts on an average day. */
  readonly perDay: number;
}

/**
 * Instants of checkouts as a day has them: quiet nights, a small peak at noon, the large one
 * after work. For history that is made in one go; live traffic uses the clock. Without end.
 */
export function* timeline(options: TimelineOptions): Generator<number> {
  const random = new Random(options.seed);
  const weights = hourWeights();
  const busiest = Math.max(...weights);
  // Draws at the rate of the busiest hour; an hour with half its weight keeps half of them.
  const gap = (24 * HOUR_MS) / (options.perDay * busiest * 24);
  for (let at = options.from; ; ) {
    at += -Math.log(1 - random.unit()) * gap;
    const hour = Math.floor(at / HOUR_MS + UTC_OFFSET_HOURS) % 24;
    if (random.unit() * busiest < (weights[hour] ?? 0)) yield Math.floor(at);
  }
}

/** The share of a day's checkouts in each local hour. */
export function hourWeights(): number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    let weight = 0;
    for (const business of BUSINESSES) {
      const { share, hours } = HABITS[business];
      weight += (share * (hours[hour] ?? 0)) / hours.reduce((sum, each) => sum + each, 0);
    }
    return weight;
  });
}
