import { describe, expect, test } from 'vitest';
import { BELONGINGS_PREFIX } from '../../core/ledger/registry.ts';
import { instant } from '../../core/money/units.ts';
import { compiledTree } from '../../core/testing/compiled-tree.ts';
import { type Chance, RelayWorld } from '../testing/relay-world.ts';

const TREE = compiledTree({
  program: { timezone: 'UTC', settings: { returns: 'keep' } },
  pointTypes: [{ id: 'main' }],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'twice-a-year',
        type: 'order-discount',
        limits: { perMember: { uses: 2, per: 'year' } },
        benefits: { list: [{ discount: { amount: 100 } }] },
      },
      {
        promotion: 'regular',
        type: 'order-discount',
        when: { 'member.purchases.last30d': { atLeast: 2 } },
        benefits: { list: [{ discount: { amount: 7 } }] },
      },
      { promotion: 'earn', type: 'points-accrual', benefits: { list: [{ points: { rate: 1 } }] } },
    ],
  },
});
const TREES = { usable: () => true, treeOf: () => TREE };
const NO_CHANCE: Chance = { below: () => 0, chance: () => false };

function twoMembers(): RelayWorld {
  const world = new RelayWorld(3, TREES, NO_CHANCE);
  for (const member of ['m0', 'm1']) world.send({ id: `e-${member}`, kind: 'enrol', member });
  return world;
}

function buys(world: RelayWorld, id: string, member: string): number {
  const lines = [{ id: '1', sku: 'A', quantity: 1, price: 10_000 }];
  const { totals } = world.send({ id, kind: 'checkout', member, lines });
  return Number(Object(totals).discount);
}

function merged(world: RelayWorld): void {
  world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'm1' });
  world.settle();
}

describe('a merged member', () => {
  test('brings along what it has used of limits, and what it has bought', () => {
    const world = twoMembers();
    expect(buys(world, 'a', 'm0')).toBe(100);
    expect(buys(world, 'b', 'm1')).toBe(100);
    merged(world);
    expect(world.member('m0')).toMatchObject({ checkouts: 0, history: [] });
    expect(world.member('m0')?.usage.size).toBe(0);
    expect(world.member('m1')).toMatchObject({ checkouts: 2, history: [{ purchases: 2 }] });
    // Two uses are one too many by now, and two purchases make a regular.
    expect(buys(world, 'c', 'm1')).toBe(7);
  });

  test('frees the limit of the survivor when its purchase comes back', () => {
    const world = twoMembers();
    buys(world, 'a', 'm0');
    buys(world, 'b', 'm1');
    merged(world);
    world.send({ id: 'r', kind: 'cancel', member: 'm0', checkout: 'a' });
    world.settle();
    expect(world.member('m0')?.usage.size).toBe(0);
    expect([...(world.member('m1')?.usage.values() ?? [])]).toMatchObject([{ uses: 1 }]);
    expect(buys(world, 'c', 'm1')).toBe(107);
  });

  test('takes home what it brought when the merge is undone', () => {
    const world = twoMembers();
    buys(world, 'a', 'm0');
    buys(world, 'b', 'm1');
    merged(world);
    world.send({ id: 'u', kind: 'unmerge', member: 'm0' });
    world.settle();
    for (const member of ['m0', 'm1']) {
      expect(world.member(member)).toMatchObject({ checkouts: 1, history: [{ purchases: 1 }] });
      expect([...(world.member(member)?.usage.values() ?? [])]).toMatchObject([{ uses: 1 }]);
    }
  });

  test('does not take home what was returned meanwhile', () => {
    const world = twoMembers();
    buys(world, 'a', 'm0');
    buys(world, 'b', 'm1');
    merged(world);
    expect([world.owned('m0'), world.owned('m1')]).toEqual([0, 198]);
    world.send({ id: 'r', kind: 'cancel', member: 'm0', checkout: 'a' });
    world.settle();
    expect([world.owned('m0'), world.owned('m1')]).toEqual([0, 99]);
    world.send({ id: 'u', kind: 'unmerge', member: 'm0' });
    world.settle();
    expect([world.owned('m0'), world.owned('m1')]).toEqual([0, 99]);
    expect([...(world.member('m0')?.usage.values() ?? [])]).toMatchObject([{ uses: 0 }]);
    expect([...(world.member('m1')?.usage.values() ?? [])]).toMatchObject([{ uses: 1 }]);
  });

  test('keeps all of it when there is nobody to be merged into', () => {
    const world = twoMembers();
    buys(world, 'a', 'm0');
    world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'nobody' });
    world.settle();
    expect(world.member('m0')).toMatchObject({ checkouts: 1, history: [{ purchases: 1 }] });
    expect([...(world.member('m0')?.usage.values() ?? [])]).toMatchObject([{ uses: 1 }]);
  });
});

describe('what a merged member took along', () => {
  const DAY = 86_400_000;
  const FOR_EVER = instant(Number.MAX_SAFE_INTEGER);
  const kept = (world: RelayWorld) =>
    world.stores.flatMap((store) => store.registeredFrom(BELONGINGS_PREFIX, 9)).length;
  const dueIn = (world: RelayWorld) =>
    world.stores.flatMap((store) => store.due(FOR_EVER, 9)).length;

  function mergedWorld(): RelayWorld {
    const world = twoMembers();
    buys(world, 'a', 'm0');
    merged(world);
    return world;
  }

  test('is kept as long as the merge can be undone, and let go by the next tick', () => {
    const world = mergedWorld();
    world.pass(30 * DAY - 60_000);
    expect([kept(world), dueIn(world)]).toEqual([1, 1]);
    world.pass(60_000);
    expect([kept(world), dueIn(world)]).toEqual([0, 0]);
    const late = world.send({ id: 'u', kind: 'unmerge', member: 'm0' });
    expect(late).toMatchObject({ status: 'rejected', reason: 'unmerge-too-late' });
  });

  test('is let go at once when the merge is undone, and nothing stays due', () => {
    const world = mergedWorld();
    world.send({ id: 'u', kind: 'unmerge', member: 'm0' });
    world.settle();
    expect([kept(world), dueIn(world)]).toEqual([0, 0]);
  });

  test('is kept anew, for as long again, when the member is merged again', () => {
    const world = mergedWorld();
    world.send({ id: 'u', kind: 'unmerge', member: 'm0' });
    world.settle();
    world.pass(20 * DAY);
    world.send({ id: 'm2', kind: 'merge', member: 'm0', into: 'm1' });
    world.settle();
    world.pass(20 * DAY);
    expect([kept(world), dueIn(world)]).toEqual([1, 1]);
    world.send({ id: 'u2', kind: 'unmerge', member: 'm0' });
    world.settle();
    expect(world.member('m0')?.standing.kind).toBe('open');
  });

  test('a purchase that comes back later still moves the points of the survivor', () => {
    const world = mergedWorld();
    world.pass(31 * DAY);
    expect(world.owned('m1')).toBe(99);
    world.send({ id: 'r', kind: 'cancel', member: 'm0', checkout: 'a' });
    world.settle();
    expect(world.owned('m1')).toBe(0);
    expect([kept(world), dueIn(world)]).toEqual([0, 0]);
  });
});
