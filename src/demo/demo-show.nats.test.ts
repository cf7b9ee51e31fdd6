import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { publishDocument } from '../rules/publish-document.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { startDemoShow } from './demo-show.ts';

let scratch: ScratchProcessor;
let folder = '';

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  folder = await mkdtemp(join(tmpdir(), 'arbiter-show-'));
  const sample = new URL('../samples/coalition.yaml', import.meta.url);
  const published = await publishDocument(scratch.processor.registry, {
    document: parse(await readFile(sample, 'utf8')),
    author: 'test',
    note: 'demo',
    partitions: scratch.partitions,
  });
  expect(published.ok).toBe(true);
});

afterAll(async () => {
  await scratch.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the demo sends what the processor accepts, and a second run goes on', async () => {
  const first = await runUntil(600);
  const second = await runUntil(600);
  for (const { unexpected, accepted, currencies } of [first, second]) {
    expect(unexpected).toEqual([]);
    expect(accepted).toBeGreaterThanOrEqual(600);
    expect(currencies).toEqual(new Set(['KZT', 'UZS']));
  }
});

async function runUntil(enough: number) {
  const unexpected: unknown[] = [];
  const currencies = new Set<string>();
  let accepted = 0;
  const show = await startDemoShow({
    submit: async (transactions) => {
      const outcomes = await scratch.client.submit(transactions);
      outcomes.forEach((outcome, index) => {
        const { kind, currency } = (transactions[index] ?? {}) as Record<string, unknown>;
        // Whatever is spoiled is a checkout; returns, cancels and enrolments have to go through.
        if (outcome.status === 'rejected' && kind !== 'checkout' && kind !== 'purchase') {
          if (typeof transactions[index] === 'object') unexpected.push([kind, outcome]);
        }
        if (outcome.reason === 'wrong-currency' || outcome.reason === 'unknown-member') {
          unexpected.push([kind, outcome]);
        }
        if (outcome.status !== 'accepted') return;
        accepted += 1;
        if (typeof currency === 'string') currencies.add(currency);
      });
      return outcomes;
    },
    lags: () => ({ stream: undefined, sink: undefined }),
    folder,
    perSecond: 500,
    terminal: { write: () => true },
    addresses: {
      http: 'http://127.0.0.1:1',
      clickhouse: 'http://127.0.0.1:2',
      database: 'arbiter',
      nats: scratch.nats.url,
      metrics: 'http://127.0.0.1:1/metrics',
    },
  });
  while (accepted < enough) await new Promise((resolve) => setTimeout(resolve, 20));
  await show.stop();
  return { unexpected, accepted, currencies };
}
