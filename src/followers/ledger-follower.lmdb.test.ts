import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cursors } from '../store/cursors.ts';
import { LedgerFollower, type Letters } from './ledger-follower.ts';

let folder: string;
let cursors: Cursors;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-follower-'));
  cursors = new Cursors(folder);
});

afterEach(async () => {
  await cursors.close();
  rmSync(folder, { recursive: true });
});

const letter = (text: string): Uint8Array => new TextEncoder().encode(text);

test('what the ledger grows by while it is read at the start is published too', async () => {
  const published: string[] = [];
  const ledger: Letters[] = [];
  const looks: PromiseWithResolvers<void>[] = [];
  const follower = new LedgerFollower(
    {
      publish: async (_, bytes) => {
        published.push(new TextDecoder().decode(bytes));
      },
      // A look sees what there is when it begins, and takes its time.
      scan: async (_, after) => {
        const found = ledger.find(({ through }) => through > after);
        const look = Promise.withResolvers<void>();
        looks.push(look);
        await look.promise;
        return found;
      },
      onError: (error) => expect.fail(String(error)),
    },
    { name: 'test', cursors, saveMilliseconds: 60_000, partitions: [0] },
  );
  follower.start();
  const grown = { through: 7, letters: [letter('seven')] };
  ledger.push(grown);
  follower.follow(0, grown);
  for (let look = 0; look < 3; look += 1) {
    looks[look]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(published).toEqual(['seven']);
  follower.follow(0, { through: 8, letters: [letter('eight')] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(published).toEqual(['seven', 'eight']);
  await follower.stop();
  expect(cursors.get('test', 0)).toBe(8);
});
