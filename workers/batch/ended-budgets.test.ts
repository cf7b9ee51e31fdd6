import { describe, expect, test } from 'vitest';
import { must } from '../../core/assert.ts';
import { readLease } from '../../core/layout/lease.ts';
import { KEPT_AFTER_END_MILLISECONDS } from '../../core/ledger/lease/budget-book.ts';
import { instant } from '../../core/money/units.ts';
import { compiledTree } from '../../core/testing/compiled-tree.ts';
import { diceOf, LeaseWorld } from '../testing/lease-world.ts';
import { applyBatch } from './apply-batch.ts';

const DAY = 86_400_000;
const USES = 12;
const TREE = compiledTree({
  program: { timezone: 'UTC' },
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'daily',
        type: 'product-discount',
        limits: { budget: { uses: USES, per: 'day' } },
        benefits: { list: [{ discount: { amount: 10 } }] },
      },
    ],
  },
});

function worldOf(partitions: number): LeaseWorld {
  const trees = { usable: () => true, treeOf: () => TREE };
  const world = new LeaseWorld(partitions, trees, diceOf(partitions));
  const activation = { kind: 'activation', version: 1, hash: 'h', author: 'a', note: '' };
  for (const partition of world.stores.keys()) {
    world.send({ id: `activation/${partition}`, ...activation }, partition);
  }
  return world;
}

const checkout = (id: string) => ({
  ...{ id, kind: 'checkout' },
  lines: [{ id: '1', sku: 'A', quantity: 1, price: 100 }],
});

function tickAll(world: LeaseWorld): void {
  const at = new Date(world.now).toISOString();
  for (const p of world.stores.keys()) world.send({ id: `k${p}/${at}`, kind: 'tick', at }, p);
}

/** Budgets of which some partition keeps something, and the number of things that are due. */
function kept(world: LeaseWorld, day: string): number {
  const keys = [`l|daily|d${day}`, `b|daily|d${day}`];
  const all = world.stores.flatMap((store) => keys.map((key) => store.counter(key)));
  return all.filter((bytes) => bytes !== undefined).length;
}

function dueIn(world: LeaseWorld): number {
  const all = world.stores.map((store) => store.due(instant(Number.MAX_SAFE_INTEGER), 1_000));
  return all.flat().length;
}

/** Discounts given, by the day of the window. */
function spent(world: LeaseWorld): Readonly<Record<string, number>> {
  const days: Record<string, number> = {};
  for (const { outcome } of world.records()) {
    if (outcome.status !== 'accepted') continue;
    for (const { key, uses } of outcome.decision?.usage ?? []) days[key] = (days[key] ?? 0) + uses;
  }
  return days;
}

describe.each([1, 4])('the budget of a day in %i partitions', (partitions) => {
  test('is let go a week after its day, everywhere', () => {
    const world = worldOf(partitions);
    for (let day = 0; day < 3; day += 1) {
      for (let i = 0; i < 30; i += 1) world.send(checkout(`c${day}-${i}`));
      world.settle();
      tickAll(world);
      world.settle();
      world.now += DAY;
    }
    expect(spent(world)).toEqual({
      'daily|d2026-01-15': USES,
      'daily|d2026-01-16': USES,
      'daily|d2026-01-17': USES,
    });
    world.now += KEPT_AFTER_END_MILLISECONDS - 2 * DAY;
    tickAll(world);
    world.settle();
    expect(kept(world, '2026-01-15')).toBe(0);
    expect(kept(world, '2026-01-17')).toBeGreaterThan(0);
    world.now += 2 * DAY;
    tickAll(world);
    world.settle();
    expect(['15', '16', '17'].map((day) => kept(world, `2026-01-${day}`))).toEqual([0, 0, 0]);
    expect(dueIn(world)).toBe(0);
    for (const partition of world.stores.keys()) {
      const [state, folded] = world.ledgers(partition);
      expect(Buffer.compare(state, folded)).toBe(0);
    }
  });

  test('is not begun again by a checkout that comes back after that', () => {
    const world = worldOf(partitions);
    world.send(checkout('c'));
    world.settle();
    world.now += DAY + KEPT_AFTER_END_MILLISECONDS;
    tickAll(world);
    world.settle();
    world.send({ id: 'back', kind: 'cancel', checkout: 'c' });
    world.settle();
    expect(kept(world, '2026-01-15')).toBe(0);
    expect(dueIn(world)).toBe(0);
  });
});

const BUDGET = 'daily|d2026-01-15';

test('a partition that was down for long gets nothing of a budget that its home let go', () => {
  const world = worldOf(4);
  const home = world.partitionFor({ id: BUDGET, kind: 'checkout' });
  const down = (home + 1) % 4;
  const ids = Array.from({ length: 400 }, (_, i) => `c${i}`);
  const [first, later] = [home, down].map((p) =>
    ids.filter((id) => world.partitionFor(checkout(id)) === p).slice(0, USES),
  );
  for (const id of first?.slice(0, 5) ?? []) world.send(checkout(id));
  world.settle();
  expect(world.stores[home]?.counter(`b|${BUDGET}`)).toBeDefined();
  // They lie in the log of the partition that is down, stored on the day of the budget.
  for (const id of later ?? []) world.send(checkout(id));
  world.now += DAY + KEPT_AFTER_END_MILLISECONDS;
  world.send({ id: 'k', kind: 'tick', at: new Date(world.now).toISOString() }, home);
  world.only(home);
  expect(world.stores[home]?.counter(`b|${BUDGET}`)).toBeUndefined();
  tickAll(world);
  world.settle();
  const { [BUDGET]: total = 0 } = spent(world);
  expect(total).toBeLessThanOrEqual(USES);
  const decided = world.records().filter(({ id }) => later?.includes(id));
  expect(decided).toHaveLength(USES);
  world.now += DAY + KEPT_AFTER_END_MILLISECONDS;
  tickAll(world);
  world.settle();
  expect(kept(world, '2026-01-15')).toBe(0);
  expect(dueIn(world)).toBe(0);
});

test('a lease says when its period ends', () => {
  const world = worldOf(1);
  world.send(checkout('c'));
  world.settle();
  const bytes = world.stores[0]?.counter(`l|${BUDGET}`);
  expect(bytes && readLease(bytes).until).toBe(Date.UTC(2026, 0, 16));
});

test('the home tells that a budget was let go, so that its figures can end', () => {
  const world = worldOf(4);
  for (let i = 0; i < 30; i += 1) world.send(checkout(`c${i}`));
  world.settle();
  const store = must(world.stores[world.partitionFor({ id: BUDGET, kind: 'checkout' })], 'a home');
  const storedAt = world.now + DAY + KEPT_AFTER_END_MILLISECONDS;
  const tick = { id: 'late', kind: 'tick', at: new Date(storedAt).toISOString() };
  const data = Buffer.from(JSON.stringify(tick));
  const sent = { sequence: 999, storedAt, store: '', format: 'json', answer: false, data } as const;
  const trees = { usable: () => true, treeOf: () => TREE };
  const source = { epoch: 1, created: 'made up' };
  const { endedBudgets, budgets } = applyBatch(store, trees, { messages: [sent], source });
  expect({ endedBudgets, budgets }).toEqual({ endedBudgets: [BUDGET], budgets: [] });
});
