import type { FastifyInstance } from 'fastify';
import { fixedMilliseconds, parseDuration } from '../../core/time/duration.ts';
import { isName } from '../../core/transaction/reader.ts';
import {
  isCursor,
  PAGE_DEFAULT,
  PAGE_MAX,
  type PageRequest,
} from '../transaction-list/transaction-list.ts';
import { sendBody } from './body.ts';
import { MEMBER_SCHEMA, STATUS_SCHEMA, TRANSACTION_LIST_SCHEMA } from './openapi.ts';
import type { GatewayPorts } from './ports.ts';
import { sendProblem } from './problem.ts';

/** What a load balancer and a newcomer may see. */
const OPEN = { config: { permission: 'open' } } as const;

export function memberRoutes(app: FastifyInstance, ports: GatewayPorts): void {
  app.get<{ Params: { id: string }; Querystring: { expiringWithin?: unknown } }>(
    '/v1/members/:id',
    { schema: MEMBER_SCHEMA, config: { permission: 'members.read' } },
    async (request, reply) => {
      const { id } = request.params;
      const { expiringWithin } = request.query;
      if (expiringWithin !== undefined && !isLength(expiringWithin)) {
        const detail = '`expiringWithin` has to be a length of time in days or hours, like `P14D`.';
        return sendProblem(reply, { status: 400, code: 'invalid-duration', detail });
      }
      const member = isName(id) ? await ports.member(id, expiringWithin) : undefined;
      if (member !== undefined) return sendBody(reply.header('cache-control', 'no-store'), member);
      const detail = 'There is no such member.';
      return sendProblem(reply, { status: 404, code: 'unknown-member', detail });
    },
  );
}

/** A member's transaction list, page by page. */
export function transactionListRoutes(app: FastifyInstance, ports: GatewayPorts): void {
  app.get<{ Params: { id: string }; Querystring: Readonly<Record<string, unknown>> }>(
    '/v1/members/:id/transactions',
    { schema: TRANSACTION_LIST_SCHEMA, config: { permission: 'members.read' } },
    async (request, reply) => {
      const { id } = request.params;
      const asked = pageOf(request.query);
      if (asked === undefined || !isName(id)) {
        const detail = `\`limit\` is a number from 1 to ${PAGE_MAX}, \`before\` the \`next\` of a page.`;
        return sendProblem(reply, { status: 400, code: 'invalid-page', detail });
      }
      const { transactions, next = null } = await ports.transactions(id, asked);
      return sendBody(reply.header('cache-control', 'no-store'), { transactions, next });
    },
  );
}

function pageOf(query: Readonly<Record<string, unknown>>): PageRequest | undefined {
  const { limit = String(PAGE_DEFAULT), before, points } = query;
  const wanted = Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > PAGE_MAX) return undefined;
  if (before !== undefined && (typeof before !== 'string' || !isCursor(before))) return undefined;
  if (points !== undefined && !isName(points)) return undefined;
  return { limit: wanted, before, points };
}

/** A length of time without months, at most a hundred years. */
function isLength(value: unknown): value is string {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined;
  return duration !== undefined && fixedMilliseconds(duration) !== undefined;
}

export function statusRoutes(app: FastifyInstance, ports: GatewayPorts): void {
  const json = 'application/json';
  app.get('/healthz', { schema: STATUS_SCHEMA.healthz, ...OPEN }, async (_request, reply) => {
    return reply.header('content-type', json).send('{"status":"alive"}');
  });
  app.get('/readyz', { schema: STATUS_SCHEMA.readyz, ...OPEN }, async (_request, reply) => {
    const report = ports.health();
    reply.code(report.ready ? 200 : 503).header('content-type', json);
    return reply.send(JSON.stringify(report));
  });
  app.get(
    '/metrics',
    { schema: STATUS_SCHEMA.metrics, config: { permission: 'metrics.read' } },
    async (_request, reply) => {
      const { contentType, text } = await ports.metrics();
      return reply.header('content-type', contentType).send(text);
    },
  );
  app.get('/openapi.json', { schema: STATUS_SCHEMA.openapi, ...OPEN }, async (_request, reply) => {
    return reply.header('content-type', json).send(JSON.stringify(app.swagger()));
  });
}
