import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchApi, type Sent } from '../testing/scratch-api.ts';

/** Users, tokens, areas and tests are made once for each key of a request. */

let api: ScratchApi;
let administrator: Sent;

beforeAll(async () => {
  api = await ScratchApi.start();
  administrator = api.holder('administrator');
});

afterAll(async () => {
  await api?.stop();
});

const twice = async (line: string, who: Sent, key: string, body?: object) => {
  const headers = { 'idempotency-key': key };
  const sent = { ...who, headers, ...(body === undefined ? {} : { body }) };
  return [await api.ask(line, sent), await api.ask(line, sent)] as const;
};
const rowsOf = (action: string) => api.rows().filter((row) => row.action === action);
const ANN = { id: 'ann', name: 'Ann Lee', role: 'author' };
const TILL = { name: 'till 7', role: 'till', stores: ['s-1'] };

test('a user is made once, and the link is shown once', async () => {
  const [first, again] = await twice('POST /users', administrator, 'user-1', ANN);
  expect(first).toMatchObject({ status: 201, body: { user: { id: 'ann' } } });
  expect(first.body.link.path).toMatch(/^\/welcome#./);
  expect(again).toMatchObject({ status: 201, body: { user: { id: 'ann' }, link: null } });
  expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
  expect(again.headers['location']).toBe(first.headers['location']);
  expect(rowsOf('users.create')).toHaveLength(1);
});

test('a token is made once, whoever repeats it, also after a restart', async () => {
  const headers = { 'idempotency-key': 'token-1' };
  const first = await api.ask('POST /tokens', { ...administrator, headers, body: TILL });
  await api.open();
  const again = await api.ask('POST /tokens', { ...administrator, headers, body: TILL });
  expect(again.body).toEqual({ token: first.body.token, text: null });
  const { tokens } = (await api.ask('GET /tokens', administrator)).body;
  expect(tokens.filter(({ name }: { name: string }) => name === 'till 7')).toHaveLength(1);
});

test('nothing that is shown once is remembered anywhere', async () => {
  const shown = [
    (await twice('POST /tokens', administrator, 'token-2', TILL))[0].body.text,
    (await twice('POST /users/ann/reset', administrator, 'reset-1'))[0].body.link.path.slice(9),
  ];
  const bucket = await new Kvm(jetstream(api.scratch.connection)).open('answers');
  const kept: string[] = [];
  for await (const key of await bucket.keys()) kept.push((await bucket.get(key))?.string() ?? '');
  expect(kept.length).toBeGreaterThan(1);
  for (const secret of shown) {
    expect(secret.length).toBeGreaterThan(20);
    for (const text of kept) expect(text).not.toContain(secret);
  }
});

test('another request under the same key is refused, and changes nothing', async () => {
  const headers = { 'idempotency-key': 'user-1' };
  const body = { ...ANN, role: 'administrator' };
  const other = await api.ask('POST /users', { ...administrator, headers, body });
  expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  const ann = await api.ask('GET /users/ann', administrator);
  expect(ann.body).toMatchObject({ role: 'author' });
});

test.each([
  ['PATCH /users/ann', { name: 'Ann' }, 200],
  ['POST /users/nobody/reset', undefined, 404],
  ['POST /users', ANN, 409],
  ['POST /users', { id: 'x', role: 'king' }, 400],
  ['PUT /areas/north', { stores: ['s-1'] }, 200],
  ['DELETE /users/ann/sessions', undefined, 204],
] as const)('%s gets its first answer again', async (line, body, status) => {
  const [first, again] = await twice(
    line,
    administrator,
    `again ${line} ${status}`.replaceAll(' ', '-'),
    body,
  );
  expect([first.status, again.status]).toEqual([status, status]);
  expect(again.body?.code).toBe(first.body?.code);
  if (status < 300) expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
});

test('a test has a key as well', async () => {
  const order = {
    store: 's-1',
    lines: [{ sku: 'BEAR', category: ['toys'], quantity: 1, price: 100 }],
  };
  const [first, again] = await twice('POST /tests', api.holder('author'), 'test-1', { order });
  expect(first.status, first.text).toBe(200);
  expect(again.body).toEqual(first.body);
  expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
});

test('the key of one is no key of another, and opens nothing', async () => {
  const headers = { 'idempotency-key': 'token-1' };
  const author = api.holder('author');
  expect((await api.ask('POST /tokens', { ...author, headers, body: TILL })).status).toBe(403);
  const other = api.holder('administrator');
  const made = await api.ask('POST /tokens', { ...other, headers, body: TILL });
  expect(made.status).toBe(201);
  expect(made.body.text).not.toBeNull();
});
