import { expect, test } from 'vitest';
import type { TransactionJson } from '../generate/transaction-json.ts';
import {
  BATCH_LINES_MAX,
  BATCH_TRANSACTIONS_MAX,
  Lanes,
  type Submit,
  WAITING_TRANSACTIONS_MAX,
} from './lanes.ts';
import type { PlannedTransaction } from './plan-step.ts';

function checkout(id: string, member: string, lines = 1): PlannedTransaction {
  const transaction: TransactionJson = {
    id,
    kind: 'checkout',
    member,
    store: 's',
    channel: 'mail',
    occurredAt: '2011-01-10T10:00:00+00:00',
    lines: Array.from({ length: lines }, (_, index) => ({
      id: String(index + 1),
      sku: 'MUG',
      quantity: 1,
      price: 100,
    })),
  };
  return { transaction, tickets: [] };
}

/** Answers after a few turns of the event loop, a different number for each call. */
function slowSubmit(seen: { batches: string[][]; inFlight: number; inFlightMax: number }): Submit {
  return async (transactions) => {
    seen.inFlight += transactions.length;
    seen.inFlightMax = Math.max(seen.inFlightMax, seen.inFlight);
    seen.batches.push(transactions.map(({ id }) => id));
    for (let turn = 0; turn < 1 + (seen.batches.length % 5); turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    seen.inFlight -= transactions.length;
    return transactions.map(({ id }) => ({ id, status: 'accepted' }));
  };
}

test('a member is served in order, a batch only after the outcomes of the last', async () => {
  const seen = { batches: [] as string[][], inFlight: 0, inFlightMax: 0 };
  const settled: string[] = [];
  const lanes = new Lanes({
    submit: slowSubmit(seen),
    settle: (planned) => settled.push(planned.transaction.id),
  });
  for (let index = 0; index < 5_000; index += 1) {
    await lanes.push(checkout(`${index % 7}/${index}`, `m-${index % 7}`));
  }
  await lanes.drain();

  expect(settled).toHaveLength(5_000);
  for (const member of ['0', '1', '6']) {
    const mine = settled.filter((id) => id.startsWith(`${member}/`)).map((id) => id.slice(2));
    expect(mine).toEqual(mine.toSorted((a, b) => Number(a) - Number(b)));
  }
  expect(seen.inFlightMax).toBeLessThanOrEqual(7 * BATCH_TRANSACTIONS_MAX);
});

test('batches stay within their lines, but a large checkout is sent all the same', async () => {
  const seen = { batches: [] as string[][], inFlight: 0, inFlightMax: 0 };
  const lanes = new Lanes({ submit: slowSubmit(seen), settle: () => undefined });
  await lanes.push(checkout('a', 'm', BATCH_LINES_MAX + 1));
  await lanes.push(checkout('b', 'm', BATCH_LINES_MAX - 1));
  await lanes.push(checkout('c', 'm', 1));
  await lanes.push(checkout('d', 'm', 1));
  await lanes.drain();
  expect(seen.batches).toEqual([['a'], ['b', 'c'], ['d']]);
});

test('a fault of the client ends the replay instead of losing rows', async () => {
  const lanes = new Lanes({
    submit: () => Promise.reject(new Error('the server is gone')),
    settle: () => undefined,
  });
  await lanes.push(checkout('a', 'm'));
  await expect(lanes.drain()).rejects.toThrow('the server is gone');
  await expect(lanes.push(checkout('b', 'm'))).rejects.toThrow('the server is gone');
});

test('the plan waits while the processor is busy', async () => {
  let answer: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const lanes = new Lanes({
    submit: async (transactions) => {
      await gate;
      return transactions.map(({ id }) => ({ id, status: 'accepted' }));
    },
    settle: () => undefined,
  });
  for (let index = 0; index < WAITING_TRANSACTIONS_MAX - 1; index += 1) {
    await lanes.push(checkout(`c${index}`, `m${index}`));
  }
  let isTaken = false;
  const next = lanes.push(checkout('one too many', 'm')).then(() => {
    isTaken = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isTaken).toBe(false);
  answer();
  await next;
  await lanes.drain();
});
