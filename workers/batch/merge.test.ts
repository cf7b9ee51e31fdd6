import { describe, expect, test } from 'vitest';
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
