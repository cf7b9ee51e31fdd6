import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf } from '../body.ts';
import type { Caller, Guard, RoutePermission } from '../guard.ts';
import { ProblemError } from '../problem.ts';
import { answeredOnce, type RequestAnswers } from './answered-once.ts';

/** A request that has passed its schema. */
export interface Ask {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** An object where the schema wants one; `{}` when nothing was sent. */
  readonly body: unknown;
  readonly headers: FastifyRequest['headers'];
  /** Names the request among all of its caller, where that gave it a key. */
  readonly request?: { readonly key: string; readonly resumed: boolean };
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What is remembered instead of `body`, where that holds what is shown only once. */
  readonly remembered?: unknown;
  /** Sent as it is, with its content type. */
  readonly text?: { readonly type: string; readonly content: string };
}

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly permission: RoutePermission;
  readonly schema: object;
  readonly bodyBytes?: number;
  readonly answer: (ask: Ask) => Promise<Answer>;
}

export interface RouteParts {
  readonly guard: Guard;
  /** Remembers what requests with a key were answered. */
  readonly answers: RequestAnswers;
}

/** Adds routes that all take and give the same way: checked, with problems, once for each key. */
export function addRoutes(
  api: FastifyInstance,
  routes: readonly ApiRoute[],
  { guard, answers }: RouteParts,
): void {
  for (const { method, url, permission, schema, bodyBytes, answer } of routes) {
    api.route({
      method,
      url,
      schema,
      config: { permission },
      ...(bodyBytes === undefined ? {} : { bodyLimit: bodyBytes }),
      handler: async (request, reply) => {
        const ask = askOf(request, guard);
        const given =
          method === 'GET'
            ? await answer(ask)
            : await answeredOnce(answers, { ask, request, answer });
        return send(reply, given);
      },
    });
  }
}

export function askOf(request: FastifyRequest, guard: Guard): Ask {
  const { params, query, headers } = request;
  const { value = {} } = bodyOf(request);
  // Fastify makes both of them out of the address, and the schemas have checked them.
  const given = { params: params as Ask['params'], query: query as Ask['query'] };
  return { caller: guard.callerOf(request), ...given, body: value, headers };
}

export function send(reply: FastifyReply, { status = 200, headers = {}, body, text }: Answer) {
  reply.code(status).header('cache-control', 'no-store').headers(headers);
  if (text) return reply.header('content-type', text.type).send(text.content);
  if (body === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(JSON.stringify(body));
}

/** Ends a request with a problem. */
export function fail(
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): never {
  throw new ProblemError({ status, code, detail, more });
}
