/**
 * ClickHouse's HTTP interface over the embedded engine: what curl, Grafana and `@clickhouse/client`
 * send to a server works here unchanged, with the engine's own errors and codes.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { createGunzip, createInflate, gzip } from 'node:zlib';
import type { Engine } from './chdb-engine.ts';
import { exception, exceptionOf, statusOf } from './clickhouse-error.ts';
import { type ClickHouseRequest, readRequest } from './clickhouse-request.ts';
import { type Answer, StatementRunner } from './clickhouse-run.ts';
import { Sessions } from './clickhouse-sessions.ts';
import { Gate } from './gate.ts';

/** A body, unpacked. The sink's blocks are a few megabytes; more belongs into several inserts. */
const BODY_BYTES_MAX = 64 * 1_024 * 1_024;
/** Statements in the engine at a time; each holds its body and its answer in memory. */
const STATEMENTS_RUNNING_MAX = 4;
/** Requests in line for the engine; the next is refused as a server at its limit does. */
const REQUESTS_WAITING_MAX = 256;
/** Answers from this size on are worth packing. */
const GZIP_BYTES_MIN = 1_024;
/** Longer than any client keeps an idle socket, so that the client is the one who closes. */
const KEEP_ALIVE_MS = 30_000;

/** A client that does not send its body holds a place of the few that run. */
const REQUEST_MS_MAX = 60_000;

const gzipped = promisify(gzip);

export type ClickHouseHttp = {
  readonly server: Server;
  /** Stops accepting, answers what was accepted, then resolves. */
  drain(): Promise<void>;
};

export function createClickHouseHttp(engine: Engine, dataDirectory: string): ClickHouseHttp {
  const gate = new Gate({ openMax: STATEMENTS_RUNNING_MAX, waitingMax: REQUESTS_WAITING_MAX });
  const sessions = new Sessions(engine);
  const runner = new StatementRunner(dataDirectory);

  const run = async (request: ClickHouseRequest, message: IncomingMessage): Promise<Answer> => {
    if (!(await gate.enter())) {
      const text = `Too many simultaneous queries. Maximum: ${REQUESTS_WAITING_MAX}`;
      throw exception(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', text);
    }
    try {
      const body = await readBody(message);
      return await sessions.use(request.session, (connection) =>
        runner.run(request, body, connection),
      );
    } finally {
      gate.leave();
    }
  };

  const timeouts = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS_MAX };
  const server = createServer(timeouts, (message, response) => {
    // While draining, an answered client must not keep its socket, or the drain never ends.
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    void answer(message, response, run).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  return { server, drain: () => drain(server, sessions) };
}

type Run = (request: ClickHouseRequest, message: IncomingMessage) => Promise<Answer>;

async function drain(server: Server, sessions: Sessions): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  sessions.close();
}

async function answer(message: IncomingMessage, response: ServerResponse, run: Run) {
  const queryId = randomUUID();
  try {
    refuseStrangers(message);
    const url = new URL(message.url ?? '/', 'http://localhost');
    const plain = plainAnswer(url);
    if (plain !== undefined) return sendText(response, 200, plain);
    if (url.pathname !== '/') return sendText(response, 404, notFound(url.pathname));

    const request = readRequest(url, message.headers, message.method ?? 'GET');
    response.setHeader('X-ClickHouse-Query-Id', request.queryId ?? queryId);
    await sendAnswer(response, request, await run(request, message));
  } catch (error) {
    sendException(message, response, error);
  }
}

function plainAnswer(url: URL): string | undefined {
  if (url.pathname === '/ping' || url.pathname === '/replicas_status') return 'Ok.\n';
  return undefined;
}

function notFound(path: string): string {
  return `There is no handle ${path}\n\nUse / or /ping for health checks.\n`;
}

const LOOPBACK_NAME = /^(?:https?:\/\/)?(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/**
 * There is no password here, so a web page must not reach the data through the browser of someone
 * on this machine: neither from its own origin nor under a name it made point to this address.
 */
function refuseStrangers(message: IncomingMessage): void {
  for (const name of [message.headers.host, message.headers.origin]) {
    if (name === undefined || LOOPBACK_NAME.test(name)) continue;
    throw exception(497, 'ACCESS_DENIED', `${name} may not use the embedded ClickHouse`);
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of unpacked(message)) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      const text = `Request body is larger than ${BODY_BYTES_MAX} bytes, send several inserts`;
      throw exception(307, 'REQUEST_BODY_TOO_LARGE', text);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes);
}

function unpacked(message: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = message.headers['content-encoding'] ?? '';
  switch (encoding) {
    case '':
    case 'identity':
      return message;
    case 'gzip':
      return message.pipe(createGunzip());
    case 'deflate':
      return message.pipe(createInflate());
    default:
      throw exception(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding} is not supported here`);
  }
}

async function sendAnswer(response: ServerResponse, request: ClickHouseRequest, answer: Answer) {
  response.setHeader('Content-Type', contentType(answer.format));
  response.setHeader('X-ClickHouse-Format', answer.format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded');
  response.setHeader('X-ClickHouse-Summary', summary(answer));
  if (!request.compressAnswer || answer.bytes.length < GZIP_BYTES_MIN) {
    response.end(answer.bytes);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.end(await gzipped(answer.bytes));
}

function contentType(format: string): string {
  if (/^(TSV|TabSeparated)/i.test(format)) return 'text/tab-separated-values; charset=UTF-8';
  if (/^CSV/i.test(format)) return 'text/csv; charset=UTF-8; header=absent';
  if (/^JSON.*(EachRow|Lines)/i.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (/^JSON/i.test(format)) return 'application/json; charset=UTF-8';
  if (/^(Parquet|Native|Arrow|RowBinary|MsgPack|ORC|Avro|Npy)/i.test(format)) {
    return 'application/octet-stream';
  }
  return 'text/plain; charset=UTF-8';
}

function summary(answer: Answer): string {
  const inserted = answer.rowsWritten > 0;
  const facts = {
    read_rows: inserted ? answer.rowsWritten : answer.rowsRead,
    read_bytes: inserted ? answer.bytesWritten : answer.bytesRead,
    written_rows: answer.rowsWritten,
    written_bytes: answer.bytesWritten,
    total_rows_to_read: '0',
    result_rows: inserted ? answer.rowsWritten : answer.rowsRead,
    result_bytes: inserted ? answer.bytesWritten : answer.bytes.length,
    elapsed_ns: Math.round(answer.seconds * 1e9),
  };
  // A server writes every figure as a string.
  return JSON.stringify(facts, (_key, value) => (typeof value === 'number' ? `${value}` : value));
}

function sendException(message: IncomingMessage, response: ServerResponse, error: unknown): void {
  const raised = exceptionOf(error);
  // An unread body would be taken for the next request of this connection.
  if (!message.complete) response.setHeader('Connection', 'close');
  response.setHeader('X-ClickHouse-Exception-Code', String(raised.code));
  sendText(response, statusOf(raised), `${raised.message}\n`);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end(text);
}
