import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { NatsConnection } from 'nats';
import { type Access, openAccess } from '../access/open-access.ts';
import { AuditMirror } from '../audit/audit-mirror.ts';
import { RuleAuditor } from '../audit/rule-auditor.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import type { Settings } from '../config/settings.ts';
import { type DataDirectory, openDataDirectory } from '../embedded/data-directory.ts';
import { Fault, messageOf } from '../fault.ts';
import { openApiPorts } from '../gateway/api/open-api-ports.ts';
import { clientPorts } from '../gateway/client-ports.ts';
import { createGateway } from '../gateway/gateway.ts';
import { connectNats, loginOf, type NatsStatus } from '../nats/connection.ts';
import { NearExchange } from '../nats/near-exchange.ts';
import { Health } from '../observe/health.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { watchNats } from '../observe/watch-nats.ts';
import { Processor } from '../processor/processor.ts';
import { ClickHouseTarget } from '../sink/clickhouse-target.ts';
import { ClickHouseSink } from '../sink/sink.ts';
import { SinkState } from '../sink/sink-state.ts';
import { TransactionList } from '../transaction-list/transaction-list.ts';
import { TrialPool } from '../trials/trial-pool.ts';
import { WhatIfDesk } from '../trials/what-if-desk.ts';
import { removeEndpoints, writeEndpoints } from './endpoints.ts';
import { poolTail } from './pool-tail.ts';
import { type Servers, startServers } from './servers.ts';
import type { ServerEvent } from './supervise.ts';
import { watchSystem } from './watch.ts';

/** Folder of the sink's own state, inside the store folder. */
export const SINK_FOLDER = 'sink';
/** How long a stop waits for ClickHouse; the next start sends the rest. */
const SINK_DRAIN_MILLISECONDS = 15_000;
/** Partitions that are on their way to a worker at a time: one more would only wait for it. */
const LANES_PER_WORKER = 1;

export interface System {
  readonly data: DataDirectory;
  readonly servers: Servers;
  readonly connection: NatsConnection;
  readonly processor: Processor;
  readonly sink: ClickHouseSink;
  readonly client: TransactionClient;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly access: Access;
  /** Address of the gateway; `undefined` when it was not wanted. */
  readonly httpUrl: string | undefined;
  /** Drains and stops everything that was started, in the reverse order. */
  stop(): Promise<void>;
}

/**
 * Starts a whole system on one data directory: the servers that are not configured, the
 * processor, the sink and, where wanted, the HTTP gateway. What fails half way is undone.
 */
export async function startSystem(
  settings: Settings,
  options: { readonly logger: Logger; readonly gateway: boolean },
): Promise<System> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(settings, { ...options, undo })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Starting {
  readonly logger: Logger;
  readonly gateway: boolean;
  /** How to take each step back, in the order of the steps. */
  readonly undo: (() => Promise<void> | void)[];
}

async function start(settings: Settings, starting: Starting): Promise<Omit<System, 'stop'>> {
  const { logger, undo } = starting;
  const metrics = createMetrics();
  const health = new Health();
  const data = openDataDirectory(settings.data);
  undo.push(() => data.release());
  const servers = await startServers(settings, data, {
    nats: true,
    clickhouse: true,
    onEvent: (event) => logServerEvent(logger, event),
  });
  undo.push(() => servers.stop());

  const watch = watchNats({ logger, metrics, part: health.required('nats') });
  let onReconnected = (): void => {};
  const connection = await connectNats({
    servers: servers.natsUrls,
    login: loginOf(settings),
    name: 'arbiter-processor',
    onStatus: (status: NatsStatus) => {
      watch(status);
      if (status.kind === 'reconnected') onReconnected();
    },
  });
  undo.push(() => connection.close());

  const near = new NearExchange();
  const reach = { connection, near };
  const processor = await startProcessor(settings, { ...starting, ...reach, data, metrics });
  onReconnected = () => processor.reconnected();
  health.required('store').up();
  const clickhouse = openClickHouse(settings, servers);
  undo.push(() => clickhouse.close());
  const sink = await startSink({ ...starting, data, clickhouse, processor });
  const client = new TransactionClient(connection, {
    partitions: settings.partitions,
    maxWaiting: settings.httpMaxWaiting,
    near,
    lanesAtOnce: LANES_PER_WORKER * settings.workers,
    onRepeat: () => metrics.envelopeRepeats.inc(),
  });
  undo.push(() => client.close());
  undo.push(watchSystem({ processor, sink, metrics, health, storePath: data.store }));
  const access = openAccess(data.access, { first: starting.gateway });
  undo.push(() => access.close());
  const mirror = new AuditMirror({
    store: access.store,
    clickhouse,
    ready: () => sink.status().connected,
    onError: (err) => logger.warn({ err }, 'audit list is not copied, will be tried again'),
    onBehind: (rows) => metrics.auditBehind.set(rows),
  });
  const auditor = new RuleAuditor({
    store: access.store,
    books: processor.registry.books,
    onError: (err) => logger.warn({ err }, 'books of rule sets are not told, will be tried again'),
  });
  mirror.start();
  undo.push(() => auditor.stop());
  undo.push(() => mirror.stop());
  const parts = { data, servers, connection, processor, sink, client, metrics, health, access };
  const gateway = starting.gateway
    ? await startGateway(settings, { ...starting, ...parts, clickhouse })
    : undefined;
  const httpUrl = gateway && addressOf(gateway);
  const { natsUrls, clickhouseUrl } = servers;
  writeEndpoints(data.path, { natsUrls, clickhouseUrl, httpUrl });
  undo.push(() => removeEndpoints(data.path));
  return { ...parts, httpUrl };
}

async function startProcessor(
  settings: Settings,
  given: Starting & {
    readonly data: DataDirectory;
    readonly connection: NatsConnection;
    readonly near: NearExchange;
    readonly metrics: Metrics;
  },
): Promise<Processor> {
  const processor = await Processor.start({
    connection: given.connection,
    near: given.near,
    storePath: given.data.store,
    partitions: settings.partitions,
    threads: settings.workers,
    mapBytes: settings.storeBytes,
    freeBytes: settings.freeBytes,
    replicas: settings.natsReplicas,
    tickSeconds: settings.tickSeconds,
    logger: given.logger,
    metrics: given.metrics,
  });
  given.undo.push(() => processor.stop());
  return processor;
}

function openClickHouse(settings: Settings, servers: Servers): ClickHouse {
  return new ClickHouse({
    url: servers.clickhouseUrl,
    user: settings.clickhouseUser,
    password: settings.clickhousePassword,
    database: settings.clickhouseDatabase,
  });
}

async function startSink(
  given: Starting & {
    readonly data: DataDirectory;
    readonly clickhouse: ClickHouse;
    readonly processor: Processor;
  },
): Promise<ClickHouseSink> {
  const { logger, clickhouse, processor, undo } = given;
  const state = new SinkState({
    path: join(given.data.store, SINK_FOLDER),
    deployment: processor.deployment.id,
  });
  undo.push(() => state.close());
  const sink = new ClickHouseSink({
    tail: poolTail(processor),
    state,
    target: new ClickHouseTarget(clickhouse, processor.deployment.id),
    onRetry: (err, attempt) => logger.warn({ err, attempt }, 'sink block will be sent again'),
    onRefused: (err) => logger.error({ err }, 'sink stopped: a person has to decide'),
  });
  sink.start();
  undo.push(() => sink.stop({ drainMs: SINK_DRAIN_MILLISECONDS }));
  // First the log is left alone, so that the sink can catch up with a ledger that stands still.
  undo.push(() => processor.quiesce());
  return sink;
}

async function startGateway(
  settings: Settings,
  given: Starting &
    Pick<
      System,
      'access' | 'client' | 'connection' | 'data' | 'health' | 'metrics' | 'processor'
    > & {
      readonly clickhouse: ClickHouse;
    },
): Promise<FastifyInstance> {
  const { client, clickhouse, health, metrics, processor, logger, undo } = given;
  const answerSeconds = settings.httpRequestSeconds;
  const list = new TransactionList({
    clickhouse,
    partitions: settings.partitions,
    precisions: (partition) => processor.pool.read('precisions', { partition }),
  });
  const transactions = list.page.bind(list);
  const pool = new TrialPool(given.data.store);
  undo.push(() => pool.close());
  const trials = {
    test: pool.test.bind(pool),
    whatIfs: new WhatIfDesk(pool),
    now: () => Date.now(),
  };
  const { keeper, ports: access } = given.access;
  const replicas = settings.natsReplicas;
  const api = await openApiPorts({ ...given, pool, store: given.access.store, replicas });
  const parts = { client, health, metrics, answerSeconds, transactions, trials, access, api };
  const gateway = await createGateway(clientPorts(parts), {
    keeper,
    trustsMachine: trustsMachine(settings),
    trustedProxies: settings.httpTrustedProxies,
    rates: {
      token: settings.httpTokenRate,
      person: settings.httpPersonRate,
      stranger: settings.httpStrangerRate,
    },
    bodyBytes: settings.httpBodyBytes,
    requestSeconds: answerSeconds,
    logger,
  });
  undo.push(() => gateway.close());
  await gateway.listen({ host: settings.httpHost, port: settings.httpPort }).catch((cause) => {
    const hint = 'choose another port with --port, or 0 for a free one';
    const message = `the HTTP gateway cannot start: ${messageOf(cause)}`;
    throw new Fault('http-address-unusable', message, {
      retry: 'operator',
      facts: { hint },
      cause,
    });
  });
  return gateway;
}

/** On the loopback alone everybody is the operator; anywhere else callers have to show a token. */
function trustsMachine({ httpHost, httpAccess }: Settings): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(httpHost) && httpAccess === 'local';
}

function logServerEvent(logger: Logger, event: ServerEvent): void {
  const { server } = event;
  if (event.kind === 'died') {
    const { pid, code, signal } = event;
    logger.error({ server, pid, code, signal }, 'embedded server died, will be started again');
  } else if (event.kind === 'started-again') {
    logger.info({ server, pid: event.pid }, 'embedded server started again');
  } else {
    const { attempt, error: err } = event;
    logger.error({ server, attempt, err }, 'embedded server did not start, will be tried again');
  }
}

function addressOf(gateway: FastifyInstance): string {
  const address = gateway.server.address();
  if (typeof address !== 'object' || address === null) return '';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
