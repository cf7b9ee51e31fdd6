import type { FastifyInstance, InjectOptions } from 'fastify';
import { Packr, Unpackr } from 'msgpackr';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { Outcome } from '../client/outcome.ts';
import { Fault } from '../fault.ts';
import { createLogger } from '../observe/logger.ts';
import { createGateway } from './gateway.ts';
import type { AnsweredRequest, GatewayPorts } from './ports.ts';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });
const logger = createLogger({ level: 'silent' });
const apps: FastifyInstance[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

const checkout = { id: 'c-1', lines: [{ sku: 'TOY-9', quantity: 2, price: 100 }] };

/** A processor in memory: it decodes, accepts, and remembers what it was sent. */
class MemoryProcessor implements GatewayPorts {
  readonly sent: unknown[] = [];
  readonly quoted: unknown[] = [];
  readonly seen: AnsweredRequest[] = [];
  full = false;
  ready = true;
  failure: Error | undefined;

  readonly submit: GatewayPorts['submit'] = async (transactions, { encoded }) => {
    requireSame(transactions, encoded);
    if (this.failure !== undefined) throw this.failure;
    this.sent.push(...transactions);
    return transactions.map(outcomeOf);
  };
  readonly quote: GatewayPorts['quote'] = async (transactions, { encoded }) => {
    requireSame(transactions, encoded);
    this.quoted.push(...transactions);
    return transactions.map(outcomeOf);
  };
  readonly asked: unknown[] = [];
  readonly member: GatewayPorts['member'] = async (id, expiringWithin) => {
    this.asked.push([id, expiringWithin]);
    return id === 'nobody' ? undefined : { id, points: [{ type: 'main', available: 7 }] };
  };
  readonly transactions: GatewayPorts['transactions'] = async (id, request) => {
    this.asked.push([id, request]);
    return { transactions: [], next: request.limit === 1 ? '12-3' : undefined };
  };
  readonly isFull = () => this.full;
  readonly health = () => ({ ready: this.ready, parts: {} });
  readonly metrics = async () => ({ contentType: 'text/plain', text: 'arbiter_x 1\n' });
  readonly answered = (request: AnsweredRequest) => void this.seen.push(request);
}

/** Bytes that travel instead of a transaction have to be the same transaction. */
function requireSame(transactions: readonly unknown[], encoded: Uint8Array | undefined): void {
  if (encoded) expect([JSON.parse(Buffer.from(encoded).toString())]).toEqual(transactions);
}

function outcomeOf(transaction: unknown): Outcome {
  const decoded = decodeTransaction(transaction);
  if (decoded.ok) return Outcome.ofJson({ id: decoded.transaction.id, status: 'accepted' });
  const { id = '', reason, path, message } = decoded.rejection;
  return Outcome.ofJson({ id, status: 'rejected', reason, path, message });
}

async function open() {
  const processor = new MemoryProcessor();
  const app = await createGateway(processor, { bodyBytes: 1_048_576, requestSeconds: 5, logger });
  apps.push(app);
  const post = (url: string, payload: unknown, headers: InjectOptions['headers'] = {}) => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const typed = { 'content-type': 'application/json', ...headers };
    return app.inject({ method: 'POST', url, payload: body, headers: typed });
  };
  const get = (url: string) => app.inject({ method: 'GET', url });
  return { app, processor, post, get };
}

describe('POST /v1/checkouts', () => {
  it('answers one checkout with one outcome', async () => {
    const { post, processor } = await open();
    const response = await post('/v1/checkouts', checkout);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ id: 'c-1', status: 'accepted' });
    expect(processor.sent).toEqual([{ ...checkout, kind: 'checkout' }]);
  });

  it('answers a list with a list, in order', async () => {
    const { post } = await open();
    const list = [checkout, { id: 'x-1', kind: 'cancel', checkout: 'c-1' }];
    const response = await post('/v1/checkouts', list);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject([{ id: 'c-1' }, { id: 'x-1' }]);
  });

  it('answers 422 with the recorded rejection, 207 when only some were rejected', async () => {
    const { post } = await open();
    const bad = { ...checkout, id: 'c-2', membr: 'm' };
    const alone = await post('/v1/checkouts', bad);
    expect(alone.statusCode).toBe(422);
    expect(alone.json()).toMatchObject({ id: 'c-2', reason: 'unknown-field', path: '/membr' });
    expect((await post('/v1/checkouts', [bad, checkout])).statusCode).toBe(207);
    expect((await post('/v1/checkouts', [bad, 7])).statusCode).toBe(422);
  });

  it('hands names like __proto__ on, for the engine to reject', async () => {
    const { post } = await open();
    const body = '{"id":"c-1","__proto__":{"kind":"tick"},"lines":[]}';
    const response = await post('/v1/checkouts', body);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ reason: 'forbidden-name', path: '/__proto__' });
  });

  it('takes no other kinds', async () => {
    const { post, processor } = await open();
    const response = await post('/v1/checkouts', [checkout, { id: 'e', kind: 'enrol' }]);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'kind-not-allowed' });
    expect(processor.sent).toEqual([]);
  });

  it('speaks msgpack both ways', async () => {
    const { app } = await open();
    const response = await app.inject({
      method: 'POST',
      url: '/v1/checkouts',
      payload: packr.pack([checkout]),
      headers: { 'content-type': 'application/msgpack' },
    });
    expect(response.headers['content-type']).toBe('application/msgpack');
    expect(unpackr.unpack(response.rawPayload)).toEqual([{ id: 'c-1', status: 'accepted' }]);
  });

  it('answers in the format that is asked for', async () => {
    const { post } = await open();
    const response = await post('/v1/checkouts', checkout, { accept: 'application/msgpack' });
    expect(unpackr.unpack(response.rawPayload)).toMatchObject({ status: 'accepted' });
  });
});

describe('POST /v1/transactions', () => {
  it('takes every kind but those of the system', async () => {
    const { post } = await open();
    const enrol = { id: 'e', kind: 'enrol', member: 'm' };
    expect((await post('/v1/transactions', enrol)).statusCode).toBe(200);
    const tick = { id: 't', kind: 'tick', at: '2026-01-01T00:00:00Z' };
    expect((await post('/v1/transactions', tick)).statusCode).toBe(400);
    expect((await post('/v1/transactions', { id: 'n' })).statusCode).toBe(422);
  });
});

describe('POST /v1/quotes', () => {
  it('asks what a checkout would give, making up an id', async () => {
    const { post, processor } = await open();
    const { lines } = checkout;
    const response = await post('/v1/quotes', { kind: 'checkout', lines }, { 'x-request-id': 'r' });
    expect(response.json()).toEqual({ id: 'quote/r/1', status: 'accepted' });
    expect(processor.quoted).toEqual([{ id: 'quote/r/1', kind: 'quote', lines }]);
    expect(processor.sent).toEqual([]);
  });
});

describe('GET /v1/members/{id}', () => {
  it('shows the balances, or that there is no such member', async () => {
    const { get } = await open();
    const found = await get('/v1/members/m%2F1');
    expect(found.json()).toMatchObject({ id: 'm/1', points: [{ available: 7 }] });
    expect(found.headers['cache-control']).toBe('no-store');
    const missing = await get('/v1/members/nobody');
    expect(missing.statusCode).toBe(404);
    expect(missing.json()).toMatchObject({ code: 'unknown-member' });
    expect((await get('/v1/members/a%0Ab')).statusCode).toBe(404);
  });

  it('is asked how far ahead points that expire are told of', async () => {
    const { get, processor } = await open();
    expect((await get('/v1/members/m-1?expiringWithin=P14D')).statusCode).toBe(200);
    expect(processor.asked).toEqual([['m-1', 'P14D']]);
    const wrong = await get('/v1/members/m-1?expiringWithin=soon');
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json()).toMatchObject({ code: 'invalid-duration' });
  });

  it('lists its transactions page by page', async () => {
    const { get, processor } = await open();
    const path = '/v1/members/m-1/transactions';
    expect((await get(path)).json()).toEqual({ transactions: [], next: null });
    expect((await get(`${path}?limit=1&before=90-1&points=main`)).json()).toMatchObject({
      next: '12-3',
    });
    expect(processor.asked).toEqual([
      ['m-1', { limit: 50, before: undefined, points: undefined }],
      ['m-1', { limit: 1, before: '90-1', points: 'main' }],
    ]);
    for (const wrong of ['limit=0', 'limit=501', 'limit=x', 'before=12', 'points=a%0Ab']) {
      expect((await get(`${path}?${wrong}`)).statusCode, wrong).toBe(400);
    }
  });
});

describe('the routes of holds and deliveries', () => {
  it.each([
    ['/v1/holds', 'hold', { ...checkout, member: 'm', holdFor: 'PT5M' }],
    ['/v1/captures', 'capture', { id: 'x', member: 'm', hold: 'c-1' }],
    ['/v1/releases', 'release', { id: 'x', member: 'm', hold: 'c-1' }],
    ['/v1/deliveries', 'deliver', { id: 'x', checkout: 'c-1' }],
  ])('POST %s takes its own kind, %s', async (url, kind, body) => {
    const { post, processor } = await open();
    expect((await post(url, body)).json()).toMatchObject({ id: body.id, status: 'accepted' });
    expect(processor.sent).toEqual([{ ...body, kind }]);
    expect((await post(url, { ...body, kind: 'checkout' })).statusCode).toBe(400);
    expect((await post('/v1/transactions', { ...body, kind })).statusCode).toBe(200);
  });
});

describe('what cannot be served', () => {
  it.each([
    ['broken JSON', '{"id":', 'application/json', 400, 'malformed-body'],
    ['no body', '', 'application/json', 400, 'malformed-body'],
    ['broken msgpack', '\xc1', 'application/msgpack', 400, 'malformed-body'],
    ['deep nesting', '['.repeat(300_000), 'application/json', 400, 'malformed-body'],
    ['an empty list', '[]', 'application/json', 400, 'empty-list'],
    [
      '1,001 transactions',
      `[${'1,'.repeat(1_000)}1]`,
      'application/json',
      413,
      'too-many-transactions',
    ],
    ['a large body', ' '.repeat(1_048_577), 'application/json', 413, 'body-too-large'],
    ['XML', '<a/>', 'application/xml', 415, 'unsupported-content-type'],
  ])('%s is a problem', async (_name, body, type, status, code) => {
    const { post, processor } = await open();
    const response = await post('/v1/checkouts', body, { 'content-type': type });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      status,
      code,
      type: `urn:arbiter:problem:${code}`,
      instance: `urn:arbiter:request:${response.headers['x-request-id']}`,
    });
    expect(processor.sent).toEqual([]);
  });

  it('is an unknown path too', async () => {
    const { get } = await open();
    const response = await get('/v2/checkouts');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found' });
  });

  it('is more than may wait: 503 with Retry-After', async () => {
    const { post, processor } = await open();
    processor.full = true;
    const response = await post('/v1/checkouts', checkout);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toMatchObject({ code: 'overloaded' });
  });

  it.each([
    [new Fault('answer-timeout', 'no answer', { retry: 'after-backoff' }), 504],
    [new Fault('overloaded', 'too many wait', { retry: 'after-backoff' }), 503],
    [new Fault('processor-unavailable', 'nobody answers', { retry: 'after-backoff' }), 503],
    [new Fault('message-too-large', 'too large', { retry: 'no' }), 413],
    [new Fault('unexpected-answer', 'strange', { retry: 'operator' }), 502],
    [new Fault('anything-else', 'secret detail', { retry: 'operator' }), 500],
    [new Error('secret detail'), 500],
  ])('is told by %s', async (failure, status) => {
    const { post, processor } = await open();
    processor.failure = failure;
    const response = await post('/v1/checkouts', checkout);
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('secret');
    expect(response.headers['retry-after']).toBe(
      status === 503 || status === 504 ? '1' : undefined,
    );
  });
});

describe('what the gateway tells about itself', () => {
  it('is alive, and ready when the processor is', async () => {
    const { get, processor } = await open();
    expect((await get('/healthz')).json()).toEqual({ status: 'alive' });
    expect((await get('/readyz')).json()).toEqual({ ready: true, parts: {} });
    processor.ready = false;
    expect((await get('/readyz')).statusCode).toBe(503);
    expect((await get('/healthz')).statusCode).toBe(200);
  });

  it('has metrics, and counts requests by route, not by path', async () => {
    const { get, processor } = await open();
    expect((await get('/metrics')).body).toBe('arbiter_x 1\n');
    await get('/v1/members/m-1');
    await get('/elsewhere');
    expect(processor.seen.map(({ route, status }) => [route, status])).toEqual([
      ['/metrics', 200],
      ['/v1/members/:id', 200],
      ['unmatched', 404],
    ]);
  });

  it('describes every route in an OpenAPI document', async () => {
    const { get } = await open();
    const document = (await get('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/v1/captures',
      '/v1/checkouts',
      '/v1/deliveries',
      '/v1/holds',
      '/v1/members/{id}',
      '/v1/members/{id}/transactions',
      '/v1/quotes',
      '/v1/releases',
      '/v1/transactions',
    ]);
    const { post } = document.paths['/v1/checkouts'];
    expect(Object.keys(post.requestBody.content)).toEqual([
      'application/json',
      'application/msgpack',
    ]);
    expect(Object.keys(post.responses)).toEqual([
      '200',
      '207',
      '400',
      '413',
      '415',
      '422',
      '503',
      '504',
    ]);
  });

  it('keeps a sane request id of the caller and replaces any other', async () => {
    const { post } = await open();
    const kept = await post('/v1/quotes', checkout, { 'x-request-id': 'till-7' });
    expect(kept.headers['x-request-id']).toBe('till-7');
    const long = await post('/v1/quotes', checkout, { 'x-request-id': 'x'.repeat(200) });
    expect(long.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
