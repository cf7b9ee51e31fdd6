import { afterAll, beforeAll, expect, test } from 'vitest';
import { Administration } from '../../access/administration.ts';
import { ScratchApi, type Sent } from '../../testing/scratch-api.ts';

/** Managers of areas apply what is theirs, independently of each other. */

let api: ScratchApi;
let author: Sent;
let north: Manager;
let south: Manager;

/** One area: who writes its campaigns, and who makes them current. */
interface Manager {
  readonly author: Sent;
  readonly operator: Sent & { readonly id: string };
}

beforeAll(async () => {
  api = await ScratchApi.start();
  author = api.holder('author');
  for (const [name, store] of [
    ['north', 's-1'],
    ['south', 's-2'],
  ] as const) {
    new Administration(api.store, 'local:test').setArea({ name, stores: [store] });
    await put(author, `only-${name}`, { regions: { in: [store] }, benefits: percent(10) });
  }
  await put(author, 'both', { regions: { in: ['s-1', 's-2'] }, benefits: percent(1) });
  const applied = await api.ask('POST /activations', { ...api.holder('operator'), body: APPLY });
  expect(applied.status).toBe(201);
  [north, south] = [manager('north'), manager('south')];
});

afterAll(async () => {
  await api?.stop();
});

const APPLY = { act: 'apply' };
const percent = (value: number) => ({ list: [{ discount: { percent: value } }] });
const manager = (area: string): Manager => {
  const scope = { stores: [], areas: [area] };
  return { author: api.holder('author', scope), operator: api.holder('operator', scope) };
};
const pathOf = (id: string) => `/working-copy/nodes/promotion/${id}`;

async function put(who: Sent, id: string, content: object, to = 'group main') {
  const there = await api.ask(`GET ${pathOf(id)}`, who);
  const headers =
    there.status === 404
      ? { 'if-none-match': '*' }
      : { 'if-match': String(there.headers['etag'] ?? '*') };
  const body = { content: { promotion: id, ...content }, ...(there.status === 404 ? { to } : {}) };
  const answer = await api.ask(`PUT ${pathOf(id)}`, { ...who, headers, body });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
}

const apply = (who: Sent, more: object = {}) =>
  api.ask('POST /activations', { ...who, body: { ...APPLY, ...more } });
const pending = async (): Promise<readonly string[]> =>
  (await api.ask('GET /working-copy', author)).body.changes;
const revert = () => api.ask('POST /working-copy/revert', { ...author, body: {} });

test('two managers of different areas apply at the same moment, and each gets their own', async () => {
  await put(north.author, 'only-north', { regions: { in: ['s-1'] }, benefits: percent(11) });
  await put(south.author, 'only-south', { regions: { in: ['s-2'] }, benefits: percent(12) });
  await put(author, 'both', { regions: { in: ['s-1', 's-2'] }, benefits: percent(2) });
  const both = await Promise.all([apply(north.operator), apply(south.operator)]);
  expect(both.map(({ body }) => body.changes ?? body)).toEqual([
    ['promotion only-north: benefit 1 discount percent 10 → 11'],
    ['promotion only-south: benefit 1 discount percent 10 → 12'],
  ]);
  const current = await api.ask('GET /rule-sets/current/diff?to=working', author);
  expect(current.body.nodes).toEqual(['promotion both']);
  expect(await pending()).toEqual(['promotion both: benefit 1 discount percent 1 → 2']);
});

test('what is applied for an area is in the audit list with the stores it was held to', async () => {
  const { id } = north.operator;
  const rows = api.rows().filter((row) => row.actor === id && row.action === 'rules.apply');
  expect(rows.map(({ outcome }) => outcome)).toEqual(['begun', 'done']);
  expect(rows[0]?.detail).toMatchObject({ stores: 's-1' });
  expect(rows[1]?.detail).toMatchObject({ changes: 1, nodes: 'promotion only-north' });
});

test('edits of others, and of what all share, stay pending', async () => {
  await put(author, 'new-everywhere', { benefits: percent(3) });
  await put(author, 'new-south', { regions: { in: ['s-2'] }, benefits: percent(3) });
  await put(author, 'new-north', { regions: { in: ['s-1'] }, benefits: percent(3) });
  const before = await pending();
  const applied = await apply(north.operator);
  expect(applied.body.changes).toEqual(['promotion new-north added to group main']);
  // A witness of a conflict would tell of campaigns of others.
  expect(applied.body).not.toHaveProperty('warnings');
  expect(applied.body).not.toHaveProperty('check');
  expect(await pending()).toEqual(before.filter((line) => !line.includes('new-north')));
  const again = await apply(north.operator);
  expect(again.body).toMatchObject({ status: 403, code: 'not-yours' });
  await revert();
  expect((await apply(north.operator)).body).toMatchObject({
    status: 409,
    code: 'nothing-changed',
  });
});

test.each([
  ['of all stores', ['promotion both'], 403, 'not-yours'],
  ['what everything stands in', ['group main'], 403, 'not-yours'],
  ['of other stores', ['promotion only-south'], 404, 'unknown-node'],
  ['own and other things', ['promotion only-north', 'promotion both'], 403, 'not-yours'],
  ['what is not there', ['promotion nothing'], 404, 'unknown-node'],
])('naming %s is refused, with the field', async (_, only, status, code) => {
  await put(author, 'only-north', { regions: { in: ['s-1'] }, benefits: percent(21) });
  await put(author, 'both', { regions: { in: ['s-1', 's-2'] }, benefits: percent(21) });
  await put(author, 'only-south', { regions: { in: ['s-2'] }, benefits: percent(21) });
  const refused = await apply(north.operator, { only });
  expect(refused.body).toMatchObject({ status, code, path: '/only' });
  const last = api.rows().at(-1);
  expect(last).toMatchObject({ action: 'rules.apply', outcome: 'refused' });
  await revert();
});

test('a campaign that would run in more stores is refused, with its field', async () => {
  await put(author, 'only-north', { regions: { in: ['s-1', 's-2'] }, benefits: percent(11) });
  const wider = { node: 'promotion only-north', field: 'regions' };
  const answers = [
    await apply(north.operator),
    await apply(north.operator, { only: [wider.node] }),
    await apply(south.operator),
  ];
  expect(answers[0]?.body).toMatchObject({ status: 403, code: 'not-yours', nodes: [wider] });
  expect(answers[1]?.body).toMatchObject({ status: 403, code: 'not-yours', path: '/only' });
  // It was not theirs, and is not theirs alone: they do not hear of it.
  expect(answers[2]?.body).toMatchObject({ status: 409, code: 'nothing-changed' });
  await revert();
});

test('a campaign in a group that is not applied yet waits for it', async () => {
  await api.ask('PUT /working-copy/nodes/group/later', {
    ...author,
    headers: { 'if-none-match': '*' },
    body: { content: { group: 'later', mode: 'sequential' } },
  });
  const inGroup = { regions: { in: ['s-1'] }, benefits: percent(4) };
  await put(author, 'in-group', inGroup, 'group later');
  const refused = await apply(north.operator);
  const nodes = [{ node: 'promotion in-group', field: 'group' }];
  expect(refused.body).toMatchObject({ status: 403, code: 'not-yours', nodes });
  await revert();
});

test('a change that does not compile by itself is refused', async () => {
  const rated = { list: [{ points: { type: 'later', rate: 1 } }] };
  await api.ask('PUT /working-copy/nodes/point-type/later', {
    ...author,
    headers: { 'if-none-match': '*' },
    body: { content: { id: 'later', kind: 'standard', precision: 0 } },
  });
  await put(author, 'rated', { regions: { in: ['s-1'] }, benefits: rated });
  const refused = await apply(north.operator);
  expect(refused.body).toMatchObject({ status: 422, code: 'does-not-compile' });
  await revert();
});

test('where two campaigns change places, what its manager touched has moved', async () => {
  const move = { to: 'group main', after: 'promotion only-south' };
  await api.ask(`POST ${pathOf('only-north')}/move`, { ...north.author, body: move });
  expect((await apply(south.operator)).body).toMatchObject({ code: 'nothing-changed' });
  const applied = await apply(north.operator);
  expect(applied.status, applied.text).toBe(201);
  expect(await pending()).toEqual([]);
});

test.each([
  ['a version', { act: 'apply', version: 1 }],
  ['going back', { act: 'rollback' }],
  ['stopping what runs for others too', { act: 'stop', promotion: 'both' }],
])('%s is for who works for all stores', async (_, body) => {
  const refused = await api.ask('POST /activations', { ...north.operator, body });
  expect(refused.body).toMatchObject({ status: 403, code: 'not-yours' });
});

test('plans and launches are for who works for all stores', async () => {
  const due = '2099-01-01T00:00:00Z';
  const answers = [
    await api.ask('POST /schedules', { ...north.operator, body: { version: 1, due } }),
    await api.ask('DELETE /schedules/1', north.operator),
    await api.ask('POST /regions/north/launch', { ...north.operator, body: { campaigns: [] } }),
  ];
  for (const { body } of answers) expect(body).toMatchObject({ status: 403, code: 'not-yours' });
});

test('a manager stops their own campaign at once, and hears of no other', async () => {
  const stop = (promotion: string) =>
    api.ask('POST /activations', { ...north.operator, body: { act: 'stop', promotion } });
  expect((await stop('only-south')).body).toMatchObject({ status: 404, path: '/promotion' });
  const stopped = await stop('only-north');
  expect(stopped.body).toMatchObject({ act: 'stop', author: north.operator.id });
});

test('who writes does not apply, and stores are taken from the area, not from the request', async () => {
  expect((await apply(north.author)).status).toBe(403);
  const stores = { ...APPLY, stores: ['s-1', 's-2'], areas: ['south'] };
  const refused = await api.ask('POST /activations', { ...north.operator, body: stores });
  expect(refused.body).toMatchObject({ status: 400, code: 'invalid-request' });
});

test('a campaign that two changed holds up nobody else, and is told to nobody else', async () => {
  const regions = { in: ['s-1'] };
  await put(author, 'only-north', { regions, benefits: percent(31), state: 'active' });
  await apply(api.holder('operator'));
  await put(north.author, 'only-north', { regions, benefits: percent(32) });
  await put(south.author, 'only-south', { regions: { in: ['s-2'] }, benefits: percent(33) });
  const stop = { act: 'stop', promotion: 'only-north' };
  expect(
    (await api.ask('POST /activations', { ...api.holder('operator'), body: stop })).status,
  ).toBe(201);
  const applied = await apply(south.operator);
  expect(applied.body.changes).toEqual([
    'promotion only-south: benefit 1 discount percent 12 → 33',
  ]);
  const refused = await apply(north.operator);
  expect(refused.body).toMatchObject({ status: 409, nodes: [{ node: 'promotion only-north' }] });
  const texts = [await api.ask('GET /working-copy', south.author), await apply(south.operator)];
  for (const { text } of texts) expect(text).not.toContain('only-north');
  const back = { only: ['promotion only-north'] };
  await api.ask('POST /working-copy/revert', { ...north.author, body: back });
  expect(await pending()).toEqual([]);
});
