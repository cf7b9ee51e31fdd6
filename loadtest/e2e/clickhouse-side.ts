import type { RunningProcessor } from './deployment.ts';

const POLL_MS = 100;
const CATCH_UP_MS_MAX = 300_000;

/** Checkouts that analysts can see. */
export async function checkoutsInClickHouse(processor: RunningProcessor): Promise<number> {
  const query = "SELECT count() FROM arbiter.checkouts WHERE kind = 'checkout'";
  const response = await fetch(processor.clickhouseUrl, { method: 'POST', body: query });
  const text = await response.text();
  // Before the first block there is no table.
  if (response.status === 404) return 0;
  if (!response.ok) throw new Error(`ClickHouse: ${text}`);
  return Number(text);
}

/** Waits until ClickHouse holds so many checkouts. */
export async function untilInClickHouse(
  processor: RunningProcessor,
  checkouts: number,
): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS_MAX;
  while ((await checkoutsInClickHouse(processor)) < checkouts) {
    if (performance.now() > deadline) throw new Error('ClickHouse did not catch up in time');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The sum of a counter or gauge of the processor over its labels that match. */
export async function metric(processor: RunningProcessor, pattern: RegExp): Promise<number> {
  const text = await (await fetch(`${processor.httpUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => pattern.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
