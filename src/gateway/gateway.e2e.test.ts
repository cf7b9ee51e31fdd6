import type { FastifyInstance } from 'fastify';
import { Packr } from 'msgpackr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { clientPorts } from './client-ports.ts';
import { createGateway } from './gateway.ts';

let scratch: ScratchProcessor;
let app: FastifyInstance;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  const { client, metrics } = scratch;
  const ports = clientPorts({
    client,
    health: new Health(),
    metrics,
    transactions: async () => ({ transactions: [], next: undefined }),
    answerSeconds: 10,
  });
  const logger = createLogger({ level: 'silent' });
  app = await createGateway(ports, { bodyBytes: 1_048_576, requestSeconds: 10, logger });
});

afterAll(async () => {
  await app?.close();
  await scratch?.stop();
});

const lines = [
  { sku: 'BEAR', category: ['toys'], quantity: 2, price: 2_500 },
  { sku: 'MILK', quantity: 1, price: 130 },
];
const checkout = (id: string, more: object = {}) => ({ id, store: 's-1', lines, ...more });

async function post(url: string, payload: object) {
  const response = await app.inject({ method: 'POST', url, payload });
  return { status: response.statusCode, body: response.json() };
}

async function available(member: string): Promise<number> {
  const response = await app.inject({ method: 'GET', url: `/v1/members/${member}` });
  return response.json().points?.[0]?.available ?? 0;
}

describe('over HTTP, on a real processor', () => {
  it('a member joins, asks, buys and returns', async () => {
    const joined = { id: 'e1', kind: 'enrol', member: 'ada' };
    expect(await post('/v1/transactions', joined)).toMatchObject({ status: 200 });

    const asked = await post('/v1/quotes', { member: 'ada', store: 's-1', lines });
    expect(asked).toMatchObject({
      status: 200,
      body: { status: 'accepted', totals: { gross: 5_130, discount: 500, payable: 4_630 } },
    });
    expect(await available('ada')).toBe(0);

    const bought = await post('/v1/checkouts', checkout('c1', { member: 'ada' }));
    expect(bought).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(bought.body.totals).toEqual(asked.body.totals);
    expect(await available('ada')).toBe(46);

    const back = { id: 'r1', kind: 'return', checkout: 'c1', member: 'ada' };
    expect(await post('/v1/checkouts', back)).toMatchObject({ status: 200 });
    expect(await available('ada')).toBe(0);
  });

  it('repeating gives the recorded outcome, whichever way it was', async () => {
    await post('/v1/checkouts', checkout('c2'));
    const again = await post('/v1/checkouts', checkout('c2'));
    expect(again).toMatchObject({ status: 200, body: { id: 'c2', status: 'exists' } });

    const bad = checkout('c3', { store: 's-1', lines: [] });
    expect(await post('/v1/checkouts', bad)).toMatchObject({
      status: 422,
      body: { id: 'c3', status: 'rejected', reason: 'no-lines', path: '/lines' },
    });
    expect(await post('/v1/checkouts', bad)).toMatchObject({
      status: 422,
      body: { id: 'c3', status: 'exists', reason: 'no-lines' },
    });
  });

  it('an id that is used for something else is refused', async () => {
    await post('/v1/checkouts', checkout('c4'));
    expect(await post('/v1/checkouts', checkout('c4', { channel: 'web' }))).toMatchObject({
      status: 422,
      body: { reason: 'transaction-id-reused' },
    });
  });

  it('neighbours of a bad transaction commit', async () => {
    const list = [checkout('c5'), { id: 'c6', kind: 'checkout', lines: 7 }, checkout('c7')];
    const answer = await post('/v1/checkouts', list);
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject([
      { id: 'c5', status: 'accepted' },
      { id: 'c6', status: 'rejected', reason: 'wrong-type', path: '/lines' },
      { id: 'c7', status: 'accepted' },
    ]);
  });

  it('msgpack and JSON name the same transaction', async () => {
    const transaction = { ...checkout('c8'), kind: 'checkout' };
    await post('/v1/checkouts', transaction);
    const response = await app.inject({
      method: 'POST',
      url: '/v1/checkouts',
      payload: new Packr({ useRecords: false }).pack(transaction),
      headers: { 'content-type': 'application/msgpack', accept: 'application/json' },
    });
    expect(response.json()).toMatchObject({ id: 'c8', status: 'exists' });
  });

  it('what is no transaction at all is recorded and counted all the same', async () => {
    const answer = await post('/v1/transactions', [null, 'x', { kind: 'checkout', id: 9 }]);
    expect(answer.status).toBe(422);
    expect(answer.body.map(({ reason }: { reason: string }) => reason)).toEqual([
      'not-an-object',
      'not-an-object',
      expect.any(String),
    ]);
    const metrics = await app.inject({ method: 'GET', url: '/metrics' });
    expect(metrics.body).toMatch(/arbiter_dead_letters_total\{reason="not-an-object"\} 2/);
  });
});
