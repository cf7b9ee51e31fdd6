import type { RunningProcessor } from './deployment.ts';

const HISTOGRAM = 'arbiter_batch_step_seconds';
const MILLISECONDS = 1_000;

/** Counts of a histogram's buckets by their upper bounds in milliseconds, each of its own. */
type Counts = ReadonlyMap<number, number>;
/** By the name of the step. */
export type StepCounts = ReadonlyMap<string, Counts>;

/** Milliseconds of one step; percentiles are upper bounds of the buckets they fall into. */
export interface StepFigures {
  readonly step: string;
  readonly batches: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Where batches spent their time so far, as the processor's metrics tell. */
export async function readSteps(processor: RunningProcessor): Promise<StepCounts> {
  return parseSteps(await (await fetch(`${processor.httpUrl}/metrics`)).text());
}

/** Takes the step histogram out of a page of metrics. */
export function parseSteps(text: string): StepCounts {
  const steps = new Map<string, Map<number, number>>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${HISTOGRAM}_bucket`)) continue;
    const le = /le="([^"]+)"/.exec(line)?.[1] ?? '';
    const step = /step="([^"]+)"/.exec(line)?.[1] ?? '';
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) * MILLISECONDS;
    const counts = steps.get(step) ?? new Map<number, number>();
    const upTo = Number(line.slice(line.lastIndexOf(' ') + 1));
    const below = [...counts.values()].reduce((sum, count) => sum + count, 0);
    // A bucket counts those below it too.
    counts.set(bound, upTo - below);
    steps.set(step, counts);
  }
  return steps;
}

/** What was counted between two readings. */
export function stepsBetween(before: StepCounts, after: StepCounts): StepFigures[] {
  return [...after].map(([step, counts]) => {
    const earlier = before.get(step);
    const own = [...counts].map(
      ([bound, count]) => [bound, count - (earlier?.get(bound) ?? 0)] as const,
    );
    const batches = own.reduce((sum, [, count]) => sum + count, 0);
    const at = (share: number): number => boundAt(own, batches * share);
    return { step, batches, p50: at(0.5), p99: at(0.99), max: at(1) };
  });
}

function boundAt(counts: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  for (const [bound, count] of counts) {
    seen += count;
    if (seen >= rank && seen > 0) return bound;
  }
  return 0;
}

/** One line: where the time goes, p50/p99 of each step. */
export function stepsLine(figures: readonly StepFigures[]): string {
  return figures.map(({ step, p50, p99 }) => `${step} ${p50}/${p99}`).join(', ');
}
