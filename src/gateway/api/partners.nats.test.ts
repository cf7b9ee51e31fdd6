import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchApi, type Sent } from '../../testing/scratch-api.ts';

/** What the people of a partner see of the rule sets, by every way there is. */

let api: ScratchApi;
let ours: Sent;
let theirs: Sent;
let author: Sent;
let operator: Sent;

const NOTE = 'rival pays seven';
const give = (percent: number) => ({ list: [{ discount: { percent } }] });

beforeAll(async () => {
  api = await ScratchApi.start();
  [author, operator] = [api.holder('author'), api.holder('operator')];
  await put('partner/rival', { id: 'rival', reward: { percent: 77 } });
  await put('place/r-1', { id: 'r-1', kind: 'store', parent: 'north', partner: 'rival' });
  await put('promotion/for-shop', {
    promotion: 'for-shop',
    when: { partner: { is: 'shop' } },
    benefits: give(4),
  });
  await put('promotion/for-rival', {
    promotion: 'for-rival',
    when: { partner: { is: 'rival' } },
    benefits: give(5),
  });
  await put('promotion/at-rival', {
    promotion: 'at-rival',
    regions: { in: ['r-1'] },
    benefits: give(6),
  });
  const applied = await api.ask('POST /activations', {
    ...operator,
    body: { act: 'apply', note: NOTE },
  });
  expect(applied.status, applied.text).toBe(201);
  const due = '2099-01-01T00:00:00Z';
  await api.ask('POST /schedules', { ...operator, body: { version: 2, due, note: NOTE } });
  const approver = api.holder('approver');
  await api.ask('POST /rule-sets/2/approvals', { ...approver, body: { note: NOTE } });
  // What is unapplied: of everybody something.
  for (const name of ['for-shop', 'for-rival', 'at-rival']) {
    await api.ask(`POST /working-copy/nodes/promotion/${name}/deactivate`, { ...author, body: {} });
  }
  ours = api.holder('partner', { partners: ['shop'] });
  theirs = api.holder('viewer', { partners: ['rival'] });
});

afterAll(async () => {
  await api?.stop();
});

async function put(path: string, content: object): Promise<void> {
  const headers = { 'if-none-match': '*' };
  const url = `PUT /working-copy/nodes/${path}`;
  const made = await api.ask(url, { ...author, headers, body: { content } });
  expect(made.status, made.text).toBe(201);
}

test.each([
  '/rule-sets',
  '/rule-sets/current',
  '/rule-sets/2',
  '/rule-sets/2/document',
  '/rule-sets/working/document',
  '/rule-sets/1/diff?to=2',
  '/rule-sets/2/diff?to=working',
  '/rule-sets/2/counts',
  '/rule-sets/2/approvals',
  '/active',
  '/activations',
  '/activations/2',
  '/schedules',
  '/schedules/1',
  '/working-copy',
  '/working-copy/document',
  '/working-copy/nodes',
  '/working-copy/nodes?kind=partner',
  '/working-copy/nodes/promotion/for-shop',
])('a partner reads %s, and nothing in it is of others', async (path) => {
  for (const accept of ['application/json', 'application/yaml, application/json;q=0.5']) {
    const answer = await api.ask(`GET ${path}`, { ...ours, headers: { accept } });
    expect(answer.status, answer.text).toBe(200);
    for (const name of ['rival', 'r-1', 'token:', NOTE, '"percent":77']) {
      expect(answer.text).not.toContain(name);
    }
  }
});

test('each partner sees its own part', async () => {
  const own = await api.ask('GET /rule-sets/current/document', ours);
  for (const name of ['for-shop', 'toys-10', '"s-1"']) expect(own.text).toContain(name);
  const other = await api.ask('GET /rule-sets/current/document', theirs);
  for (const name of ['for-rival', 'at-rival', '"r-1"', '77']) expect(other.text).toContain(name);
  for (const name of ['for-shop', '"s-1"', '"s-2"']) expect(other.text).not.toContain(name);
  expect(own.headers['etag']).not.toBe(other.headers['etag']);
  expect(own.headers['vary']).toContain('cookie');
  const diff = await api.ask('GET /rule-sets/current/diff', ours);
  expect(diff.body.changes).toEqual(['promotion for-shop: state added: inactive']);
  const counts = await api.ask('GET /rule-sets/current/counts', theirs);
  expect(counts.body).toMatchObject({ promotions: 4, active: 4 });
});

test.each([
  'GET /working-copy/nodes/promotion/for-rival',
  'GET /working-copy/nodes/partner/rival',
  'GET /working-copy/nodes/place/r-1',
])('%s is not there for another partner', async (line) => {
  const answer = await api.ask(line, ours);
  expect(answer.body).toMatchObject({ status: 404, code: 'unknown-node' });
});

test.each([
  ['GET /rule-sets/2/check', undefined],
  ['POST /rule-set-checks', { document: {} }],
  ['POST /tests', {}],
  ['POST /rule-sets', { document: {} }],
  ['POST /rule-sets/2/approvals', {}],
  ['POST /activations', { act: 'apply' }],
  ['POST /schedules', { version: 1, due: '2099-01-01T00:00:00Z' }],
  ['POST /regions/north/launch', { campaigns: [] }],
  ['PUT /working-copy/document', {}],
  ['POST /working-copy/revert', {}],
  ['POST /working-copy/nodes/promotion/for-shop/end', {}],
  ['DELETE /working-copy/nodes/promotion/for-shop', undefined],
])('%s is not for partners, whatever their role allows', async (line, body) => {
  for (const role of ['partner', 'author', 'operator', 'approver', 'viewer'] as const) {
    const who = api.holder(role, { partners: ['shop'] });
    const sent = body === undefined ? who : { ...who, body };
    const answer = await api.ask(line, { ...sent, headers: { 'if-match': '*' } });
    expect(answer.status, `${role}: ${answer.text}`).toBe(403);
    const row = api.rows().at(-1);
    expect(row).toMatchObject({ actor: who.id, outcome: 'refused' });
  }
});

test('a conflict between edits of others is not told', async () => {
  const headers = { 'if-match': '*' };
  const body = {
    content: { promotion: 'for-rival', when: { partner: { is: 'rival' } }, benefits: give(9) },
  };
  await api.ask('PUT /working-copy/nodes/promotion/for-rival', { ...author, headers, body });
  const stop = { act: 'stop', promotion: 'for-rival' };
  expect((await api.ask('POST /activations', { ...operator, body: stop })).status).toBe(201);
  const told = await api.ask('GET /working-copy', author);
  expect(told.body.conflicts).toEqual(['promotion for-rival']);
  for (const path of ['/working-copy', '/working-copy/document', '/rule-sets/current/diff']) {
    const answer = await api.ask(`GET ${path}`, ours);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('rival');
  }
});
