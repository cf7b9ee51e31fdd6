import { expect, test } from 'vitest';
import { Meter } from './meter.ts';

test('outcomes are counted by what they are', () => {
  const meter = new Meter();
  meter.see({ status: 'accepted' }, 1);
  meter.see({ status: 'exists' }, 1);
  meter.see({ status: 'rejected', reason: 'no-lines' }, 1);
  meter.see({ status: 'rejected', reason: 'no-lines' }, 1);
  meter.see({ status: 'rejected' }, 1);
  expect(meter.read(2)).toMatchObject({
    accepted: 1,
    repeated: 1,
    rejected: 3,
    perSecond: 2.5,
    rejections: [
      { name: 'no-lines', count: 2 },
      { name: 'no-reason-given', count: 1 },
    ],
  });
});

test('points and campaigns add up over all windows, rates and latencies start anew', () => {
  const meter = new Meter();
  const outcome = {
    status: 'accepted',
    points: [{ type: 'main', accrued: 10, pending: 5, redeemed: 3 }],
    lines: [
      { awards: [{ promotion: 'dairy' }, { promotion: 'basket' }] },
      { awards: [{ promotion: 'dairy' }] },
    ],
    delivery: { awards: [{ promotion: 'free-delivery' }] },
  };
  meter.see(outcome, 40);
  meter.read(1);
  meter.see({ ...outcome, delivery: undefined }, 4);
  const measured = meter.read(1);
  expect(measured.points).toEqual([{ type: 'main', issued: 30, redeemed: 6 }]);
  expect(measured.campaigns).toEqual([
    { name: 'basket', count: 2 },
    { name: 'dairy', count: 2 },
    { name: 'free-delivery', count: 1 },
  ]);
  expect(measured.perSecond).toBe(1);
  expect(measured.latency.p99).toBeCloseTo(4, 1);
});

test('an outcome of another shape counts as nothing more than accepted', () => {
  const meter = new Meter();
  meter.see({ status: 'accepted', lines: 'none', points: [null, 7, {}], delivery: 3 }, 0);
  expect(meter.read(0)).toMatchObject({ accepted: 1, perSecond: 0, campaigns: [] });
});

test('nothing seen is nothing measured', () => {
  expect(new Meter().read(1).latency).toEqual({ p50: 0, p95: 0, p99: 0 });
});
