import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EVERYWHERE, type Role } from '../../ops/access/roles.ts';
import { verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from './access-store.ts';
import { Accounts, type From } from './accounts.ts';
import { Administration } from './administration.ts';
import { Gatekeeper, SESSION_COOKIE, SESSION_LIMITS, userActor } from './gatekeeper.ts';

/** People, their passwords and sessions, over a real store. */

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const PASSWORD = 'seven quiet otters at dusk';
const HOME: From = { address: '10.0.0.7', agent: 'Firefox' };
const ELSEWHERE: From = { address: '203.0.113.9', agent: 'curl' };

let folder: string;
let store: AccessStore;
let now: number;
let accounts: Accounts;
let keeper: Gatekeeper;
let administration: Administration;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-accounts-'));
  store = new AccessStore(folder);
  now = NOW;
  const clock = () => now;
  keeper = new Gatekeeper(store, { now: clock });
  administration = new Administration(store, 'local:root', clock);
  accounts = new Accounts({
    store,
    now: clock,
    refused: (user, action, reason) =>
      keeper.refused({ id: userActor(user), role: 'viewer' }, action, { reason }),
  });
});

afterEach(async () => {
  expect(verifyChain(store.rows(), store.head())).toMatchObject({ ok: true });
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function invite(id: string, role: Role = 'viewer'): string {
  const made = administration.createUser(id, { name: id, role, scope: EVERYWHERE });
  if (!made.ok) throw new Error(made.why);
  return made.link;
}

async function member(id: string, role: Role = 'viewer') {
  const begun = await accounts.redeem({ link: invite(id, role), password: PASSWORD, from: HOME });
  if (!begun.ok) throw new Error(begun.why);
  return begun;
}

const cookie = (text: string) => ({ cookie: `${SESSION_COOKIE}=${text}` });
const login = (user: string, password: string, from: From = HOME) =>
  accounts.login({ user, password, from });
const lastRow = () => [...store.rows(store.head().sequence)][0];

describe('a one-time link', () => {
  test('lets its holder choose a password and logs them in', async () => {
    const { text, session } = await member('ann', 'author');
    expect(keeper.enter(cookie(text))).toMatchObject({
      ok: true,
      actor: { id: 'user:ann', role: 'author' },
    });
    expect(lastRow()).toMatchObject({
      actor: 'user:ann',
      action: 'user.welcome',
      detail: { session: session.id },
    });
  });

  test('works once', async () => {
    const link = invite('ann');
    await accounts.redeem({ link, password: PASSWORD, from: HOME });
    const again = await accounts.redeem({ link, password: 'other words entirely', from: HOME });
    expect(again).toEqual({ ok: false, why: 'wrong' });
    expect(await login('ann', PASSWORD)).toMatchObject({ ok: true });
  });

  test('works once when two use it at the same instant', async () => {
    const link = invite('ann');
    const both = await Promise.all(
      [PASSWORD, 'other words entirely'].map((password) =>
        accounts.redeem({ link, password, from: HOME }),
      ),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('is over after a day', async () => {
    const link = invite('ann');
    now += 24 * HOUR;
    expect(await accounts.redeem({ link, password: PASSWORD, from: HOME })).toMatchObject({
      why: 'wrong',
    });
  });

  test('is not in the store', async () => {
    const [, secret = ''] = invite('ann').split('/');
    expect(JSON.stringify(store.users())).not.toContain(secret);
    const { text } = await member('bob');
    expect(JSON.stringify([store.sessions(), store.users()])).not.toContain(text.slice(18));
  });

  test('does not take a password that everybody would try', async () => {
    const link = invite('ann');
    const refused = await accounts.redeem({ link, password: 'password1234', from: HOME });
    expect(refused).toEqual({ ok: false, why: 'password-too-common' });
    const taken = await accounts.redeem({ link, password: PASSWORD, from: HOME });
    expect(taken).toMatchObject({ ok: true });
  });

  test('of the first administrator is made once', () => {
    expect(administration.createFirst('admin')).toMatchObject({ ok: true });
    expect(administration.createFirst('admin')).toEqual({ ok: false, why: 'exists' });
    expect(administration.createFirst('other')).toEqual({ ok: false, why: 'exists' });
  });
});

describe('logging in', () => {
  test('answers the same for a wrong password, nobody, and somebody disabled', async () => {
    await member('ann');
    await member('bob');
    administration.changeUser('bob', { grant: undefined, disabled: true });
    const answers = [
      await login('ann', 'not my password at all'),
      await login('nobody', PASSWORD),
      await login('bob', PASSWORD),
      await login('__proto__', PASSWORD),
    ];
    for (const answer of answers) expect(answer).toEqual({ ok: false, why: 'wrong' });
  });

  test('is noted, and so is every failure of somebody we know', async () => {
    await member('ann');
    await login('ann', 'not my password at all');
    expect(lastRow()).toMatchObject({
      actor: 'user:ann',
      action: 'session.begin',
      outcome: 'refused',
      detail: { reason: 'password' },
    });
    await login('ann', PASSWORD);
    expect(lastRow()).toMatchObject({ action: 'session.begin', outcome: 'done' });
  });

  test('begins a new session and leaves the one before', async () => {
    const first = await member('ann');
    const second = await login('ann', PASSWORD, { ...HOME, before: first.session });
    if (!second.ok) throw new Error(second.why);
    expect(second.text).not.toBe(first.text);
    expect(keeper.enter(cookie(first.text))).toEqual({ ok: false, why: 'bad-token' });
    expect(keeper.enter(cookie(second.text))).toMatchObject({ ok: true });
  });

  test('ends the oldest of more than ten sessions', async () => {
    const first = await member('ann');
    for (let round = 0; round < 10; round += 1) {
      now += 1_000;
      await login('ann', PASSWORD);
    }
    expect(store.sessions('ann')).toHaveLength(10);
    expect(keeper.enter(cookie(first.text))).toMatchObject({ ok: false });
  });
});

describe('guessing at a password', () => {
  test('gets slower for an account, whoever guesses from wherever', async () => {
    await member('ann');
    const answers: unknown[] = [];
    for (let round = 0; round < 12; round += 1) {
      const from = { ...ELSEWHERE, address: `203.0.113.${round}` };
      answers.push(await login('ann', 'not my password at all', from));
    }
    expect(answers.slice(0, 10)).toEqual(Array(10).fill({ ok: false, why: 'wrong' }));
    expect(answers[10]).toMatchObject({ ok: false, why: 'throttled', waitMs: 30_000 });
  });

  test('does not keep the administrator out, neither at home nor for good', async () => {
    await member('ann', 'administrator');
    for (let round = 0; round < 12; round += 1) {
      await login('ann', 'not my password at all', ELSEWHERE);
    }
    expect(await login('ann', PASSWORD, ELSEWHERE)).toMatchObject({ why: 'throttled' });
    expect(await login('ann', PASSWORD, HOME)).toMatchObject({ ok: true });
    now += 30_000;
    expect(await login('ann', PASSWORD, ELSEWHERE)).toMatchObject({ ok: true });
  });

  test('is told the same of users that do not exist', async () => {
    for (let round = 0; round < 10; round += 1) await login('nobody', PASSWORD, ELSEWHERE);
    expect(await login('nobody', PASSWORD, ELSEWHERE)).toMatchObject({ why: 'throttled' });
  });

  test('gets slower for an address that tries many accounts', async () => {
    for (let round = 0; round < 30; round += 1) await login(`u-${round}`, 'x', ELSEWHERE);
    expect(await login('u-99', 'x', ELSEWHERE)).toMatchObject({ why: 'throttled' });
  });
});

describe('a session', () => {
  test('is over when it was idle for too long', async () => {
    const { text } = await member('ann');
    now += SESSION_LIMITS.idleMs - 1;
    expect(keeper.enter(cookie(text))).toMatchObject({ ok: true });
    now += SESSION_LIMITS.idleMs - 1;
    expect(keeper.enter(cookie(text))).toMatchObject({ ok: true });
    now += SESSION_LIMITS.idleMs;
    expect(keeper.enter(cookie(text))).toEqual({ ok: false, why: 'bad-token' });
    expect(lastRow()).toMatchObject({ action: 'access.enter', detail: { reason: 'expired' } });
  });

  test('is over at last, however busy it was', async () => {
    const { text } = await member('ann');
    const end = now + SESSION_LIMITS.absoluteMs;
    for (; now < end; now += 20 * 60_000) {
      expect(keeper.enter(cookie(text))).toMatchObject({ ok: true });
    }
    expect(keeper.enter(cookie(text))).toMatchObject({ ok: false });
    administration.dropOld(SESSION_LIMITS);
    expect(store.sessions()).toEqual([]);
  });

  test('ends with the account, and with a reset', async () => {
    await member('boss', 'administrator');
    for (const end of [
      () => administration.changeUser('ann', { grant: undefined, disabled: true }),
      () => administration.resetUser('bob'),
      () => administration.endSessions('cid'),
    ]) {
      const names = ['ann', 'bob', 'cid'];
      const who = names.find((name) => store.user(name) === undefined) ?? '';
      const { text } = await member(who);
      end();
      expect(keeper.enter(cookie(text))).toMatchObject({ ok: false });
    }
  });

  test('shows what its user may do now, not when it began', async () => {
    const { text } = await member('ann', 'author');
    const grant = { name: 'ann', role: 'viewer', scope: EVERYWHERE } as const;
    administration.changeUser('ann', { grant, disabled: undefined });
    expect(keeper.enter(cookie(text))).toMatchObject({ actor: { role: 'viewer' } });
  });
});

describe('a changed password', () => {
  test('ends all other sessions', async () => {
    const here = await member('ann');
    const there = await login('ann', PASSWORD, ELSEWHERE);
    if (!there.ok) throw new Error(there.why);
    const changed = await accounts.changePassword({
      user: 'ann',
      current: PASSWORD,
      password: 'a heron over grey water',
      from: { ...HOME, before: here.session },
    });
    if (!changed.ok) throw new Error(changed.why);
    for (const old of [here, there]) expect(keeper.enter(cookie(old.text)).ok).toBe(false);
    expect(keeper.enter(cookie(changed.text)).ok).toBe(true);
    expect(await login('ann', PASSWORD)).toMatchObject({ why: 'wrong' });
  });

  test('needs the one before', async () => {
    await member('ann');
    const wrong = { user: 'ann', current: 'no', password: 'a heron over grey water', from: HOME };
    expect(await accounts.changePassword(wrong)).toEqual({ ok: false, why: 'wrong' });
  });
});

test('somebody is always left who can manage access', async () => {
  await member('ann', 'administrator');
  const demoted = { name: 'ann', role: 'viewer', scope: EVERYWHERE } as const;
  const last = { ok: false, why: 'last-administrator' };
  expect(administration.changeUser('ann', { grant: undefined, disabled: true })).toEqual(last);
  expect(administration.changeUser('ann', { grant: demoted, disabled: undefined })).toEqual(last);
  await member('bob', 'administrator');
  expect(administration.changeUser('ann', { grant: demoted, disabled: undefined })).toMatchObject({
    ok: true,
  });
});

test('an area brings its stores, the ones of today', () => {
  administration.setArea({ name: 'north', stores: ['s-1', 's-2'] });
  const scope = { stores: ['s-9'], areas: ['north', 'gone'], partners: 'all' } as const;
  const made = administration.createToken({ name: 'gateway', role: 'till', scope }, 1);
  if (!made.ok) throw new Error(made.why);
  const stores = () => {
    const entry = keeper.enter({ authorization: `Bearer ${made.text}` });
    return entry.ok ? entry.actor.scope.stores : undefined;
  };
  expect(stores()).toEqual(['s-9', 's-1', 's-2']);
  administration.setArea({ name: 'north', stores: ['s-3'] });
  expect(stores()).toEqual(['s-9', 's-3']);
  administration.setArea({ name: 'north', stores: [] });
  expect(stores()).toEqual(['s-9']);
});
