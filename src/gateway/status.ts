import type { FastifyInstance } from 'fastify';
import { isName } from '../../core/transaction/reader.ts';
import { sendBody } from './body.ts';
import { MEMBER_SCHEMA, STATUS_SCHEMA } from './openapi.ts';
import type { GatewayPorts } from './ports.ts';
import { sendProblem } from './problem.ts';

export function memberRoutes(app: FastifyInstance, ports: GatewayPorts): void {
  app.get<{ Params: { id: string } }>(
    '/v1/members/:id',
    { schema: MEMBER_SCHEMA },
    async (request, reply) => {
      const { id } = request.params;
      const member = isName(id) ? await ports.member(id) : undefined;
      if (member !== undefined) return sendBody(reply.header('cache-control', 'no-store'), member);
      const detail = 'There is no such member.';
      return sendProblem(reply, { status: 404, code: 'unknown-member', detail });
    },
  );
}

export function statusRoutes(app: FastifyInstance, ports: GatewayPorts): void {
  const json = 'application/json';
  app.get('/healthz', { schema: STATUS_SCHEMA.healthz }, async (_request, reply) => {
    return reply.header('content-type', json).send('{"status":"alive"}');
  });
  app.get('/readyz', { schema: STATUS_SCHEMA.readyz }, async (_request, reply) => {
    const report = ports.health();
    reply.code(report.ready ? 200 : 503).header('content-type', json);
    return reply.send(JSON.stringify(report));
  });
  app.get('/metrics', { schema: STATUS_SCHEMA.metrics }, async (_request, reply) => {
    const { contentType, text } = await ports.metrics();
    return reply.header('content-type', contentType).send(text);
  });
  app.get('/openapi.json', { schema: STATUS_SCHEMA.openapi }, async (_request, reply) => {
    return reply.header('content-type', json).send(JSON.stringify(app.swagger()));
  });
}
