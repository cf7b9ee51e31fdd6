import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDemoShow } from './demo-show.ts';

const ADDRESSES = {
  http: 'http://127.0.0.1:1',
  clickhouse: 'http://127.0.0.1:2',
  database: 'arbiter',
  nats: 'nats://127.0.0.1:3',
  metrics: 'http://127.0.0.1:1/metrics',
};

test('a second show goes on with new receipts, and stopping waits for every outcome', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'arbiter-show-'));
  const checkouts = new Set<string>();
  let unanswered = 0;
  let repeated = 0;
  const written: string[] = [];

  const show = async () => {
    const enough = checkouts.size + 50;
    const { stop } = await startDemoShow({
      submit: async (transactions) => {
        unanswered += 1;
        await new Promise((resolve) => setImmediate(resolve));
        unanswered -= 1;
        return transactions.map((transaction) => {
          const { id, kind } = transaction as { id?: string; kind?: string };
          if (kind === 'checkout' && id !== undefined) {
            if (checkouts.has(id)) repeated += 1;
            checkouts.add(id);
          }
          return { status: 'accepted' };
        });
      },
      lags: () => ({ stream: 0, sink: undefined }),
      folder,
      perSecond: 2_000,
      terminal: { write: (text) => written.push(text) },
      addresses: ADDRESSES,
    });
    while (checkouts.size < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    await stop();
    expect(unanswered).toBe(0);
  };
  await show();
  await show();
  await rm(folder, { recursive: true });

  // Duplicates are sent on purpose, one in a hundred; anything like a restart from 1 is far more.
  expect(repeated).toBeLessThan(checkouts.size / 10);
  expect(written.join('')).toContain('What to try next');
  expect(written.join('')).toContain('accepted');
});
