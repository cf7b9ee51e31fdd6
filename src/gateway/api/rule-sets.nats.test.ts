import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyChain } from '../../../ops/audit/chain.ts';
import { TEST_RULE_SET } from '../../testing/rule-set.ts';
import { ScratchApi, type Sent } from '../../testing/scratch-api.ts';
import { openRequestAnswers } from './request-answers.ts';

/** Rule sets over HTTP: a real nats-server, a real processor, tokens that are asked for. */

let api: ScratchApi;
let author: Sent;
let approver: Sent;
let operator: Sent;

beforeAll(async () => {
  api = await ScratchApi.start();
  author = api.holder('author');
  approver = api.holder('approver');
  operator = api.holder('operator');
});

afterAll(async () => {
  await api?.stop();
});

const TOYS = '/working-copy/nodes/promotion/toys-10';

/** A toy discount of so many percent. */
const toys = (percent: number) => {
  const document = structuredClone(TEST_RULE_SET);
  const [first, ...others] = document.arbitration.children;
  const benefits = { list: [{ discount: { percent } }] };
  const children = [{ ...first, benefits }, ...others];
  return { ...document, arbitration: { ...document.arbitration, children } };
};

async function publish(percent: number, more: object = {}): Promise<number> {
  const answer = await api.ask('POST /rule-sets', {
    ...author,
    body: { document: toys(percent), ...more },
  });
  expect(answer.status).toBe(201);
  return answer.body.version;
}

let priced = 0;
async function price(): Promise<number> {
  priced += 1;
  const line = { sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 };
  const checkout = { id: `api-price-${priced}`, store: 's-1', lines: [line] };
  const { token = '' } = api.holder('till');
  const answer = await api.ask('POST /v1/checkouts', { token, body: checkout });
  return answer.body.totals.payable;
}

describe('versions', () => {
  test('are published, read back in both forms, and may be kept for ever', async () => {
    const version = await publish(11, { note: 'eleven' });
    const meta = await api.ask(`GET /rule-sets/${version}`, author);
    expect(meta.body).toMatchObject({ version, parent: 1, note: 'eleven' });
    expect(meta.headers['cache-control']).toContain('immutable');
    const known = { ...author, headers: { 'if-none-match': String(meta.headers['etag']) } };
    expect((await api.ask(`GET /rule-sets/${version}`, known)).status).toBe(304);
    const document = await api.ask(`GET /rule-sets/${version}/document`, author);
    expect(document.body).toEqual(toys(11));
    expect(document.headers['etag']).toBe(`"${meta.body.content}"`);
    const yaml = await api.ask(`GET /rule-sets/${version}/document`, {
      ...author,
      headers: { accept: 'application/yaml' },
    });
    expect(yaml.headers['content-type']).toContain('application/yaml');
    expect(yaml.text).toContain('percent: 11');
    expect(yaml.headers['etag']).not.toBe(document.headers['etag']);
    const html = { ...author, headers: { accept: 'text/html' } };
    expect((await api.ask(`GET /rule-sets/${version}/document`, html)).status).toBe(406);
  });

  test('are listed by pages', async () => {
    await publish(12);
    const first = await api.ask('GET /rule-sets?limit=1', author);
    expect(first.body.ruleSets).toHaveLength(1);
    const next = await api.ask(`GET /rule-sets?limit=1&before=${first.body.next}`, author);
    expect(next.body.ruleSets[0].version).toBe(first.body.ruleSets[0].version - 1);
    expect((await api.ask('GET /rule-sets?limit=0', author)).body).toMatchObject({
      status: 400,
      code: 'invalid-request',
      path: '/limit',
    });
  });

  test('are compared in the words of the document', async () => {
    const version = await publish(13);
    const diff = await api.ask(`GET /rule-sets/1/diff?to=${version}`, author);
    expect(diff.body.changes).toEqual(['promotion toys-10: benefit 1 discount percent 10 → 13']);
  });

  test('that do not compile are refused with all their problems', async () => {
    const document = { ...toys(10), partners: [] };
    const answer = await api.ask('POST /rule-sets', { ...author, body: { document } });
    expect(answer.body).toMatchObject({ status: 422, code: 'does-not-compile' });
    expect(answer.body.problems.length).toBeGreaterThan(0);
  });

  test('are checked for conflicts, each with a checkout that shows it', async () => {
    const document = toys(10);
    const [first] = document.arbitration.children;
    const twin = { ...first, promotion: 'toys-too' };
    document.arbitration.children.push(twin as typeof first & object);
    const answer = await api.ask('POST /rule-set-checks', { ...author, body: { document } });
    expect(answer.body).toMatchObject({ compiles: true, errors: 0 });
    const found = answer.body.diagnostics.find((one: { witness?: object }) => one.witness);
    expect(found.witness.checkout.lines.length).toBeGreaterThan(0);
    expect((await api.ask('GET /rule-sets/1/check', author)).body.compiles).toBe(true);
  });
});

describe('activations', () => {
  test('apply, roll back and stop, and say how far they are in each partition', async () => {
    const version = await publish(25, { base: 1 });
    const applied = await api.ask('POST /activations', {
      ...operator,
      body: { act: 'apply', version, note: 'spring' },
    });
    expect(applied).toMatchObject({ status: 201, body: { act: 'apply', version, note: 'spring' } });
    expect(applied.body.warnings).toBeInstanceOf(Array);
    expect(await price()).toBe(7_500);
    const place = String(applied.headers['location']).replace('/api/v1', '');
    const outcome = await api.ask(`GET ${place}`, operator);
    expect(outcome.body.state).toBe('active');
    expect(outcome.body.partitions).toHaveLength(4);

    const back = await api.ask('POST /activations', { ...operator, body: { act: 'rollback' } });
    expect(back.body).toMatchObject({ act: 'rollback', version: 1 });
    expect(await price()).toBe(9_000);
    expect((await api.ask(`GET ${place}`, operator)).body.state).toBe('superseded');

    const body = { act: 'stop', promotion: 'toys-10', note: 'wrong price' };
    const stopped = await api.ask('POST /activations', { ...operator, body });
    expect(stopped.body).toMatchObject({ act: 'stop' });
    expect(await price()).toBe(10_000);
    const again = await api.ask('POST /activations', { ...operator, body });
    expect(again.body).toMatchObject({ status: 409, code: 'nothing-changed' });
    await api.ask('POST /activations', { ...operator, body: { act: 'rollback' } });

    const list = await api.ask('GET /activations?limit=2', operator);
    expect(list.body.activations.map(({ act }: { act: string }) => act)).toEqual([
      'rollback',
      'stop',
    ]);
    const active = await api.ask('GET /active', operator);
    expect(active.body).toMatchObject({ activation: { act: 'rollback' }, ruleSet: { version: 1 } });
  });

  test('that would undo what is current are refused', async () => {
    const other = await publish(26);
    await api.ask('POST /activations', { ...operator, body: { act: 'apply', version: other } });
    const version = await publish(27, { base: 1 });
    const answer = await api.ask('POST /activations', {
      ...operator,
      body: { act: 'apply', version },
    });
    expect(answer.body).toMatchObject({ status: 409, code: 'not-based-on-current' });
    await api.ask('POST /activations', { ...operator, body: { act: 'rollback', version: 1 } });
  });

  test('are planned and called off', async () => {
    const due = '2099-01-01T00:00:00+05:00';
    const planned = await api.ask('POST /schedules', { ...operator, body: { version: 1, due } });
    expect(planned).toMatchObject({ status: 201, body: { state: 'waiting', version: 1 } });
    const place = String(planned.headers['location']).replace('/api/v1', '');
    expect((await api.ask('GET /active', operator)).body.schedules).toHaveLength(1);
    expect((await api.ask(`DELETE ${place}`, operator)).body.state).toBe('cancelled');
    expect((await api.ask(`DELETE ${place}`, operator)).body.code).toBe('unknown-schedule');
    const past = { version: 1, due: '2020-01-01T00:00:00Z' };
    const late = await api.ask('POST /schedules', { ...operator, body: past });
    expect(late.body).toMatchObject({ status: 422, code: 'not-in-the-future' });
  });

  test('launch a region with parameters of its own', async () => {
    const body = {
      parent: 'xx',
      stores: [{ id: 'w-1', partner: 'shop' }],
      campaigns: ['toys-10', 'earn'],
      parameters: { 'toys-10': { percent: 40 } },
    };
    const answer = await api.ask('POST /regions/west/launch', { ...operator, body });
    expect(answer.status).toBe(201);
    const line = { sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 };
    const checkout = { id: 'in-the-west', store: 'w-1', lines: [line] };
    const till = api.holder('till');
    const sale = await api.ask('POST /v1/checkouts', { ...till, body: checkout });
    expect(sale.body.totals.payable).toBe(6_000);
    await api.ask('POST /activations', { ...operator, body: { act: 'rollback', version: 1 } });
  });
});

describe('a request with a key', () => {
  test('is carried out once, whoever repeats it, also after a restart', async () => {
    const version = await publish(31, { base: (await current()).version });
    const request = {
      ...operator,
      body: { act: 'apply', version },
      headers: { 'idempotency-key': 'apply-31' },
    };
    const first = await api.ask('POST /activations', request);
    expect(first.status).toBe(201);
    await api.open();
    const again = await api.ask('POST /activations', request);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await api.ask('POST /activations', {
      ...request,
      body: { act: 'rollback' },
    });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect((await current()).version).toBe(version);
  });

  test('gives a refusal again, and belongs to its caller alone', async () => {
    const headers = { 'idempotency-key': 'stop-nothing' };
    const body = { act: 'stop', promotion: 'nothing' };
    const first = await api.ask('POST /activations', { ...operator, headers, body });
    expect(first.body).toMatchObject({ status: 404, code: 'unknown-promotion' });
    const again = await api.ask('POST /activations', { ...operator, headers, body });
    expect(again.body.code).toBe('unknown-promotion');
    const stranger = api.holder('operator');
    const plan = { version: 1, due: '2099-01-01T00:00:00Z' };
    const theirs = await api.ask('POST /schedules', { ...stranger, headers, body: plan });
    expect(theirs.status).toBe(201);
  });

  test('that was cut off half way is finished by whoever repeats it, and done once', async () => {
    const by = { author: { name: 'token:x' }, note: '' };
    const request = { key: 'k'.repeat(64), resumed: false };
    const due = Date.UTC(2091, 0, 1);
    const order = { command: 'schedule', version: 1, due, ...by } as const;
    const { perform } = api.desk;
    const first = await perform({ ...order, request });
    const again = await perform({ ...order, request: { ...request, resumed: true } });
    expect(again).toMatchObject({ ok: true, schedule: first.ok ? first.schedule : undefined });
    const acted = { command: 'rollback', version: 1, ...by, request: { key: 'a', resumed: false } };
    const one = await perform(acted as typeof acted & { command: 'rollback' });
    const two = await perform({
      ...acted,
      command: 'rollback',
      request: { key: 'a', resumed: true },
    });
    expect(two).toMatchObject({ ok: true, act: one.ok ? one.act : undefined });
    const node = 'promotion toys-10';
    const clone = { command: 'clone', node, ...by } as const;
    await perform({ ...clone, request: { key: 'c', resumed: false } });
    expect(await perform({ ...clone, request: { key: 'c', resumed: true } })).toMatchObject({
      ok: true,
      changes: [],
    });
    await perform({ command: 'revert', ...by });
  });

  test('whose gateway died is taken over after two minutes, and not before', async () => {
    const { connection } = api.scratch;
    const sent = { ...operator, body: { act: 'stop', promotion: 'nothing' } };
    for (const [minutes, code] of [
      [1, 'request-under-way'],
      [3, 'unknown-promotion'],
    ] as const) {
      const key = `died-${minutes}`;
      const headers = { 'idempotency-key': key };
      const now = () => Date.now() - minutes * 60_000;
      const earlier = await openRequestAnswers(connection, { replicas: 1, now });
      await api.open({ ...earlier, keep: async () => undefined, forget: async () => {} });
      await api.ask('POST /activations', { ...sent, headers });
      await api.open();
      const answer = await api.ask('POST /activations', { ...sent, headers });
      expect(answer.body).toMatchObject({ code });
    }
  });

  test('that comes twice at the same moment is carried out once', async () => {
    const plan = { version: 1, due: '2090-01-01T00:00:00Z' };
    const request = { ...operator, body: plan, headers: { 'idempotency-key': 'plan-twice' } };
    const both = await Promise.all([
      api.ask('POST /schedules', request),
      api.ask('POST /schedules', request),
    ]);
    const statuses = both.map(({ status }) => status).sort();
    expect([
      [201, 201],
      [201, 409],
    ]).toContainEqual(statuses);
    const list = await api.ask('GET /schedules', operator);
    const same = list.body.schedules.filter(({ due }: { due: string }) => due.startsWith('2090'));
    expect(same).toHaveLength(1);
  });
});

describe('a second person', () => {
  test('approves what others wrote, and nobody their own', async () => {
    const base = (await current()).version;
    const document = toys(18);
    const strict = { ...document, program: { ...document.program, settings: SECOND } };
    const lead = await api.ask('POST /rule-sets', { ...author, body: { document: strict, base } });
    const begin = { act: 'apply', version: lead.body.version };
    expect((await api.ask('POST /activations', { ...operator, body: begin })).status).toBe(201);

    const next = { ...toys(19), program: strict.program };
    const published = await api.ask('POST /rule-sets', { ...author, body: { document: next } });
    const { version } = published.body;
    const apply = { ...operator, body: { act: 'apply', version } };
    const early = await api.ask('POST /activations', apply);
    expect(early.body).toMatchObject({ status: 403, code: 'needs-second-person' });
    const alone = await api.ask(`POST /rule-sets/${version}/approvals`, { ...author, body: {} });
    expect(alone.body).toMatchObject({ status: 403, code: 'not-allowed' });
    const approved = await api.ask(`POST /rule-sets/${version}/approvals`, {
      ...approver,
      body: { note: 'read it' },
    });
    expect(approved.body.approvals).toMatchObject([{ author: idOf(approver), note: 'read it' }]);
    expect((await api.ask('POST /activations', apply)).status).toBe(201);
    expect(await price()).toBe(8_100);
  });

  test('cannot be made up in a body', async () => {
    const forged = { act: 'apply', version: 1, author: 'somebody-else', approves: true };
    const answer = await api.ask('POST /activations', { ...operator, body: forged });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid-request', in: 'body' });
    const again = { document: toys(20), authors: ['nobody'] };
    const published = await api.ask('POST /rule-sets', { ...author, body: again });
    expect(published.body).toMatchObject({ status: 400, path: '/authors' });
  });

  test('without what is needed says which field', async () => {
    const { body } = await api.ask('POST /rule-sets', { ...author, body: { note: 'nothing' } });
    expect(body).toMatchObject({ status: 400, path: '/document' });
    expect(body.detail).toContain('`/document` of the body is missing');
  });
});

const SECOND = { approval: 'second-person' };
const idOf = (sent: Sent & { id?: string }) => sent.id;
const current = async () => (await api.ask('GET /rule-sets/current', author)).body;

describe('a body', () => {
  test.each([
    ['{"act":"rollback","__proto__":{"role":"administrator"}}', 'forbidden-name'],
    ['{"act":"rollback","constructor":{"prototype":{}}}', 'forbidden-name'],
    ['{"act":"rollback","extra":1}', 'invalid-request'],
    ['{"act":"explode"}', 'invalid-request'],
    ['{"act":"apply","version":-1}', 'invalid-request'],
    ['[]', 'invalid-request'],
    ['{"act":', 'malformed-body'],
    [`{"act":"rollback","note":"${'x'.repeat(501)}"}`, 'invalid-request'],
  ])('%s is refused', async (raw, code) => {
    const answer = await api.ask('POST /activations', { ...operator, raw });
    expect(answer.body).toMatchObject({ status: 400, code });
  });

  test('that is too large is refused', async () => {
    const raw = JSON.stringify({ act: 'rollback', note: 'x'.repeat(70_000) });
    const answer = await api.ask('POST /activations', { ...operator, raw });
    expect(answer.status).toBe(413);
  });
});

describe('the audit list', () => {
  test('has who did what and who was refused, unbroken', () => {
    const rows = api.rows();
    expect(verifyChain(rows, api.store.head())).toMatchObject({ ok: true });
    const actions = new Set(rows.map(({ action, outcome }) => `${action} ${outcome}`));
    for (const one of ['publish', 'apply', 'rollback', 'stop', 'launch', 'approve']) {
      expect(actions).toContain(`rules.${one} begun`);
      expect(actions).toContain(`rules.${one} done`);
    }
    expect(actions).toContain('rules.apply refused');
    expect(actions).toContain('rules.approve refused');
    const approved = rows.find(
      ({ action, outcome }) => `${action} ${outcome}` === 'rules.approve done',
    );
    expect(approved).toMatchObject({ actor: idOf(approver) });
  });

  test.each([
    ['GET', '/rule-sets'],
    ['POST', '/rule-sets'],
    ['POST', '/activations'],
    ['GET', '/working-copy'],
    ['PUT', TOYS],
    ['POST', '/regions/west/launch'],
  ])('nobody without a token gets anything of %s %s', async (method, path) => {
    const answer = await api.ask(`${method} ${path}`, method === 'GET' ? {} : { body: {} });
    expect(answer.body).toMatchObject({ status: 401, code: 'token-missing' });
  });
});
