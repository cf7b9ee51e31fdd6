import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerFollower } from '../followers/ledger-follower.ts';
import type { BatchReceipt, PartitionBatch } from '../pipeline/ports.ts';
import { Cursors } from '../store/cursors.ts';
import { LeaseService } from './lease-service.ts';

let folder: string;
let cursors: Cursors;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-lease-'));
  cursors = new Cursors(folder);
});

afterEach(async () => {
  await cursors.close();
  rmSync(folder, { recursive: true });
});

const NOTHING: BatchReceipt = {
  firstSequence: 1,
  ledgerSequence: 1,
  answers: [],
  deadLetters: [],
  leaseLetters: [],
  topUpLetters: [],
  released: false,
  waiting: false,
  open: { relays: 0, parked: 0 },
  budgets: [],
  endedBudgets: [],
  tallies: [],
  pointsIssued: 0,
  pointsRedeemed: 0,
  applyMilliseconds: 0,
  writeMilliseconds: 0,
};
const NO_MESSAGES: PartitionBatch = { partition: 0, messages: [] };

const asking = (answerTo: string): PartitionBatch['messages'][number] => ({
  sequence: 1,
  storedAt: 0,
  store: '',
  format: 'json',
  answer: true,
  data: new Uint8Array(0),
  answerTo,
});

test('what is released while answers are looked up is answered too', async () => {
  const answered: string[] = [];
  const decided = new Set<string>();
  const looks: PromiseWithResolvers<void>[] = [];
  const onError = (error: unknown): void => expect.fail(String(error));
  const courier = new LedgerFollower(
    { publish: async () => {}, scan: async () => undefined, onError },
    { name: 'courier', cursors, saveMilliseconds: 60_000, partitions: [0] },
  );
  const service = new LeaseService(
    {
      // A look sees what is decided when it begins, and takes its time.
      answers: async (_, messages) => {
        const found = messages.map(({ answerTo = '' }) =>
          decided.has(answerTo) ? new Uint8Array(1) : undefined,
        );
        const look = Promise.withResolvers<void>();
        looks.push(look);
        await look.promise;
        return found;
      },
      answer: (to) => answered.push(to),
      tick: async () => {},
      onError,
    },
    courier,
  );
  const messages = [asking('early'), asking('late')];
  service.settled({ partition: 0, messages }, { ...NOTHING, waiting: true });
  decided.add('early');
  service.settled(NO_MESSAGES, { ...NOTHING, waiting: true, released: true });
  decided.add('late');
  service.settled(NO_MESSAGES, { ...NOTHING, released: true });
  for (let look = 0; look < 3; look += 1) {
    looks[look]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(answered).toEqual(['early', 'late']);
  expect(service.held).toBe(0);
  await service.stop();
});
