import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assigned, EVERYWHERE, type Role } from '../../ops/access/roles.ts';
import { newToken } from '../../ops/access/tokens.ts';
import { verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from '../access/access-store.ts';
import { Administration } from '../access/administration.ts';
import { Gatekeeper } from '../access/gatekeeper.ts';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { clientPorts } from './client-ports.ts';
import { createGateway } from './gateway.ts';

/** The gateway where it asks for tokens, over a real processor. */

const storesOnly = (...stores: string[]): Assigned => ({ ...EVERYWHERE, stores });
const folder = mkdtempSync(join(tmpdir(), 'arbiter-guard-'));
let scratch: ScratchProcessor;
let store: AccessStore;
let app: FastifyInstance;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  store = new AccessStore(folder);
  const { client, metrics } = scratch;
  const transactions = async () => ({ transactions: [], next: undefined });
  const parts = { client, metrics, health: new Health(), transactions, answerSeconds: 20 };
  app = await createGateway(clientPorts(parts), {
    bodyBytes: 65_536,
    requestSeconds: 20,
    logger: createLogger({ level: 'silent' }),
    keeper: new Gatekeeper(store),
  });
  await scratch.client.submit([{ id: 'enrol/ada', kind: 'enrol', member: 'ada' }]);
});

afterAll(async () => {
  await app?.close();
  await scratch?.stop();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

function holderOf(role: Role, scope: Assigned = EVERYWHERE): { text: string; actor: string } {
  const createdAt = Date.now();
  const { token, text } = newToken({
    name: role,
    role,
    scope,
    createdAt,
    expiresAt: createdAt + 60_000,
  });
  const event = { at: createdAt, actor: 'local:test', action: 'tokens.create', detail: {} };
  store.putToken(token, { ...event, object: token.id, outcome: 'done' });
  return { text, actor: `token:${token.id}` };
}

async function request(
  method: 'GET' | 'POST',
  url: string,
  more: InjectOptions & { token?: string },
) {
  const { token, ...rest } = more;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  const answer = await app.inject({ method, url, headers, ...rest });
  return { status: answer.statusCode, body: answer.json() };
}

const post = (url: string, body: object, token?: string) =>
  request('POST', url, {
    payload: JSON.stringify(body),
    ...(token === undefined ? {} : { token }),
  });

let next = 0;
function checkout(shop: string) {
  next += 1;
  const lines = [{ sku: 'MILK', quantity: 1, price: 130 }];
  return { id: `g-${next}`, member: 'ada', store: shop, lines };
}

const lastRow = () => [...store.rows(store.head().sequence)][0];

describe('a caller without a token', () => {
  test.each([
    ['POST', '/v1/checkouts'],
    ['POST', '/v1/quotes'],
    ['POST', '/v1/transactions'],
    ['GET', '/v1/members/ada'],
    ['GET', '/v1/members/ada/transactions'],
    ['GET', '/metrics'],
  ] as const)('gets nothing of %s %s', async (method, url) => {
    const answer = await request(method, url, method === 'POST' ? { payload: '{}' } : {});
    expect(answer).toMatchObject({ status: 401, body: { code: 'token-missing' } });
  });

  test('gets nothing by asking for the head alone, nor by other methods', async () => {
    for (const method of ['HEAD', 'PUT', 'OPTIONS'] as const) {
      const answer = await app.inject({ method, url: '/v1/members/ada' });
      expect([401, 404]).toContain(answer.statusCode);
    }
    const documented = await app.inject({ method: 'HEAD', url: '/v1/members/ada' });
    expect(documented.statusCode).toBe(401);
  });

  test('still learns whether we are healthy', async () => {
    const answer = await app.inject({ method: 'GET', url: '/healthz' });
    expect(answer.statusCode).toBe(200);
  });
});

test('a made-up token is not told apart from a revoked one', async () => {
  const { text } = holderOf('viewer');
  const id = text.split('_')[1] ?? '';
  const token = store.token(id);
  if (token === undefined) throw new Error('the token was not kept');
  const event = { at: 1, actor: 'local:test', action: 'tokens.revoke', object: id, detail: {} };
  store.putToken({ ...token, revokedAt: 1 }, { ...event, outcome: 'done' });
  const madeUp = `arb_${'a'.repeat(12)}_${'b'.repeat(43)}`;
  for (const one of [text, madeUp]) {
    const answer = await request('GET', '/v1/members/ada', { token: one });
    expect(answer).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  }
});

describe('a till of one store', () => {
  test('sells for its store', async () => {
    const { text } = holderOf('till', storesOnly('s-1'));
    const answer = await post('/v1/checkouts', checkout('s-1'), text);
    expect(answer).toMatchObject({ status: 200, body: { status: 'accepted' } });
    const quote = await post('/v1/quotes', checkout('s-1'), text);
    expect(quote).toMatchObject({ status: 200, body: { status: 'accepted' } });
  });

  test('is refused by the processor what it says of another store', async () => {
    const { text } = holderOf('till', storesOnly('s-1'));
    const answer = await post('/v1/checkouts', checkout('s-2'), text);
    expect(answer).toMatchObject({ status: 422, body: { reason: 'not-your-store' } });
    const foreign = await post('/v1/checkouts', checkout('s-2'), holderOf('till').text);
    const cancel = { id: 'cancel-it', kind: 'cancel', member: 'ada', checkout: foreign.body.id };
    expect(await post('/v1/checkouts', cancel, text)).toMatchObject({
      status: 422,
      body: { reason: 'not-your-store' },
    });
  });

  test('may not adjust points', async () => {
    const { text, actor } = holderOf('till');
    const adjust = { id: 'gift', kind: 'adjust', member: 'ada', type: 'main', amount: 500 };
    const answer = await post('/v1/transactions', adjust, text);
    expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(lastRow()).toMatchObject({ actor, action: 'points.adjust', outcome: 'refused' });
  });
});

test('a caller for several stores names one of them', async () => {
  const { text } = holderOf('till', storesOnly('s-1', 's-2'));
  expect(await post('/v1/checkouts', checkout('s-2'), text)).toMatchObject({ status: 200 });
  const both = [checkout('s-1'), checkout('s-2')];
  expect(await post('/v1/checkouts', both, text)).toMatchObject({
    body: { code: 'store-unclear' },
  });
  expect(await post('/v1/checkouts', checkout('s-9'), text)).toMatchObject({ status: 403 });
});

test('a caller for an area speaks for its stores, the ones of today', async () => {
  const area = { name: 'north', stores: ['s-1'] };
  new Administration(store, 'local:test').setArea(area);
  const { text } = holderOf('till', { stores: [], areas: ['north'], partners: 'all' });
  expect(await post('/v1/checkouts', checkout('s-1'), text)).toMatchObject({ status: 200 });
  expect(await post('/v1/checkouts', checkout('s-9'), text)).toMatchObject({ status: 422 });
  new Administration(store, 'local:test').setArea({ ...area, stores: ['s-9', 's-8'] });
  expect(await post('/v1/checkouts', checkout('s-1'), text)).toMatchObject({ status: 403 });
});

test('a caller for a partner sells for no other, not even a line', async () => {
  const { text, actor } = holderOf('till', { ...EVERYWHERE, partners: ['shop'] });
  const own = { ...checkout('s-1'), partner: 'shop' };
  expect(await post('/v1/checkouts', own, text)).toMatchObject({ status: 200 });
  const unclear = await post('/v1/checkouts', checkout('s-1'), text);
  expect(unclear).toMatchObject({ status: 403, body: { code: 'partner-unclear' } });
  const foreign = { ...checkout('s-1'), partner: 'shop' };
  const lines = [{ sku: 'MILK', quantity: 1, price: 130, partner: 'rival' }];
  for (const one of [
    { ...foreign, partner: 'rival' },
    { ...foreign, lines },
  ]) {
    expect(await post('/v1/checkouts', one, text)).toMatchObject({ status: 403 });
    const detail = { reason: 'partner', partner: 'rival' };
    expect(lastRow()).toMatchObject({ actor, outcome: 'refused', detail });
  }
});

test('a recorded request that is sent again moves nothing twice', async () => {
  const { text } = holderOf('till');
  const sale = checkout('s-1');
  const first = await post('/v1/checkouts', sale, text);
  const again = await post('/v1/checkouts', sale, text);
  expect(again.body.points).toEqual(first.body.points);
  const other = { ...sale, lines: [{ sku: 'MILK', quantity: 9, price: 130 }] };
  expect(await post('/v1/checkouts', other, text)).toMatchObject({
    status: 422,
    body: { reason: 'transaction-id-reused' },
  });
});

test('a viewer looks and changes nothing', async () => {
  const { text } = holderOf('viewer');
  expect(await request('GET', '/v1/members/ada', { token: text })).toMatchObject({ status: 200 });
  expect(await post('/v1/checkouts', checkout('s-1'), text)).toMatchObject({ status: 403 });
  expect(await post('/v1/quotes', checkout('s-1'), text)).toMatchObject({ status: 403 });
});

test('who has some stores sees and moves nothing of the whole programme', async () => {
  const { text, actor } = holderOf('operator', storesOnly('s-1'));
  expect(await request('GET', '/metrics', { token: text })).toMatchObject({ status: 403 });
  const adjust = { id: 'gift-3', kind: 'adjust', member: 'ada', type: 'main', amount: 5 };
  expect(await post('/v1/transactions', adjust, text)).toMatchObject({ status: 403 });
  const detail = { reason: 'scope' };
  expect(lastRow()).toMatchObject({ actor, action: 'points.adjust', outcome: 'refused', detail });
  expect(await request('GET', '/v1/members/ada', { token: text })).toMatchObject({ status: 200 });
});

test('an operator adjusts points', async () => {
  const { text } = holderOf('operator');
  const adjust = { id: 'gift-2', kind: 'adjust', member: 'ada', type: 'main', amount: 5 };
  expect(await post('/v1/transactions', adjust, text)).toMatchObject({ status: 200 });
});

test('the audit list of all this is unbroken', () => {
  expect(verifyChain(store.rows(), store.head())).toMatchObject({ ok: true });
});
