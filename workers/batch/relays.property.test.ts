import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRANSIT } from '../../core/ledger/transfer.ts';
import { plainTree } from '../../core/testing/plain-tree.ts';
import { type Chance, RelayWorld } from '../testing/relay-world.ts';

const MEMBERS = 6;
const GIVEN = 1_000;
const TREE = plainTree({ initialBalance: GIVEN });
const TREES = { usable: () => true, treeOf: () => TREE };

function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), chance: (odds) => next() < odds };
}

function peopled(random: Chance, partitions = 3): RelayWorld {
  const world = new RelayWorld(partitions, TREES, random);
  for (let m = 0; m < MEMBERS; m += 1) world.send({ id: `e${m}`, kind: 'enrol', member: `m${m}` });
  return world;
}

const noChance: Chance = { below: () => 0, chance: () => false };

function total(world: RelayWorld): number {
  let sum = 0;
  for (let m = 0; m < MEMBERS; m += 1) sum += world.owned(`m${m}`);
  return sum;
}

/** Something that moves points or cards between members. */
function act(world: RelayWorld, random: Chance, id: string): void {
  const [member, other] = [`m${random.below(MEMBERS + 1)}`, `m${random.below(MEMBERS + 1)}`];
  const card = String(random.below(4));
  const amount = 1 + random.below(400);
  const acts = [
    { kind: 'transfer', member, to: other, type: 'main', amount },
    { kind: 'transfer', member, to: other, type: 'main', amount },
    { kind: 'link', member, card },
    { kind: 'link', member, card, action: 'unlink' },
    { kind: 'link', member, card, action: 'block' },
    { kind: 'link', member, card, action: 'replace', by: String(random.below(4)) },
    { kind: 'merge', member, into: other },
    { kind: 'unmerge', member },
  ];
  const chosen = acts[random.below(acts.length)];
  if (chosen) world.send({ id, ...chosen });
}

/** No identifier is in force for two members. */
function holders(world: RelayWorld): string[] {
  const inForce: string[] = [];
  for (let m = 0; m < MEMBERS; m += 1) {
    const member = world.member(`m${m}`);
    if (member?.standing.kind !== 'open') continue;
    for (const [identifier, state] of member.links)
      if (state === 'active') inForce.push(identifier);
  }
  return inForce;
}

describe('relays between partitions', () => {
  test('lose and double nothing, wherever their carrier dies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const random = chanceOf(seed);
        const world = peopled(random);
        for (let step = 0; step < 60; step += 1) {
          if (random.chance(0.5)) act(world, random, `t${step}`);
          else world.carry();
          // What is on its way is in transit, never gone and never there twice.
          expect(total(world) + world.sumOf(TRANSIT)).toBe(MEMBERS * GIVEN);
        }
        world.settle();
        expect(world.sumOf(TRANSIT)).toBe(0);
        expect(total(world)).toBe(MEMBERS * GIVEN);
        expect(new Set(holders(world)).size).toBe(holders(world).length);
        for (let m = 0; m < MEMBERS; m += 1) {
          expect(world.member(`m${m}`)?.relays).toBe(0);
          const entries = world.sumOf(`member:m${m}`) + world.sumOf(`pending:m${m}`);
          expect(world.owned(`m${m}`)).toBe(entries);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a transfer', () => {
  test('arrives with the expiry and the issuer of its lots', () => {
    const world = peopled(noChance);
    const given = { kind: 'transfer', member: 'm0', to: 'm1', type: 'main', amount: 300 };
    expect(world.send({ id: 't', ...given })).toMatchObject({ details: { to: 'm1' } });
    expect([world.owned('m0'), world.owned('m1'), world.sumOf(TRANSIT)]).toEqual([700, 1_000, 300]);
    world.settle();
    expect([world.owned('m0'), world.owned('m1'), world.sumOf(TRANSIT)]).toEqual([700, 1_300, 0]);
  });

  test('to nobody comes back to its lots', () => {
    const world = peopled(noChance);
    world.send({ id: 't', kind: 'transfer', member: 'm0', to: 'x', type: 'main', amount: 300 });
    world.settle();
    expect(world.owned('m0')).toBe(1_000);
    expect(world.member('m0')?.accounts.get('main')?.lots).toHaveLength(1);
  });

  test('follows a member that was merged meanwhile', () => {
    const world = peopled(noChance);
    world.send({ id: 'm', kind: 'merge', member: 'm1', into: 'm2' });
    world.settle();
    world.send({ id: 't', kind: 'transfer', member: 'm0', to: 'm1', type: 'main', amount: 300 });
    world.settle();
    expect(world.owned('m2')).toBe(2_300);
  });

  test.each([
    [{ amount: 1_001 }, 'insufficient-points'],
    [{ amount: 0 }, 'number-too-small'],
    [{ amount: 0.5 }, 'too-many-decimals'],
    [{ type: 'gold' }, 'unknown-point-type'],
    [{ to: 'm0' }, 'transfer-to-self'],
    [{ member: 'x' }, 'unknown-member'],
  ])('%j is rejected, and nothing moves', (more, reason) => {
    const world = peopled(noChance);
    const given = { kind: 'transfer', member: 'm0', to: 'm1', type: 'main', amount: 1, ...more };
    expect(world.send({ id: 't', ...given })).toMatchObject({ status: 'rejected', reason });
    expect(world.outgoing).toEqual([]);
  });
});

describe('a merge', () => {
  const sale = {
    id: 'c',
    kind: 'checkout',
    member: 'm0',
    store: 's-1',
    lines: [{ id: '1', sku: 'A', quantity: 2, price: 10_000 }],
  };

  test('moves everything, and later events are sent on', () => {
    const world = peopled(noChance);
    world.send({ id: 'l', kind: 'link', member: 'm0', card: '7' });
    world.send(sale);
    world.settle();
    expect(world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'm1' })).toMatchObject({
      status: 'accepted',
    });
    world.settle();
    expect([world.owned('m0'), world.owned('m1')]).toEqual([0, 2_180]);
    expect(world.send({ ...sale, id: 'd' })).toMatchObject({
      reason: 'member-merged',
      sendFor: 'm1',
    });
    const { member: _, ...bare } = sale;
    expect(world.send({ ...bare, id: 'f', card: '7' })).toMatchObject({
      reason: 'card-names-member',
      sendFor: 'm1',
    });
    expect(world.send({ ...sale, id: 'g', member: 'm1', card: '7' })).toMatchObject({
      status: 'accepted',
    });
  });

  test('takes the points of a later return from the survivor', () => {
    const world = peopled(noChance);
    world.send(sale);
    world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'm1' });
    world.settle();
    const lines = [{ id: '1', quantity: 1 }];
    world.send({ id: 'r', kind: 'return', member: 'm0', checkout: 'c', lines });
    world.settle();
    expect([world.owned('m0'), world.owned('m1')]).toEqual([0, 2_090]);
  });

  test('can be undone, entry pair by entry pair', () => {
    const world = peopled(noChance);
    world.send({ id: 'l', kind: 'link', member: 'm0', card: '7' });
    world.settle();
    world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'm1' });
    world.settle();
    world.send({ id: 't', kind: 'transfer', member: 'm1', to: 'm2', type: 'main', amount: 1_500 });
    world.settle();
    expect(world.send({ id: 'u', kind: 'unmerge', member: 'm0' })).toMatchObject({
      status: 'accepted',
    });
    world.settle();
    // The survivor spent points that were not its own: it owes them now.
    expect([world.owned('m0'), world.owned('m1')]).toEqual([1_000, -500]);
    expect(world.member('m0')).toMatchObject({ standing: { kind: 'open' } });
    expect(world.member('m0')?.links.get('card/7')).toBe('active');
  });

  test('into nobody leaves the member as it was', () => {
    const world = peopled(noChance);
    world.send({ id: 'm', kind: 'merge', member: 'm0', into: 'x' });
    world.settle();
    expect(world.owned('m0')).toBe(1_000);
    expect(world.member('m0')?.standing).toEqual({ kind: 'open' });
  });
});

describe('cards and phones', () => {
  test('belong to one member at most', () => {
    const world = peopled(noChance);
    world.send({ id: 'a', kind: 'link', member: 'm0', phone: '+77011234567' });
    world.settle();
    world.send({ id: 'b', kind: 'link', member: 'm1', phone: '+77011234567' });
    world.settle();
    const links = ['m0', 'm1'].map((m) => world.member(m)?.links.get('phone/+77011234567'));
    expect(links).toEqual(['active', undefined]);
  });

  test('blocked cards are refused at once, replaced ones name no member any more', () => {
    const world = peopled(noChance);
    world.send({ id: 'a', kind: 'link', member: 'm0', card: '1' });
    world.settle();
    world.send({ id: 'b', kind: 'link', member: 'm0', card: '1', action: 'replace', by: '2' });
    const sale = { kind: 'checkout', store: 's-1', lines: [{ sku: 'A', quantity: 1, price: 100 }] };
    expect(world.send({ id: 'x', member: 'm0', card: '1', ...sale })).toMatchObject({
      reason: 'card-blocked',
    });
    world.settle();
    expect(world.send({ id: 'y', card: '1', ...sale })).toMatchObject({ reason: 'card-blocked' });
    expect(world.send({ id: 'z', card: '2', ...sale })).toMatchObject({ sendFor: 'm0' });
    expect(world.send({ id: 'w', card: '3', ...sale })).toMatchObject({ reason: 'unknown-card' });
  });

  test('are free again when their member leaves', () => {
    const world = peopled(noChance);
    world.send({ id: 'a', kind: 'link', member: 'm0', card: '1' });
    world.settle();
    expect(world.send({ id: 'c', kind: 'close', member: 'm0' })).toMatchObject({
      status: 'accepted',
    });
    world.settle();
    expect(world.owned('m0')).toBe(0);
    expect(world.sumOf('breakage')).toBe(1_000);
    world.send({ id: 'b', kind: 'link', member: 'm1', card: '1' });
    world.settle();
    expect(world.member('m1')?.links.get('card/1')).toBe('active');
    const sale = { kind: 'checkout', store: 's-1', lines: [{ sku: 'A', quantity: 1, price: 100 }] };
    expect(world.send({ id: 'x', member: 'm0', ...sale })).toMatchObject({
      reason: 'member-closed',
    });
  });
});
