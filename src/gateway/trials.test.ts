import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import type { OrderTested } from '../trials/test-order.ts';
import type { WhatIfAnswer } from '../trials/thread.ts';
import { TrialControl } from '../trials/trial-control.ts';
import { WHAT_IFS_KEPT_MAX, WHAT_IFS_OPEN_MAX, WhatIfDesk } from '../trials/what-if-desk.ts';
import { acceptBodies } from './body.ts';
import { guardRoutes } from './guard.ts';
import { onceEach } from './once.ts';
import { problemOf, sendProblem } from './problem.ts';
import { trialRoutes } from './trials.ts';

const NOW = Date.UTC(2026, 10, 21);
const CANCELLED: WhatIfAnswer = { kind: 'cancelled' };

const apps: FastifyInstance[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** The routes over a desk whose what-ifs end when the test says so. */
function open(tested: OrderTested = { kind: 'does-not-compile', diagnostics: [] }) {
  const app = fastify();
  apps.push(app);
  app.setValidatorCompiler(() => () => true);
  acceptBodies(app);
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOf(error)));
  const asked: unknown[] = [];
  const ends: ((answer: WhatIfAnswer) => void)[] = [];
  const controls: TrialControl[] = [];
  const whatIfs = new WhatIfDesk({
    whatIf: (ask) => {
      asked.push(ask);
      const { promise, resolve } = Promise.withResolvers<WhatIfAnswer>();
      ends.push(resolve);
      const control = new TrialControl();
      controls.push(control);
      return { control, answer: promise };
    },
  });
  const ask = async (task: unknown): Promise<OrderTested> => {
    asked.push(task);
    return tested;
  };
  trialRoutes(
    app,
    { test: ask, whatIfs, now: () => NOW },
    onceEach(guardRoutes(app, undefined), undefined),
  );
  const post = (url: string, payload: object, headers = {}) =>
    app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers });
  const get = (url: string) => app.inject({ method: 'GET', url: `/api/v1/${url}` });
  const remove = (url: string) => app.inject({ method: 'DELETE', url: `/api/v1/${url}` });
  return { asked, ends, controls, post, get, remove };
}

const WEEK = { from: '2026-11-01', to: '2026-11-08' };

test('a test names its rule set beside the request', async () => {
  const { post, asked } = open();
  const answer = await post('tests', { ruleSet: 12, member: 'm-1', order: { lines: [] } });
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ code: 'rule-set-does-not-compile' });
  const request = { member: 'm-1', order: { lines: [] } };
  expect(asked).toEqual([{ request, ruleSet: { named: '12' }, now: NOW }]);
});

test('a test that is refused says where and why', async () => {
  const problem = { reason: 'total-differs', path: '/total', message: 'it adds up to 7' };
  const { post } = open({ kind: 'refused', problem });
  const answer = await post('tests', { document: {}, order: {} });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.json()).toMatchObject({ status: 422, code: 'total-differs' });
  expect((await post('tests', { document: {}, ruleSet: '1' })).statusCode).toBe(400);
});

test('a what-if is begun, looked at and read when it is done', async () => {
  const { post, get, ends, controls, asked } = open();
  const begun = await post('what-ifs', { ...WEEK, region: 'almaty' });
  expect(begun.statusCode).toBe(202);
  const place = String(begun.headers['location']).replace('/api/v1/', '');
  const candidate = { named: 'applied' };
  expect(asked).toEqual([{ ...WEEK, region: 'almaty', partner: undefined, candidate }]);
  controls[0]?.note({ phase: 'comparing', done: 3, total: 9 });
  expect((await get(place)).json()).toMatchObject({
    state: 'running',
    progress: { phase: 'comparing', done: 3, total: 9 },
  });
  ends[0]?.({ kind: 'refused', reason: 'empty-range', path: '/to', message: 'no' });
  await new Promise((resolve) => setImmediate(resolve));
  expect((await get(place)).json()).toMatchObject({ state: 'refused', answer: { path: '/to' } });
  const list = (await get('what-ifs')).json();
  expect(list.whatIfs).toHaveLength(1);
  expect(list.whatIfs[0]).not.toHaveProperty('answer');
});

test('a what-if is cancelled by deleting it', async () => {
  const { post, get, remove, controls, ends } = open();
  const { id } = (await post('what-ifs', WEEK)).json();
  expect((await remove(`what-ifs/${id}`)).statusCode).toBe(202);
  expect(controls[0]?.isCancelled).toBe(true);
  ends[0]?.(CANCELLED);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await get(`what-ifs/${id}`)).json()).toMatchObject({ state: 'cancelled' });
  expect((await remove('what-ifs/nobody')).statusCode).toBe(404);
});

test('the same key means the same what-if', async () => {
  const { post, asked } = open();
  const key = { 'idempotency-key': 'k-1' };
  const first = (await post('what-ifs', WEEK, key)).json();
  expect((await post('what-ifs', WEEK, key)).json().id).toBe(first.id);
  expect(asked).toHaveLength(1);
  const other = await post('what-ifs', { ...WEEK, to: '2026-11-09' }, key);
  expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency-key-reused']);
});

test('more than can run are refused, and those that ended are forgotten in time', async () => {
  const { post, get, ends } = open();
  for (let count = 0; count < WHAT_IFS_OPEN_MAX; count += 1) await post('what-ifs', WEEK);
  const refused = await post('what-ifs', WEEK);
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
  for (let count = 0; count < 2 * WHAT_IFS_KEPT_MAX; count += 1) {
    ends[count]?.(CANCELLED);
    await new Promise((resolve) => setImmediate(resolve));
    await post('what-ifs', WEEK);
  }
  expect((await get('what-ifs')).json().whatIfs).toHaveLength(WHAT_IFS_KEPT_MAX);
});

test.each([[{}], [{ from: 7, to: '2026-11-08' }], [{ ...WEEK, region: '' }]])(
  '%j is no question',
  async (body) => {
    const { post } = open();
    expect((await post('what-ifs', body)).statusCode).toBe(400);
  },
);
