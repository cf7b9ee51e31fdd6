import { describe, expect, it } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { requestsTo, tableOf } from './measure.ts';
import { BodyMaker, makeHttpTraffic } from './traffic.ts';

describe('the traffic of the HTTP benchmark', () => {
  const traffic = makeHttpTraffic({ seed: 1, lines: 5 });

  it('is valid checkouts of five lines under ids of their own', () => {
    const bodies = new BodyMaker(traffic.tails, 'bench/x');
    const ids = new Set<string>();
    for (let count = 0; count < 5_000; count += 1) {
      const decoded = decodeTransaction(JSON.parse(bodies.next()));
      expect(decoded).toMatchObject({ ok: true, transaction: { kind: 'checkout' } });
      if (decoded.ok) ids.add(decoded.transaction.id);
      if (decoded.ok && decoded.transaction.kind === 'checkout') {
        expect(decoded.transaction.lines).toHaveLength(5);
      }
    }
    expect(ids.size).toBe(5_000);
  });

  it('enrols every member before', () => {
    const enrolled = new Set(traffic.enrolments.map((each) => 'member' in each && each.member));
    for (const tail of traffic.tails) {
      const { member } = JSON.parse(`{${tail}`);
      expect(member === undefined || enrolled.has(member)).toBe(true);
    }
  });
});

describe('a request', () => {
  it('says how many bytes follow, whatever they are', () => {
    const bodies = new BodyMaker(['"store":"á"}'], 'x');
    const next = requestsTo({ url: 'http://127.0.0.1:8080/v1/quotes', bodies });
    const [head, body = ''] = next().split('\r\n\r\n');
    expect(body).toBe('{"id":"x/1","store":"á"}');
    expect(head?.split('\r\n')).toEqual([
      'POST /v1/quotes HTTP/1.1',
      'Host: 127.0.0.1:8080',
      'Connection: keep-alive',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.from(body).length}`,
    ]);
    expect(next()).toContain('{"id":"x/2",');
  });
});

describe('the table', () => {
  it('has aligned columns', () => {
    const row = { p50: 1, p90: 2, p99: 3, max: 40, failed: 0, answered: 10, perSecond: 5 };
    const text = tableOf([{ name: 'quotes', offered: '4000/s', ...row }]);
    const widths = new Set(text.split('\n').map((line) => line.length));
    expect(widths.size).toBe(1);
  });
});
