import { expect, test } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { renderNextSteps } from './next-steps.ts';

const TEXT = renderNextSteps({
  http: 'http://127.0.0.1:8080',
  clickhouse: 'http://127.0.0.1:8123',
  database: 'arbiter',
  nats: 'nats://127.0.0.1:4222',
  metrics: 'http://127.0.0.1:8080/metrics',
});

test('every part of the demo has a command to try', () => {
  expect(TEXT).toContain('curl -s http://127.0.0.1:8080/v1/quotes');
  expect(TEXT).toContain('curl -s http://127.0.0.1:8080/v1/members/m-000001');
  expect(TEXT).toContain('curl -s http://127.0.0.1:8080/metrics');
  expect(TEXT).toContain('nats://127.0.0.1:4222');
});

test('a query with quotes survives the shell', () => {
  expect(TEXT).toContain(String.raw`WHERE promotion != '\'''\'' AND`);
});

test('the quote can be read by the processor', () => {
  const body = /-d '(.*)'/.exec(TEXT)?.[1] ?? '';
  expect(decodeTransaction(JSON.parse(body))).toMatchObject({ ok: true });
});
