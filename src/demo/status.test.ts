import { expect, test } from 'vitest';
import { type DemoStatus, renderStatus, renderStatusLine } from './status.ts';

const STATUS: DemoStatus = {
  programme: 'silk-road',
  uptimeSeconds: 75,
  targetPerSecond: 500,
  behind: 0,
  inFlight: 12,
  measured: {
    accepted: 36_000,
    repeated: 3,
    rejected: 41,
    perSecond: 498.7,
    latency: { p50: 3.42, p95: 8.9, p99: 214.6 },
    points: [
      { type: 'main', issued: 1_234_567, redeemed: 8_900 },
      { type: 'status', issued: 99, redeemed: 0 },
    ],
    rejections: [
      { name: 'unknown-store', count: 40 },
      { name: 'no-lines', count: 1 },
    ],
    campaigns: [
      { name: 'earn-everywhere', count: 20_000 },
      { name: 'dairy-days-15', count: 1_000 },
    ],
  },
  streamLag: 17,
  sinkLag: 1_200,
  trouble: undefined,
};

test('the status shows rates, latencies, lags, points, rejections and campaigns', () => {
  expect(renderStatus(STATUS)).toBe(
    [
      'Arbiter demo · silk-road · running 01:15',
      '─'.repeat(64),
      'throughput    499/s of 500/s   12 in flight',
      'latency       p50 3.4  p95 8.9  p99 215 ms',
      'lag           log 17 messages   ClickHouse 1,200 rows',
      'outcomes      36,000 accepted  3 repeated  41 rejected',
      'main points   1,234,567 issued  8,900 redeemed',
      'status points 99 issued  0 redeemed',
      'rejected for  unknown-store 40, no-lines 1',
      '',
      'campaigns, by checkouts',
      '  earn-everywhere            ████████████████████ 20,000',
      '  dairy-days-15              █ 1,000',
    ].join('\n'),
  );
});

test('what is not known yet is a dash, not a zero', () => {
  const { measured } = STATUS;
  const fresh = {
    ...STATUS,
    streamLag: undefined,
    sinkLag: undefined,
    measured: { ...measured, points: [], rejections: [], campaigns: [] },
  };
  expect(renderStatus(fresh)).toContain('log – messages   ClickHouse – rows');
  expect(renderStatus(fresh)).not.toContain('campaigns');
});

test('traffic that is held back and trouble are shown', () => {
  const text = renderStatus({ ...STATUS, behind: 1_500, trouble: 'the processor is restarting' });
  expect(text).toContain('1,500 held back');
  expect(text).toContain('trouble       the processor is restarting');
});

test('many reasons are summed up', () => {
  const rejections = Array.from({ length: 7 }, (_, index) => ({ name: `r${index}`, count: 1 }));
  const text = renderStatus({ ...STATUS, measured: { ...STATUS.measured, rejections } });
  expect(text).toContain('r0 1, r1 1, r2 1, r3 1, 3 more reasons');
});

test('a pipe gets one line', () => {
  expect(renderStatusLine({ ...STATUS, uptimeSeconds: 3_725 })).toBe(
    '1:02:05  499/s  p50 3.4  p95 8.9  p99 215 ms  lag 17/1,200  ' +
      '36,000 accepted  3 repeated  41 rejected  main +1,234,567',
  );
});
