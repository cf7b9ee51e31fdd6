import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchApi } from '../../testing/scratch-api.ts';

/** Members, transactions and the audit list over HTTP. */

let api: ScratchApi;

const LINES = [{ sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 }];

beforeAll(async () => {
  api = await ScratchApi.start();
  const till = api.holder('till');
  await api.scratch.client.submit([{ id: 'enrol/ada', kind: 'enrol', member: 'ada' }]);
  for (const store of ['s-1', 's-2']) {
    const body = { id: `sale/${store}`, member: 'ada', store, lines: LINES };
    const sale = await api.ask('POST /v1/checkouts', { ...till, body });
    expect(sale.status).toBe(200);
  }
});

afterAll(async () => {
  await api?.stop();
});

describe('a member', () => {
  test('is shown whole and in parts', async () => {
    const viewer = api.holder('viewer');
    const whole = await api.ask('GET /members/ada', viewer);
    expect(whole.body).toMatchObject({ id: 'ada', standing: 'open', checkouts: 2 });
    const points = await api.ask('GET /members/ada/points', viewer);
    expect(points.body.points).toMatchObject([{ type: 'main', available: 180 }]);
    expect(points.body.points[0]).not.toHaveProperty('lots');
    const lots = await api.ask('GET /members/ada/lots', viewer);
    expect(lots.body.lots[0].lots).toMatchObject([{ points: 180 }]);
    expect((await api.ask('GET /members/ada/tiers', viewer)).body).toEqual({
      id: 'ada',
      tiers: [],
    });
    const moved = await api.ask('GET /members/ada/transactions?limit=5', viewer);
    expect(moved.body).toEqual({ transactions: [], next: null });
    const soon = await api.ask('GET /members/ada/expiring?expiringWithin=P400D', viewer);
    expect(soon.body.expiring).toMatchObject([{ type: 'main', points: 180 }]);
  });

  test.each([
    ['/members/nobody', 404, 'unknown-member'],
    ['/members/ada?expiringWithin=soon', 400, 'invalid-request'],
    ['/members/ada/points?limit=3', 400, 'invalid-request'],
  ])('%s is %i', async (path, status, code) => {
    const answer = await api.ask(`GET ${path}`, api.holder('viewer'));
    expect(answer.body).toMatchObject({ status, code });
  });
});

describe('a transaction', () => {
  const sale = encodeURIComponent('sale/s-1');

  test('is shown with its decision', async () => {
    const answer = await api.ask(`GET /transactions/${sale}`, api.holder('viewer'));
    expect(answer.body).toMatchObject({
      id: 'sale/s-1',
      kind: 'checkout',
      member: 'ada',
      outcome: { status: 'accepted', totals: { payable: 9_000 } },
    });
  });

  test('of another store is not there', async () => {
    const local = api.holder('till', { stores: ['s-2'] });
    expect((await api.ask(`GET /transactions/${sale}`, local)).body).toMatchObject({
      status: 404,
      code: 'unknown-transaction',
    });
    const own = encodeURIComponent('sale/s-2');
    expect((await api.ask(`GET /transactions/${own}`, local)).status).toBe(200);
  });

  test('is decided again, byte by byte', async () => {
    const viewer = api.holder('viewer');
    const url = `POST /transactions/${sale}/replay`;
    const answer = await api.ask(url, { ...viewer, body: {} });
    expect(answer.body).toMatchObject({ isEqual: true, ruleSet: { version: 1 }, differences: [] });
    const unknown = await api.ask(url, { ...viewer, body: { version: '99' } });
    expect(unknown.body).toMatchObject({ status: 404, code: 'unknown-rule-set' });
    const nothing = await api.ask('POST /transactions/nothing/replay', { ...viewer, body: {} });
    expect(nothing.body).toMatchObject({ status: 404, code: 'unknown-transaction' });
  });

  test.each([
    'from=yesterday',
    'from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z',
    'limit=1000',
    'before=x',
    'status=odd',
    'sql=1',
  ])('is not looked for by %s', async (query) => {
    const answer = await api.ask(`GET /transactions?${query}`, api.holder('viewer'));
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  test('cannot be looked for while ClickHouse is away, and one is told so', async () => {
    for (const path of ['/transactions', '/rejections']) {
      const answer = await api.ask(`GET ${path}`, api.holder('viewer'));
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBeDefined();
    }
  });
});

describe('the audit list', () => {
  test('is read by pages by who may, and verified', async () => {
    const administrator = api.holder('administrator');
    const refused = await api.ask('GET /audit', api.holder('operator'));
    expect(refused.body).toMatchObject({ status: 403, code: 'not-allowed' });
    const first = await api.ask('GET /audit?limit=2', administrator);
    expect(first.body.rows).toHaveLength(2);
    expect(first.body.rows[0]).toMatchObject({ action: 'audit.read', outcome: 'refused' });
    const path = `GET /audit?limit=2&before=${first.body.next}`;
    const second = await api.ask(path, administrator);
    expect(second.body.rows[0].sequence).toBe(first.body.rows[1].sequence - 1);
    const some = await api.ask('GET /audit?action=tokens.&outcome=done', administrator);
    expect(some.body.rows.length).toBeGreaterThan(3);
    const actions = new Set(some.body.rows.map(({ action }: { action: string }) => action));
    expect(actions).toEqual(new Set(['tokens.create']));
    const verdict = await api.ask('GET /audit/verify', administrator);
    expect(verdict.body).toMatchObject({ ok: true, rows: api.store.head().sequence });
  });
});

test('every route is in the OpenAPI document', async () => {
  const answer = await api.ask('GET /openapi.json');
  const { paths } = answer.body;
  const routes = Object.keys(paths).filter((path) => path.startsWith('/api/v1/'));
  for (const path of [
    '/api/v1/rule-sets/{version}/document',
    '/api/v1/working-copy/nodes/{kind}/{id}/clone',
    '/api/v1/regions/{region}/launch',
    '/api/v1/transactions/{id}/replay',
    '/api/v1/audit/verify',
  ]) {
    expect(routes).toContain(path);
  }
});
