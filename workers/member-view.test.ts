import { describe, expect, it } from 'vitest';
import { emit } from '../core/arbitration/emit.ts';
import { compileRuleSet } from '../core/rules/compile.ts';
import { applyBatch } from './batch/apply-batch.ts';
import { memberView } from './member-view.ts';
import { MemoryStore } from './store/memory-store.ts';

const START = Date.UTC(2026, 0, 10, 12);
const DAY = 86_400_000;

const DOCUMENT = {
  pointTypes: [
    { id: 'main', precision: 2, validity: { days: 20 } },
    { id: 'old', deactivateAt: '2026-01-12' },
  ],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'later',
        type: 'points-accrual',
        benefits: { list: [{ points: { type: 'main', rate: 1, credit: { after: 'P3D' } } }] },
      },
    ],
  },
};

/** A store in which the transactions happened, a day apart, and a way to look at the member. */
function storeAfter(...transactions: readonly object[]) {
  const compiled = compileRuleSet(DOCUMENT, { world: 'open', emit });
  if (!compiled.ok) throw new Error('the document does not compile');
  const { tree } = compiled.value;
  const trees = { usable: () => true, treeOf: () => tree };
  const store = new MemoryStore(0, 1);
  const activation = { id: 'v1', kind: 'activation', version: 1, hash: tree.hash };
  const messages = [activation, ...transactions].map((transaction, position) => ({
    sequence: position + 1,
    storedAt: START + Math.max(0, position - 1) * DAY,
    store: '',
    format: 'json' as const,
    answer: false,
    data: Buffer.from(JSON.stringify(transaction)),
  }));
  const source = { epoch: 1, created: 'test' };
  store.write(applyBatch(store, trees, { messages, source }).writes);
  return (days: number, expiringWithin?: number) =>
    memberView(store, trees, { id: 'm', now: START + days * DAY, expiringWithin });
}

const adjust = (type: string, amount: number) => ({
  id: `${type}${amount}`,
  kind: 'adjust',
  member: 'm',
  type,
  amount,
});
const enrol = { id: 'e', kind: 'enrol', member: 'm' };
const checkout = {
  id: 'c',
  kind: 'checkout',
  member: 'm',
  lines: [{ sku: 'A', quantity: 1, price: 10_000 }],
};

describe('the view of a member', () => {
  it('shows what is so now, whether a tick has booked it or not', () => {
    const at = storeAfter(enrol, checkout);
    expect(at(1)).toMatchObject({
      points: [{ type: 'main', available: 0, pending: 100, waiting: [{ checkout: 'c' }] }],
    });
    // Three days later it is spendable, twenty days after that it is gone.
    expect(at(5)).toMatchObject({ points: [{ available: 100, pending: 0, waiting: [] }] });
    expect(at(40)).toMatchObject({ points: [{ available: 0, balance: 0, lots: [] }] });
  });

  it('tells which points expire soon, and when', () => {
    const at = storeAfter(enrol, adjust('main', 12.5), adjust('main', 4));
    const expiring = { points: 16.5, dates: [{ points: 12.5 }, { points: 4 }] };
    expect(at(3)).toMatchObject({ points: [{ type: 'main', available: 16.5, expiring }] });
    expect(at(3, 18.5 * DAY)).toMatchObject({
      points: [{ expiring: { points: 12.5, dates: [{ at: '2026-02-01T00:00:00.000Z' }] } }],
    });
    expect(at(3, DAY)).toMatchObject({ points: [{ expiring: { points: 0, dates: [] } }] });
  });

  it('foretells what is there at the end of that time, with what is credited until then', () => {
    const at = storeAfter(enrol, adjust('main', 12.5), checkout);
    // The points of the checkout come after three days; the others live longer than those.
    expect(at(1, DAY)).toMatchObject({ points: [{ available: 12.5, forecast: 12.5 }] });
    expect(at(1, 10 * DAY)).toMatchObject({ points: [{ available: 12.5, forecast: 112.5 }] });
    expect(at(1, 400 * DAY)).toMatchObject({ points: [{ available: 12.5, forecast: 0 }] });
  });

  it('shows open holds until their time is over', () => {
    const pay = { points: 'main', amount: 40 };
    const hold = { ...checkout, id: 'h', kind: 'hold', pay, holdFor: 'P2D' };
    const at = storeAfter(enrol, adjust('main', 50), hold);
    expect(at(3)).toMatchObject({
      points: [{ available: 10, held: 40 }],
      holds: [
        { id: 'h', until: '2026-01-14T12:00:00.000Z', points: [{ type: 'main', points: 40 }] },
      ],
    });
    expect(at(4)).toMatchObject({ points: [{ available: 50, held: 0 }], holds: [] });
  });

  it('keeps the lots of a deactivated type visible, but nothing of it spendable', () => {
    const at = storeAfter(enrol, adjust('old', 7));
    expect(at(1)).toMatchObject({ points: [{ type: 'old', active: true, available: 7 }] });
    expect(at(3)).toMatchObject({
      points: [{ type: 'old', active: false, available: 0, balance: 7, lots: [{ points: 7 }] }],
    });
  });

  it('is nothing for somebody who is no member', () => {
    expect(storeAfter()(1)).toBeUndefined();
  });
});
