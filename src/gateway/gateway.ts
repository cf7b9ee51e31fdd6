import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import swagger from '@fastify/swagger';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { isName } from '../../core/transaction/reader.ts';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Logger } from '../observe/logger.ts';
import { accessRoutes } from './access-routes.ts';
import { openApi } from './api/api.ts';
import { acceptBodies } from './body.ts';
import type { Rates } from './caller-rates.ts';
import { guardRoutes } from './guard.ts';
import { onceEach } from './once.ts';
import { DOCUMENT } from './openapi.ts';
import type { GatewayPorts } from './ports.ts';
import { problemOf, sendProblem } from './problem.ts';
import { sessionRoutes } from './session-routes.ts';
import { memberRoutes, statusRoutes, transactionListRoutes } from './status.ts';
import { transactionRoutes } from './transactions.ts';
import { trialRoutes } from './trials.ts';
import { welcomePage } from './welcome.ts';

export interface GatewayOptions {
  readonly bodyBytes: number;
  /** Time to receive a whole request. */
  readonly requestSeconds: number;
  readonly logger: Logger;
  /** Asks everybody who they are; without one the gateway is open. */
  readonly keeper?: Gatekeeper | undefined;
  /** True where whoever shows nothing is the operator of this machine. */
  readonly trustsMachine?: boolean;
  readonly rates?: Partial<Rates>;
  /** Proxies in front of us, whose word on a caller's address is taken; commas between them. */
  readonly trustedProxies?: string | undefined;
}

/** Open connections; more are refused by the socket. */
const MAX_CONNECTIONS = 8_192;
const KEEP_ALIVE_MS = 60_000;
/** How often Node looks for requests that come too slowly. */
const SLOW_CHECK_MS = 1_000;
const MAX_MEMBER_LENGTH = 512;

/**
 * The HTTP door. It takes requests apart and puts answers together; what a transaction may be and
 * what becomes of it is decided behind the ports, the same way as for NATS.
 */
export async function createGateway(
  ports: GatewayPorts,
  options: GatewayOptions,
): Promise<FastifyInstance> {
  const app = fastify(serverOptions(options));
  app.server.maxConnections = MAX_CONNECTIONS;
  // The schemas describe, the engine validates, and bodies leave as the text we made.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  acceptBodies(app);
  explainFailures(app, options.logger);
  countAnswers(app, ports);

  await app.register(swagger, { openapi: DOCUMENT });
  const { keeper, trustsMachine = false, rates } = options;
  const guard = guardRoutes(app, keeper, { trustsMachine, rates });
  transactionRoutes(app, { ...ports, guard });
  memberRoutes(app, ports);
  transactionListRoutes(app, ports);
  statusRoutes(app, ports);
  const answers = ports.api?.answers;
  if (ports.trials) trialRoutes(app, ports.trials, onceEach(guard, answers));
  if (ports.access) {
    sessionRoutes(app, ports.access, guard);
    accessRoutes(app, ports.access, { guard, answers });
    welcomePage(app);
  }
  if (ports.api) await openApi(app, { ...ports, ...ports.api, guard });
  return app;
}

function serverOptions({ bodyBytes, requestSeconds, trustedProxies }: GatewayOptions) {
  const requestTimeout = requestSeconds * 1_000;
  return {
    bodyLimit: bodyBytes,
    trustProxy: trustedProxies ?? false,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: SLOW_CHECK_MS },
    routerOptions: { maxParamLength: MAX_MEMBER_LENGTH },
    genReqId: requestIdOf,
    forceCloseConnections: 'idle' as const,
  };
}

/** The caller's id of the request, if it is a sane one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return isName(given) ? given : randomUUID();
}

function explainFailures(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log(logger, { request, error, status: problem.status });
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is no ${request.method} ${request.url.slice(0, MAX_MEMBER_LENGTH)}.`;
    return sendProblem(reply, { status: 404, code: 'not-found', detail });
  });
}

interface Failure {
  readonly request: FastifyRequest;
  readonly error: unknown;
  readonly status: number;
}

function log(logger: Logger, { request, error, status }: Failure): void {
  const about = { requestId: request.id, route: routeOf(request), status, err: error };
  // Overload and timeouts are expected under stress; anything else wants a person.
  if (status === 500 || status === 502) logger.error(about, 'http request failed');
  else logger.warn(about, 'http request not served');
}

function countAnswers(app: FastifyInstance, ports: GatewayPorts): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    ports.answered({
      route: routeOf(request),
      method: request.method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    });
    done();
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}
