import { expect, test } from 'vitest';
import { parseSteps, stepsBetween } from './step-times.ts';

const page = (fast: number, slow: number): string => `# HELP arbiter_batch_step_seconds …
arbiter_batch_step_seconds_bucket{le="0.001",step="queue"} ${fast}
arbiter_batch_step_seconds_bucket{le="0.05",step="queue"} ${fast + slow}
arbiter_batch_step_seconds_bucket{le="+Inf",step="queue"} ${fast + slow}
arbiter_batch_step_seconds_sum{step="queue"} 1
`;

test('tells the buckets that percentiles of the time between two readings fall into', () => {
  const figures = stepsBetween(parseSteps(page(500, 7)), parseSteps(page(595, 12)));
  expect(figures).toEqual([{ step: 'queue', batches: 100, p50: 1, p99: 50, max: 50 }]);
});

test('without anything between two readings there is nothing to tell', () => {
  const same = parseSteps(page(1, 1));
  expect(stepsBetween(same, same)).toEqual([{ step: 'queue', batches: 0, p50: 0, p99: 0, max: 0 }]);
});
