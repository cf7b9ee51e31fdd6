import type { FastifyInstance, FastifyReply } from 'fastify';
import { isJson, type Json } from '../../core/conformance/fixture.ts';
import { isName } from '../../core/transaction/reader.ts';
import type { OrderTested } from '../trials/test-order.ts';
import type { RuleSetNamed, TestOrderTask } from '../trials/thread.ts';
import type { WhatIfDesk, WhatIfView } from '../trials/what-if-desk.ts';
import { fail } from './api/route.ts';
import { bodyOf } from './body.ts';
import type { Once } from './once.ts';
import { sendProblem } from './problem.ts';
import { TRIALS_SCHEMA } from './trials-openapi.ts';

/** What the routes of test mode and what-if need. */
export interface TrialPorts {
  readonly test: (task: Omit<TestOrderTask, 'storePath'>) => Promise<OrderTested>;
  readonly whatIfs: Pick<WhatIfDesk, 'begin' | 'find' | 'list' | 'cancel'>;
  /** Milliseconds since 1970: the instant of a test that names none. */
  readonly now: () => number;
}

const WHAT_IFS = '/api/v1/what-ifs';
/** What comes out tells of members and of all partners: for who works for the whole programme. */
const STAFF = { permission: 'rules.try' } as const;

/** Test mode and what-if over HTTP: the same functions that the commands call. */
export function trialRoutes(app: FastifyInstance, ports: TrialPorts, once: Once): void {
  app.post('/api/v1/tests', { schema: TRIALS_SCHEMA.test, config: STAFF }, (request, reply) =>
    once(request, reply, async () => {
      const { value: body } = bodyOf(request);
      if (!isJson(body)) return fail(400, 'bad-request', 'A test is an object.');
      const { ruleSet: _, document: __, ...test } = body;
      const ruleSet = ruleSetIn(body);
      if (!ruleSet) return fail(400, 'bad-request', RULE_SET_SAYS);
      const tested = await ports.test({ request: test, ruleSet, now: ports.now() });
      return tested.kind === 'tested' ? { body: tested.result } : refuse(tested);
    }),
  );
  app.post(WHAT_IFS, { schema: TRIALS_SCHEMA.begin, config: STAFF }, async (request, reply) => {
    const { value: body } = bodyOf(request);
    if (!isJson(body)) return malformed(reply, 'A what-if is an object.');
    const { from, to, region, partner } = body;
    const candidate = ruleSetIn(body);
    if (!candidate) return malformed(reply, RULE_SET_SAYS);
    if (!isName(from) || !isName(to)) return malformed(reply, 'Say `from` and `to`.');
    if (!isOptionalName(region) || !isOptionalName(partner)) {
      return malformed(reply, '`region` and `partner` are names.');
    }
    const key = request.headers['idempotency-key'];
    if (key !== undefined && !isName(key)) return malformed(reply, 'The key is no name.');
    const begun = ports.whatIfs.begin({ from, to, region, partner, candidate }, key);
    reply.code(202).header('location', `${WHAT_IFS}/${encodeURIComponent(begun.id)}`);
    return send(reply, begun);
  });
  app.get(WHAT_IFS, { schema: TRIALS_SCHEMA.list, config: STAFF }, async (_request, reply) => {
    const whatIfs = ports.whatIfs.list().map(({ answer: _answer, ...rest }) => rest);
    return send(reply, { whatIfs });
  });
  app.get<{ Params: { id: string } }>(
    `${WHAT_IFS}/:id`,
    { schema: TRIALS_SCHEMA.find, config: STAFF },
    async ({ params }, reply) => found(reply, ports.whatIfs.find(params.id)),
  );
  app.delete<{ Params: { id: string } }>(
    `${WHAT_IFS}/:id`,
    { schema: TRIALS_SCHEMA.cancel, config: STAFF },
    async ({ params }, reply) => found(reply.code(202), ports.whatIfs.cancel(params.id)),
  );
}

const RULE_SET_SAYS = 'Name one version in `ruleSet`, or give one `document`, not both.';

function ruleSetIn({ ruleSet, document }: Json): RuleSetNamed | undefined {
  if (document !== undefined) return ruleSet === undefined ? { document } : undefined;
  const named = ruleSet === undefined ? 'applied' : String(ruleSet);
  return isName(named) ? { named } : undefined;
}

function isOptionalName(value: unknown): value is string | undefined {
  return value === undefined || isName(value);
}

function malformed(reply: FastifyReply, detail: string): FastifyReply {
  return sendProblem(reply, { status: 400, code: 'bad-request', detail });
}

function refuse(tested: Exclude<OrderTested, { readonly kind: 'tested' }>): never {
  if (tested.kind === 'refused') {
    const { reason: code, path, message } = tested.problem;
    return fail(422, code, `${path || '/'}: ${message}.`);
  }
  const { diagnostics } = tested;
  const [first] = diagnostics;
  const detail = `${diagnostics.length} problems; the first at ${first?.path || '/'}: ${first?.message}.`;
  return fail(422, 'rule-set-does-not-compile', detail);
}

function found(reply: FastifyReply, view: WhatIfView | undefined): FastifyReply {
  if (view) return send(reply, view);
  const detail = 'There is no such what-if, or it was forgotten.';
  return sendProblem(reply, { status: 404, code: 'unknown-what-if', detail });
}

function send(reply: FastifyReply, body: object): FastifyReply {
  const head = reply.header('content-type', 'application/json').header('cache-control', 'no-store');
  return head.send(JSON.stringify(body));
}
