import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RULE_SET_BYTES_MAX } from '../../rules/rule-books.ts';
import { TEST_RULE_SET } from '../../testing/rule-set.ts';
import { ScratchApi, type Sent } from '../../testing/scratch-api.ts';

/** The working copy over HTTP: several managers, of all stores and of some. */

let api: ScratchApi;
let author: Sent;
let operator: Sent;

beforeAll(async () => {
  api = await ScratchApi.start();
  author = api.holder('author');
  operator = api.holder('operator');
});

afterAll(async () => {
  await api?.stop();
});

const TOYS = '/working-copy/nodes/promotion/toys-10';
const EARN = '/working-copy/nodes/promotion/earn';

/** A toy discount of so many percent. */
const toys = (percent: number) => {
  const document = structuredClone(TEST_RULE_SET);
  const [first, ...others] = document.arbitration.children;
  const benefits = { list: [{ discount: { percent } }] };
  const children = [{ ...first, benefits }, ...others];
  return { ...document, arbitration: { ...document.arbitration, children } };
};

let priced = 0;
async function price(): Promise<number> {
  priced += 1;
  const line = { sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 };
  const checkout = { id: `api-price-${priced}`, store: 's-1', lines: [line] };
  const { token = '' } = api.holder('till');
  const answer = await api.ask('POST /v1/checkouts', { token, body: checkout });
  return answer.body.totals.payable;
}

const idOf = (sent: Sent & { id?: string }) => sent.id;

describe('the working copy', () => {
  const edited = (percent: number) => ({
    content: {
      promotion: 'toys-10',
      type: 'product-discount',
      lines: { category: { in: ['toys'] } },
      benefits: { list: [{ discount: { percent } }] },
    },
  });
  const earning = { promotion: 'earn', type: 'points-accrual' };
  const rated = (rate: number) => ({
    content: { ...earning, benefits: { list: [{ points: { type: 'main', rate } }] } },
  });
  const tagOf = async (path: string) =>
    String((await api.ask(`GET ${path}`, author)).headers['etag']);

  test('takes edits of two managers on different nodes at once', async () => {
    const other = api.holder('author');
    const [one, two] = [await tagOf(TOYS), await tagOf(EARN)];
    const answers = await Promise.all([
      api.ask(`PUT ${TOYS}`, { ...author, body: edited(14), headers: { 'if-match': one } }),
      api.ask(`PUT ${EARN}`, { ...other, body: rated(2), headers: { 'if-match': two } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const copy = await api.ask('GET /working-copy', author);
    expect(copy.body.changes).toHaveLength(2);
    const who = copy.body.touched.map(({ changedBy }: { changedBy: string }) => changedBy);
    expect(new Set(who)).toEqual(new Set([idOf(author), idOf(other)]));
  });

  test('refuses who comes late to the same node, and says who was there', async () => {
    const other = api.holder('author');
    const tag = await tagOf(TOYS);
    const first = await api.ask(`PUT ${TOYS}`, {
      ...other,
      body: edited(15),
      headers: { 'if-match': tag },
    });
    const late = await api.ask(`PUT ${TOYS}`, {
      ...author,
      body: edited(16),
      headers: { 'if-match': tag },
    });
    expect(late.body).toMatchObject({
      status: 412,
      code: 'changed-meanwhile',
      nodes: [
        { node: 'promotion toys-10', changedBy: idOf(other), etag: String(first.headers['etag']) },
      ],
    });
    const blind = await api.ask(`PUT ${TOYS}`, { ...author, body: edited(16) });
    expect(blind.body).toMatchObject({ status: 428, code: 'if-match-missing' });
  });

  test('becomes the next version, and what is left is set back', async () => {
    const body = { act: 'apply', only: ['promotion toys-10'] };
    const applied = await api.ask('POST /activations', { ...operator, body });
    expect(applied.body.changes).toEqual(['promotion toys-10: benefit 1 discount percent 10 → 15']);
    expect(await price()).toBe(8_500);
    const left = await api.ask('GET /working-copy', author);
    expect(left.body.changes).toHaveLength(1);
    const reverted = await api.ask('POST /working-copy/revert', { ...author, body: {} });
    expect(reverted.status).toBe(200);
    expect((await api.ask('GET /working-copy', author)).body.changes).toEqual([]);
  });

  test('is put as a whole only by who saw it as it is', async () => {
    const read = await api.ask('GET /working-copy/document', author);
    const match = { 'if-match': String(read.headers['etag']) };
    const put = await api.ask('PUT /working-copy/document', {
      ...author,
      body: toys(21),
      headers: match,
    });
    expect(put.status).toBe(200);
    const late = await api.ask('PUT /working-copy/document', {
      ...author,
      body: toys(22),
      headers: match,
    });
    expect(late.body).toMatchObject({ status: 412, code: 'changed-meanwhile' });
    const yaml = await api.ask('PUT /working-copy/document', {
      ...author,
      raw: `{${JSON.stringify(toys(23)).slice(1)}`,
      headers: { 'if-match': String(put.headers['etag']), 'content-type': 'application/yaml' },
    });
    expect(yaml.body.changes).toEqual(['promotion toys-10: benefit 1 discount percent 21 → 23']);
    await api.ask('POST /working-copy/revert', { ...author, body: {} });
  });

  test('is no larger than a version may be, and says where a text cannot be read', async () => {
    const headers = { 'if-match': '*' };
    const title = 'x'.repeat(RULE_SET_BYTES_MAX);
    const document = { ...TEST_RULE_SET, program: { ...TEST_RULE_SET.program, title } };
    const path = 'PUT /working-copy/document';
    const body = { ...document, more: title };
    const large = await api.ask(path, { ...author, headers, body });
    expect(large.body).toMatchObject({ status: 413, code: 'body-too-large' });
    // This server takes a MiB at once.
    const fits = { ...document, program: { ...document.program, title: title.slice(1 << 20) } };
    const refused = await api.ask(path, { ...author, headers, body: fits });
    expect(refused.body).toMatchObject({ status: 413, code: 'rule-set-too-large' });
    const yaml = { 'content-type': 'application/yaml', ...headers };
    const broken = await api.ask(path, { ...author, headers: yaml, raw: 'program:\n  id: [x' });
    expect(broken.body).toMatchObject({ status: 400, code: 'malformed-body' });
    expect(broken.body.detail).toMatch(/^Line 2, column /);
  });

  test('clones, moves, switches and deletes', async () => {
    const group = {
      headers: { 'if-none-match': '*' },
      body: { content: { group: 'seasonal', mode: 'exclusive' } },
    };
    const made = await api.ask('PUT /working-copy/nodes/group/seasonal', { ...author, ...group });
    expect(made.status).toBe(201);
    const clone = await api.ask(`POST ${TOYS}/clone`, {
      ...author,
      body: { id: 'toys-x', to: 'group seasonal' },
    });
    expect(clone).toMatchObject({ status: 201, body: { node: { id: 'toys-x', state: 'draft' } } });
    const taken = await api.ask(`POST ${TOYS}/clone`, { ...author, body: { id: 'toys-x' } });
    expect(taken.body).toMatchObject({ status: 409, code: 'name-taken' });
    const moved = await api.ask(`POST ${EARN}/move`, {
      ...author,
      body: { to: 'group seasonal', after: 'promotion toys-x' },
    });
    expect(moved.body.node.parent).toBe('group seasonal');

    const off = await api.ask('POST /working-copy/switches', {
      ...author,
      body: { action: 'deactivate', nodes: ['group seasonal', 'promotion toys-10'] },
    });
    expect(off.status).toBe(200);
    const earn = await api.ask(`GET ${EARN}`, author);
    expect(earn.body).toMatchObject({ state: 'active', runs: false });
    const counts = await api.ask('GET /rule-sets/working/counts', author);
    expect(counts.body).toMatchObject({ promotions: 3, active: 0, activeNow: 0 });

    const group404 = '/working-copy/nodes/group/seasonal';
    const headers = { 'if-match': await tagOf(group404) };
    const full = await api.ask(`DELETE ${group404}`, { ...author, headers });
    expect(full.body).toMatchObject({ status: 409, code: 'not-empty' });

    await api.ask(`POST ${group404}/activate`, { ...author, body: {} });
    await api.ask(`POST ${TOYS}/end`, { ...author, body: {} });
    const revived = await api.ask(`POST ${TOYS}/activate`, { ...author, body: {} });
    expect(revived.body).toMatchObject({ status: 409, code: 'has-ended' });
    const gone = { ...author, headers: { 'if-match': await tagOf(TOYS) } };
    expect((await api.ask(`DELETE ${TOYS}`, gone)).status).toBe(200);
    const reused = await api.ask(`PUT ${TOYS}`, {
      ...author,
      body: edited(1),
      headers: { 'if-none-match': '*' },
    });
    expect(reused.body).toMatchObject({ status: 409, code: 'name-taken' });
    await api.ask('POST /working-copy/revert', { ...author, body: {} });
    expect((await api.ask(`GET ${TOYS}`, author)).status).toBe(200);
  });

  test('refuses a move that would nest too deeply, as a whole', async () => {
    let to = 'group main';
    for (let level = 1; level <= 9; level += 1) {
      const answer = await api.ask(`PUT /working-copy/nodes/group/deep-${level}`, {
        ...author,
        body: { content: { group: `deep-${level}` }, to },
        headers: { 'if-none-match': '*' },
      });
      expect(answer.status).toBe(201);
      to = `group deep-${level}`;
    }
    const above = await api.ask('PUT /working-copy/nodes/group/above', {
      ...author,
      body: { content: { group: 'above' } },
      headers: { 'if-none-match': '*' },
    });
    expect(above.status).toBe(201);
    const answer = await api.ask('POST /working-copy/nodes/group/deep-1/move', {
      ...author,
      body: { to: 'group above' },
    });
    expect(answer.body).toMatchObject({ status: 422, code: 'cannot-be-placed' });
    await api.ask('POST /working-copy/revert', { ...author, body: {} });
  });

  test('lists its nodes by pages', async () => {
    const first = await api.ask('GET /working-copy/nodes?kind=promotion&limit=1', author);
    expect(first.body).toMatchObject({ total: 2, next: 'promotion toys-10' });
    const after = encodeURIComponent(first.body.next);
    const rest = await api.ask(`GET /working-copy/nodes?kind=promotion&after=${after}`, author);
    expect(rest.body.nodes.map(({ id }: { id: string }) => id)).toEqual(['earn']);
    const gone = await api.ask('GET /working-copy/nodes?after=promotion%20x', author);
    expect(gone.status).toBe(410);
  });
});

describe('whoever has some stores', () => {
  test('sees and edits the campaigns of those stores alone', async () => {
    const [north, west] = [
      { in: ['s-1'], promotion: 'only-one' },
      { in: ['s-2'], promotion: 'only-two' },
    ];
    for (const { in: stores, promotion } of [north, west]) {
      const content = {
        promotion,
        regions: { in: stores },
        benefits: { list: [{ discount: { percent: 1 } }] },
      };
      const path = `/working-copy/nodes/promotion/${promotion}`;
      const headers = { 'if-none-match': '*' };
      const made = await api.ask(`PUT ${path}`, { ...author, headers, body: { content } });
      expect(made.status).toBe(201);
    }
    const local = api.holder('author', { stores: ['s-1'] });
    const list = await api.ask('GET /working-copy/nodes?kind=promotion', local);
    const seen = list.body.nodes.map(({ id }: { id: string }) => id);
    expect(seen).toContain('only-one');
    expect(seen).not.toContain('only-two');
    for (const path of ['/rule-sets/working/document', '/working-copy/document']) {
      const answer = await api.ask(`GET ${path}`, local);
      expect(answer.text).toContain('only-one');
      expect(answer.text).not.toContain('only-two');
    }
    const texts = [
      await api.ask('GET /rule-sets/current/diff?to=working', local),
      await api.ask('GET /working-copy', local),
    ];
    for (const { text } of texts) expect(text).not.toContain('only-two');

    const theirs = '/working-copy/nodes/promotion/only-two';
    expect((await api.ask(`GET ${theirs}`, local)).status).toBe(404);
    const end = await api.ask(`POST ${theirs}/activate`, { ...local, body: {} });
    expect(end.body).toMatchObject({ status: 404, code: 'unknown-node' });
    const own = '/working-copy/nodes/promotion/only-one';
    const read = await api.ask(`GET ${own}`, local);
    const wider = { ...read.body.content, regions: { in: ['s-1', 's-2'] } };
    const headers = { 'if-match': String(read.headers['etag']) };
    const grown = await api.ask(`PUT ${own}`, { ...local, headers, body: { content: wider } });
    expect(grown.body).toMatchObject({ status: 403, code: 'not-yours' });
    const off = await api.ask(`POST ${own}/deactivate`, { ...local, body: {} });
    expect(off.body.node).toMatchObject({ state: 'inactive' });
    const shared = await api.ask(`POST ${TOYS}/deactivate`, { ...local, body: {} });
    expect(shared.body).toMatchObject({ status: 403, code: 'not-yours' });
    for (const one of ['rules.switch', 'rules.put']) {
      const rows = api.rows().filter(({ action, actor }) => action === one && actor === local.id);
      expect(rows.map(({ outcome }) => outcome)).toContain('refused');
    }
    const back = await api.ask('POST /working-copy/revert', { ...local, body: {} });
    expect(back.body).toMatchObject({ status: 403, code: 'not-yours' });
    const only = { only: ['promotion only-two'] };
    const hidden = await api.ask('POST /working-copy/revert', { ...local, body: only });
    expect(hidden.body).toMatchObject({ status: 404, code: 'unknown-node' });
    const whole = await api.ask('POST /rule-sets', { ...local, body: { document: toys(1) } });
    expect(whole.body).toMatchObject({ status: 403, code: 'not-yours' });
  });
});
