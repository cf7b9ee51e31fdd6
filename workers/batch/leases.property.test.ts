import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '../../core/assert.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { compiledBy } from '../../core/testing/cases.ts';
import { diceOf, LeaseWorld } from '../testing/lease-world.ts';

interface Limits {
  readonly uses?: number;
  readonly discount?: number;
  readonly units?: number;
}

function treeWith(limits: Limits) {
  const compiled = compiledBy('compiled', {
    arbitration: {
      mode: 'sequential',
      children: [
        {
          promotion: 'first-come',
          type: 'product-discount',
          benefits: { list: [{ discount: { percent: 50 } }] },
          limits: { budget: limits },
        },
      ],
    },
  });
  return must(compiled, 'the rule set compiles').tree;
}

function worldWith(limits: Limits, options: { partitions: number; seed: number }): LeaseWorld {
  const tree = treeWith(limits);
  const trees = { usable: () => true, treeOf: () => tree };
  const world = new LeaseWorld(options.partitions, trees, diceOf(options.seed));
  const activation = { kind: 'activation', version: 1, hash: 'h', author: 'a', note: '' };
  for (const partition of world.stores.keys()) {
    world.send({ id: `activation/${partition}`, ...activation }, partition);
  }
  return world;
}

const checkout = (id: string, price: number) => ({
  id,
  kind: 'checkout',
  lines: [{ id: '1', sku: 'A', quantity: 1, price }],
});

function spentBy(records: readonly LedgerRecord[]): { uses: number; discount: number } {
  let [uses, discount] = [0, 0];
  for (const { outcome } of records) {
    if (outcome.status !== 'accepted' || !outcome.decision) continue;
    for (const delta of outcome.decision.usage) {
      uses += delta.uses;
      discount += delta.discount;
    }
  }
  return { uses, discount };
}

/** Every checkout is decided, once, and the ledgers are what the logs give. */
function expectWhole(world: LeaseWorld, checkouts: number): void {
  const ids = world.records().filter((record) => record.kind === 'checkout');
  expect(new Set(ids.map((record) => record.id)).size).toBe(checkouts);
  expect(ids.length).toBe(checkouts);
  for (const partition of world.stores.keys()) {
    const [kept, folded] = world.ledgers(partition);
    expect(Buffer.compare(kept, folded)).toBe(0);
  }
}

const someWorld = fc.record({
  partitions: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('a budget of uses', () => {
  test('is spent to the last use whenever there is demand for it, and never beyond', () => {
    fc.assert(
      fc.property(
        someWorld,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 120 }),
        (options, uses, checkouts) => {
          const world = worldWith({ uses }, options);
          for (let i = 0; i < checkouts; i += 1) world.send(checkout(`c${i}`, 100));
          world.settle();
          expectWhole(world, checkouts);
          expect(spentBy(world.records()).uses).toBe(Math.min(uses, checkouts));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a budget of money', () => {
  test('gives the last checkout what is left, and not a unit more', () => {
    fc.assert(
      fc.property(
        someWorld,
        fc.integer({ min: 1, max: 5_000 }),
        fc.array(fc.integer({ min: 2, max: 400 }), { minLength: 1, maxLength: 80 }),
        (options, discount, prices) => {
          const world = worldWith({ discount }, options);
          for (const [i, price] of prices.entries()) world.send(checkout(`c${i}`, price));
          world.settle();
          expectWhole(world, prices.length);
          const asked = prices.reduce((sum, price) => sum + Math.floor((price + 1) / 2), 0);
          const spent = spentBy(world.records()).discount;
          expect(spent).toBeLessThanOrEqual(discount);
          if (asked >= discount + prices.length) expect(spent).toBe(discount);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('a budget of several limits is exceeded in none', () => {
  fc.assert(
    fc.property(someWorld, (options) => {
      const world = worldWith({ uses: 20, discount: 700, units: 15 }, options);
      for (let i = 0; i < 60; i += 1) world.send(checkout(`c${i}`, 50 + (i % 7) * 20));
      world.settle();
      expectWhole(world, 60);
      const { uses, discount } = spentBy(world.records());
      expect(uses).toBeLessThanOrEqual(15);
      expect(discount).toBeLessThanOrEqual(700);
    }),
    { numRuns: 20 },
  );
});

test('what comes back by a cancelled checkout can be spent again, by any partition', () => {
  const world = worldWith({ uses: 3 }, { partitions: 4, seed: 7 });
  for (let i = 0; i < 12; i += 1) world.send(checkout(`c${i}`, 100));
  world.settle();
  const lucky = world.records().filter((one) => {
    const { outcome } = one;
    return outcome.status === 'accepted' && (outcome.decision?.usage.length ?? 0) > 0;
  });
  expect(lucky).toHaveLength(3);
  const [first] = lucky;
  world.send({ id: 'back', kind: 'cancel', checkout: first?.id });
  world.settle();
  // An exhausted budget is asked for again after a while, in the background.
  world.now += 60_000;
  for (let i = 20; i < 32; i += 1) world.send(checkout(`c${i}`, 100));
  world.settle();
  world.now += 60_000;
  for (let i = 40; i < 52; i += 1) world.send(checkout(`c${i}`, 100));
  world.settle();
  expect(spentBy(world.records()).uses).toBe(4);
});

test('who waits too long for a lease is decided without it', () => {
  const world = worldWith({ uses: 3 }, { partitions: 4, seed: 1 });
  const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
  const from = ids.find((id) => world.partitionFor({ id }) === 1) ?? '';
  world.send(checkout(from, 100));
  // Nobody carries letters: only this partition moves.
  world.only(1);
  expect(world.stores[1]?.meta().leaseWaits).toEqual(['first-come']);
  world.now += 3_000;
  world.send({ id: 'tick', kind: 'tick', at: new Date(world.now).toISOString() }, 1);
  world.only(1);
  const decided = world.records().find((record) => record.id === from);
  expect(decided?.outcome).toMatchObject({
    decision: { notApplied: [{ promotion: 'first-come', reason: 'budget-unavailable' }] },
  });
});
