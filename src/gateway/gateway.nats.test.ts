import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransactionClient } from '../client/transaction-client.ts';
import { connectNats } from '../nats/connection.ts';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { EchoProcessor } from '../testing/echo-processor.ts';
import { ScratchNats } from '../testing/scratch-nats.ts';
import { clientPorts } from './client-ports.ts';
import { createGateway } from './gateway.ts';

const PARTITIONS = 4;
const REQUEST_SECONDS = 2;

let server: ScratchNats;
let connection: NatsConnection;
let processor: EchoProcessor;
let client: TransactionClient;
let app: FastifyInstance;
let address: string;

beforeAll(async () => {
  server = await ScratchNats.start();
  connection = await connectNats({ servers: [server.url], name: 'test' });
  processor = await EchoProcessor.start(connection, PARTITIONS);
  client = new TransactionClient(connection, { partitions: PARTITIONS, maxWaiting: 2_000 });
  const ports = clientPorts({
    client,
    health: new Health(),
    metrics: createMetrics(),
    transactions: async () => ({ transactions: [], next: undefined }),
    answerSeconds: 10,
  });
  const logger = createLogger({ level: 'silent' });
  app = await createGateway(ports, {
    bodyBytes: 1_048_576,
    requestSeconds: REQUEST_SECONDS,
    logger,
  });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app.close();
  await client.close();
  await connection.close();
  await server.stop();
});

let next = 0;
function checkout(change: object = {}) {
  next += 1;
  const lines = [{ sku: 'TOY-9', quantity: 1, price: 100 }];
  return { id: `h-${next}`, kind: 'checkout', member: `m-${next % 40}`, lines, ...change };
}

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe('the gateway over a real log', () => {
  it('answers single checkouts of many callers, each with its own outcome', async () => {
    const transactions = Array.from({ length: 200 }, () => checkout());
    const answers = await Promise.all(transactions.map((each) => post('/v1/checkouts', each)));
    expect(answers.map(({ status }) => status)).toEqual(transactions.map(() => 200));
    expect(answers.map(({ body }) => body)).toEqual(
      transactions.map(({ id }) => ({ id, status: 'accepted' })),
    );
    expect(processor.seen.flat()).toEqual(expect.arrayContaining(transactions.map(({ id }) => id)));
  });

  it('records what is malformed, the same way as NATS does', async () => {
    const answer = await post('/v1/checkouts', { id: 'bad', kind: 'checkout', lines: [] });
    expect(answer).toMatchObject({ status: 422, body: { id: 'bad', reason: 'no-lines' } });
    expect(processor.seen.flat()).toContain('bad');
  });

  it('answers quotes and members', async () => {
    const quote = await post('/v1/quotes', [checkout(), checkout()]);
    expect(quote).toMatchObject({ status: 200, body: [{ status: 'accepted' }, {}] });
    const member = await fetch(`${address}/v1/members/m-1`);
    expect(await member.json()).toMatchObject({ id: 'm-1', points: [{ available: 7 }] });
  });

  it('turns more away than may wait, and serves again when they are answered', async () => {
    const list = () => Array.from({ length: 1_000 }, () => checkout());
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/v1/checkouts', list())));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses).toContain(200);
    expect((await post('/v1/checkouts', checkout())).status).toBe(200);
  });

  it('counts what it answered', async () => {
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain(
      'arbiter_http_requests_total{route="/v1/members/:id",method="GET",status="200"} 1',
    );
    expect(metrics).toContain('arbiter_http_waiting_transactions 0');
  });

  it('hangs up on a caller who sends too slowly', async () => {
    const { port } = new URL(address);
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    const ended = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
    });
    socket.write('POST /v1/checkouts HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    expect(await ended).toContain('408');
  });
});
