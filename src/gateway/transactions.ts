import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome } from '../client/outcome.ts';
import { bodyOf, formatOf, sendBody, sendJson, wantedFormat } from './body.ts';
import type { Guard } from './guard.ts';
import { KIND_SCHEMAS, QUOTES_SCHEMA, TRANSACTIONS_SCHEMA } from './openapi.ts';
import type { GatewayPorts } from './ports.ts';
import { OVERLOADED, type Problem, sendProblem } from './problem.ts';
import { type Given, spliced } from './spliced.ts';

/** Transactions in one request. */
export const MAX_TRANSACTIONS = 1_000;

/** Kinds that only the system itself may put into the log. */
const SYSTEM_KINDS: ReadonlySet<unknown> = new Set([
  'activation',
  'lease',
  'relay',
  'relayed',
  'tick',
]);
const CHECKOUT_KINDS: ReadonlySet<unknown> = new Set(['checkout', 'return', 'cancel']);

const KIND_ROUTES = [
  ['/v1/holds', 'hold'],
  ['/v1/captures', 'capture'],
  ['/v1/releases', 'release'],
  ['/v1/deliveries', 'deliver'],
] as const;

interface Route {
  readonly path: string;
  readonly schema: object;
  readonly allows: (kind: unknown) => boolean;
  /** What the transaction needs beyond what was sent. */
  readonly prepare: (sent: unknown, request: FastifyRequest, position: number) => Given;
  readonly send: GatewayPorts['submit'];
  readonly asks: 'transactions.submit' | 'quotes.ask';
}

export function transactionRoutes(
  app: FastifyInstance,
  ports: GatewayPorts & { readonly guard: Guard },
): void {
  const { submit, quote } = ports;
  const asks = 'transactions.submit';
  const prepare = withKind('checkout');
  post(app, ports, {
    path: '/v1/checkouts',
    schema: TRANSACTIONS_SCHEMA.checkouts,
    // A kind that is no text at all is the engine's to reject, like everything malformed.
    allows: (kind) => typeof kind !== 'string' || CHECKOUT_KINDS.has(kind),
    prepare,
    send: submit,
    asks,
  });
  post(app, ports, {
    path: '/v1/transactions',
    schema: TRANSACTIONS_SCHEMA.transactions,
    allows: (kind) => !SYSTEM_KINDS.has(kind),
    prepare: () => NOTHING,
    send: submit,
    asks,
  });
  // One kind each: the routes that a shop looks for when it holds a checkout.
  for (const [path, kind] of KIND_ROUTES) {
    post(app, ports, {
      path,
      schema: KIND_SCHEMAS[kind],
      allows: (sent) => typeof sent !== 'string' || sent === kind,
      prepare: withKind(kind),
      send: submit,
      asks,
    });
  }
  post(app, ports, {
    path: '/v1/quotes',
    schema: QUOTES_SCHEMA,
    allows: (kind) => typeof kind !== 'string' || kind === 'checkout' || kind === 'quote',
    prepare: asQuote,
    send: quote,
    asks: 'quotes.ask',
  });
}

function post(
  app: FastifyInstance,
  ports: GatewayPorts & { readonly guard: Guard },
  route: Route,
): void {
  const config = { permission: 'by-kind' } as const;
  app.post(route.path, { schema: route.schema, config }, async (request, reply) => {
    const { value, raw } = bodyOf(request);
    const single = !Array.isArray(value);
    const sent: readonly unknown[] = Array.isArray(value) ? value : [value];
    const problem = refuse(sent, route) ?? (ports.isFull() ? OVERLOADED : undefined);
    if (problem !== undefined) return sendProblem(reply, problem);

    const format = formatOf(request);
    const given = sent.map((each, index) => route.prepare(each, request, index));
    const encoded = single && format === 'json' ? spliced(raw, value, given[0]) : undefined;
    const transactions = sent.map((each, index) => withGiven(each, given[index]));
    const admission = ports.guard.admit(request, transactions, route.asks);
    if (!admission.ok) return sendProblem(reply, admission.problem);
    const { store } = admission;
    const outcomes = await route.send(transactions, { format, encoded, store });
    return answer(reply, outcomes, single);
  });
}

/** 200 when all were accepted (now or before), 422 when none was, 207 when some were. */
function answer(reply: FastifyReply, outcomes: readonly Outcome[], single: boolean): FastifyReply {
  const rejected = outcomes.filter(({ isRejected }) => isRejected).length;
  if (rejected > 0) reply.code(rejected === outcomes.length ? 422 : 207);
  if (wantedFormat(reply) === 'msgpack') {
    return sendBody(reply, single ? outcomes[0]?.json : outcomes.map(({ json }) => json));
  }
  // As the processor wrote them.
  const texts = outcomes.map(({ text }) => text).join(',');
  return sendJson(reply, single ? texts : `[${texts}]`);
}

function refuse(sent: readonly unknown[], route: Route): Problem | undefined {
  if (sent.length === 0) {
    return { status: 400, code: 'empty-list', detail: 'Send at least one transaction.' };
  }
  if (sent.length > MAX_TRANSACTIONS) {
    const detail = `Send at most ${MAX_TRANSACTIONS} transactions in one request.`;
    return { status: 413, code: 'too-many-transactions', detail };
  }
  const index = sent.findIndex((each) => !route.allows(kindOf(each)));
  if (index < 0) return undefined;
  const kind = String(kindOf(sent[index])).slice(0, MAX_SHOWN);
  const detail = `Number ${index + 1} has the kind \`${kind}\`, which ${route.path} does not take.`;
  return { status: 400, code: 'kind-not-allowed', detail };
}

const MAX_SHOWN = 40;

function kindOf(sent: unknown): unknown {
  return isPlain(sent) ? sent['kind'] : undefined;
}

const NOTHING: Given = {};

function withKind(kind: string): Route['prepare'] {
  const given = { kind };
  return (sent) => (isPlain(sent) && sent['kind'] === undefined ? given : NOTHING);
}

/** A checkout becomes the question what it would give; an id is made up where there is none. */
function asQuote(sent: unknown, request: FastifyRequest, position: number): Given {
  if (!isPlain(sent)) return NOTHING;
  const id = sent['id'];
  const kind = sent['kind'];
  const isCheckout = kind === undefined || kind === 'checkout';
  const isNameless = id === undefined || id === null;
  return {
    ...(isNameless ? { id: `quote/${request.id}/${position + 1}` } : {}),
    ...(isCheckout ? { kind: 'quote' } : {}),
  };
}

/** The transaction itself, which nobody else has: copying it would cost as much as reading it. */
function withGiven(sent: unknown, given: Given = NOTHING): unknown {
  return given === NOTHING || !isPlain(sent) ? sent : Object.assign(sent, given);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
