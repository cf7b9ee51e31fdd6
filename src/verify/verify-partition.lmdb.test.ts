import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { must } from '../../core/assert.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { readMember, writeMember } from '../../core/layout/member.ts';
import { belongingsDue } from '../../core/ledger/belongings.ts';
import { type Member, memberDue } from '../../core/ledger/member.ts';
import { belongingsKey } from '../../core/ledger/registry.ts';
import { dueName } from '../../core/ledger/state-reader.ts';
import { points } from '../../core/money/units.ts';
import { partitionFolder } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { type BatchWrites, NO_CHANGES } from '../../workers/store/partition-store.ts';
import { Campaign } from '../../workers/testing/slow-ledger/campaign.ts';
import { verifyPartition } from './verify-partition.ts';

vi.setConfig({ testTimeout: 300_000 });

const SEED = 14;
const BATCHES = 50;

let folder: string;
let store: LmdbStore;

/** A ledger with something of everything, as a campaign leaves it. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-verify-'));
  const open = (partition: number, partitions: number): LmdbStore =>
    new LmdbStore({ path: join(folder, partitionFolder(partition)), partition, partitions });
  let partitions = 1;
  const campaign = new Campaign(SEED, {
    open: (partition, count) => {
      partitions = count;
      return open(partition, count);
    },
    reopen: async (before) => {
      const { partition } = before.meta();
      await before.close();
      return open(partition, partitions);
    },
  });
  await campaign.run(BATCHES);
  store = open(0, partitions);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function violations(): string[] {
  return verifyPartition(store).violations.map(({ what }) => what);
}

/** Writes past the ledger, as nobody but a test should. */
function damage(writes: Partial<BatchWrites>): void {
  store.write({ ...NO_CHANGES, meta: store.meta(), ...writes });
}

function firstMember(suits: (member: Member) => boolean): Member {
  const all = [...store.members()].map((bytes) => readMember(bytes));
  return must(all.find(suits), 'the campaign left no such member');
}

function damageMember(member: Member): void {
  const writer = new ByteWriter();
  writeMember(writer, member);
  damage({ members: [[member.id, writer.copy()]] });
}

test('what a campaign leaves behind is whole', () => {
  expect(violations()).toEqual([]);
});

test('a lot that is there twice is found, by its name and by the entries', () => {
  const lotsOf = ({ accounts }: Member) =>
    [...accounts.values()].filter((it) => it.lots.length > 0);
  const rich = firstMember((member) => lotsOf(member).length > 0);
  const account = must(lotsOf(rich)[0], 'an account with lots');
  account.lots = [must(account.lots[0], 'a lot'), ...account.lots];
  damageMember(rich);
  const found = violations();
  expect(found).toContainEqual(expect.stringMatching(/the lot .* of [a-z]+ is there twice/));
  expect(found).toContainEqual(
    expect.stringMatching(/holds \d+ [a-z]+ but its entries sum to \d+/),
  );
});

test('a member that no tick will find is found', () => {
  const waiting = firstMember((member) => memberDue(member) !== undefined);
  const dueAt = must(memberDue(waiting), 'it is due some time');
  damage({ dueRemoved: [{ member: waiting.id, dueAt }] });
  expect(violations()).toEqual([
    `no tick will find ${waiting.id} when time changes it`,
    expect.stringMatching(/the due index has \d+ entries where \d+ are due/),
  ]);
});

test('a hold that keeps nothing is found', () => {
  const member = firstMember(() => true);
  const held = { type: 'main', promotion: '', acceptor: undefined, issuer: '' };
  const lot = { ...held, expiresAt: undefined, earnedAt: member.enrolledAt };
  const keeps = [{ ...lot, points: points(0) }];
  const hold = { id: 'never-made', until: member.enrolledAt, points: keeps, usage: [] };
  damageMember({ ...member, holds: [...member.holds, hold] });
  expect(violations()).toContainEqual(expect.stringMatching(/the hold never-made keeps 0 main/));
});

test('what a merged member took along, and no tick will let go of, is found', () => {
  const merged = firstMember(({ id }) => store.registered(belongingsKey(id)) !== undefined);
  const { standing } = merged;
  if (standing.kind !== 'merged') throw new Error('belongings of nobody who was merged');
  const dueAt = belongingsDue(standing.at);
  damage({ dueRemoved: [{ member: dueName(belongingsKey(merged.id)), dueAt }] });
  expect(violations()).toEqual([
    `no tick will let go of what ${merged.id} took along`,
    expect.stringMatching(/the due index has \d+ entries where \d+ are due/),
  ]);
});
