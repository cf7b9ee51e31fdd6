import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newToken } from '../../ops/access/tokens.ts';
import { type AuditRow, verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from './access-store.ts';
import { Gatekeeper } from './gatekeeper.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const event = { at: NOW, actor: 'local:ann', action: 'tokens.create', outcome: 'done' } as const;

let folder: string;
let store: AccessStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-access-'));
  store = new AccessStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(role: 'till' | 'viewer', expiresAt = NOW + DAY) {
  const scope = { stores: ['s-1'], areas: [], partners: 'all' } as const;
  const made = newToken({ name: 'till 7', role, scope, createdAt: NOW, expiresAt });
  store.putToken(made.token, { ...event, object: made.token.id, detail: { role } });
  return made;
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe('the access store', () => {
  test('keeps a token and its audit row over a restart', async () => {
    const { token } = create('till');
    await store.close();
    store = new AccessStore(folder);
    expect(store.token(token.id)).toEqual(token);
    expect([...store.rows()]).toMatchObject([{ sequence: 1, object: token.id }]);
    expect(verifyChain(store.rows(), store.head())).toEqual({ ok: true, rows: 1 });
  });

  test('is not made by somebody who only looks: a wrong folder must not look unbroken', () => {
    const nowhere = join(folder, 'nowhere');
    expect(() => AccessStore.existing(nowhere)).toThrow('there are no tokens and no audit list');
    expect(existsSync(nowhere)).toBe(false);
  });

  test('notices a row that somebody edited in the file', async () => {
    create('till');
    create('viewer');
    await store.close();
    const root = open({ path: folder, noSubdir: false, maxDbs: 4 });
    const audit = root.openDB<AuditRow, number>('audit', {
      encoding: 'json',
      keyEncoding: 'uint32',
    });
    const row = audit.get(1);
    if (row === undefined) throw new Error('there is no first row');
    await audit.put(1, { ...row, actor: 'local:bob' });
    await root.close();
    store = new AccessStore(folder);
    expect(verifyChain(store.rows(), store.head())).toMatchObject({
      ok: false,
      sequence: 1,
      problem: 'row 1 was changed',
    });
  });
});

describe('the gatekeeper', () => {
  test('knows the holder of a token', () => {
    const { token, text } = create('till');
    const keeper = new Gatekeeper(store, { now: () => NOW });
    expect(keeper.enter(bearer(text))).toEqual({
      ok: true,
      actor: {
        id: `token:${token.id}`,
        role: 'till',
        scope: { stores: ['s-1'], partners: 'all' },
      },
    });
  });

  test('lets nobody in without a token, or with another one', () => {
    const { text } = create('till');
    const keeper = new Gatekeeper(store, { now: () => NOW });
    expect(keeper.enter({})).toEqual({ ok: false, why: 'no-token' });
    expect(keeper.enter({ authorization: 'Basic YTpi' })).toEqual({ ok: false, why: 'no-token' });
    expect(keeper.enter(bearer(`${text.slice(0, -1)}!`))).toEqual({ ok: false, why: 'bad-token' });
    const changed = text.endsWith('A') ? `${text.slice(0, -1)}B` : `${text.slice(0, -1)}A`;
    expect(keeper.enter(bearer(changed))).toEqual({ ok: false, why: 'bad-token' });
  });

  test('turns away an expired token and a revoked one, and notes who came', () => {
    const expired = create('till', NOW);
    const revoked = create('till');
    store.putToken({ ...revoked.token, revokedAt: NOW }, { ...event, object: 'x', detail: {} });
    const keeper = new Gatekeeper(store, { now: () => NOW });
    for (const { text, token } of [expired, revoked]) {
      expect(keeper.enter(bearer(text))).toEqual({ ok: false, why: 'bad-token' });
      expect([...store.rows()].at(-1)).toMatchObject({
        actor: `token:${token.id}`,
        outcome: 'refused',
      });
    }
  });

  test('notes what a role may not do, and other stores', () => {
    const { text } = create('viewer');
    const keeper = new Gatekeeper(store, { now: () => NOW });
    const entry = keeper.enter(bearer(text));
    if (!entry.ok) throw new Error(entry.why);
    expect(keeper.allows(entry.actor, 'members.read')).toBe(true);
    expect(keeper.allows(entry.actor, 'points.adjust')).toBe(false);
    expect(keeper.reachesStore(entry.actor, 's-2')).toBe(false);
    expect([...store.rows(2)]).toMatchObject([
      { action: 'points.adjust', detail: { reason: 'role' } },
      { action: 'transactions.submit', detail: { reason: 'store', store: 's-2' } },
    ]);
  });

  test('does not let one caller fill the list', () => {
    const { text } = create('viewer');
    let now = NOW;
    const keeper = new Gatekeeper(store, { now: () => now });
    const entry = keeper.enter(bearer(text));
    if (!entry.ok) throw new Error(entry.why);
    for (let round = 0; round < 200; round += 1) keeper.allows(entry.actor, 'points.adjust');
    expect(store.head().sequence).toBe(61);
    now += 60_000;
    keeper.allows(entry.actor, 'points.adjust');
    expect(store.head().sequence).toBe(62);
    expect(verifyChain(store.rows(), store.head())).toEqual({ ok: true, rows: 62 });
  });
});
