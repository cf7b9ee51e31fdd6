import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision } from '../../core/arbitration/decision.ts';
import { must } from '../../core/assert.ts';
import { compiledBy } from '../../core/testing/cases.ts';
import { diceOf, LeaseWorld } from '../testing/lease-world.ts';

const ISSUED_EACH = 10;

/** A partner who gives points to everybody, and takes them, as far as its caps go. */
function treeWith(caps: { readonly issued: number; readonly accepted: number }) {
  const compiled = compiledBy('compiled', {
    pointTypes: [{ id: 'main', initialBalance: 1_000 }],
    partners: [
      {
        id: 'air',
        caps: [
          { of: 'issued', points: caps.issued, per: 'day' },
          { of: 'accepted', points: caps.accepted, per: 'month' },
        ],
      },
    ],
    places: [{ id: 'a-1', kind: 'store', partner: 'air' }],
    arbitration: {
      mode: 'sequential',
      children: [
        {
          promotion: 'miles',
          type: 'partner-offer',
          benefits: { list: [{ points: { fixed: ISSUED_EACH } }] },
        },
      ],
    },
  });
  return must(compiled, 'the rule set compiles').tree;
}

function worldWith(
  caps: Parameters<typeof treeWith>[0],
  { partitions, seed }: { readonly partitions: number; readonly seed: number },
): LeaseWorld {
  const tree = treeWith(caps);
  const world = new LeaseWorld(
    partitions,
    { usable: () => true, treeOf: () => tree },
    diceOf(seed),
  );
  const activation = { kind: 'activation', version: 1, hash: 'h', author: 'a', note: '' };
  for (const partition of world.stores.keys()) {
    world.send({ id: `activation/${partition}`, ...activation }, partition);
  }
  return world;
}

function pointsOf(world: LeaseWorld): { readonly issued: number; readonly accepted: number } {
  const sum = (pick: (decision: Decision) => readonly { readonly points: number }[]): number =>
    world
      .records()
      .flatMap(({ outcome }) => (outcome.status === 'accepted' ? [outcome.decision] : []))
      .flatMap((decision) => (decision ? pick(decision) : []))
      .reduce((total, { points }) => total + points, 0);
  return { issued: sum((one) => one.accruals), accepted: sum((one) => one.redemptions) };
}

/** With a few points left, checkouts that need both take them from each other. */
const scarceOrNot = fc.oneof(fc.nat(12), fc.nat(400));

test('all partitions together give and take as many points as the partner lets, not one more', () => {
  fc.assert(
    fc.property(
      fc.record({ partitions: fc.integer({ min: 1, max: 8 }), seed: fc.nat() }),
      fc.record({ issued: scarceOrNot, accepted: scarceOrNot }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }),
      (options, caps, wishes) => {
        const world = worldWith(caps, options);
        for (const i of wishes.keys()) world.send({ id: `e${i}`, kind: 'enrol', member: `m${i}` });
        world.settle();
        for (const [i, amount] of wishes.entries()) {
          world.send({
            ...{ id: `c${i}`, kind: 'checkout', member: `m${i}`, store: 'a-1' },
            lines: [{ id: '1', sku: 'A', quantity: 1, price: 100_000 }],
            pay: { points: 'main', amount },
          });
        }
        world.settle();
        const { issued, accepted } = pointsOf(world);
        const wished = wishes.reduce((total, amount) => total + amount, 0);
        expect(issued).toBe(Math.min(caps.issued, wishes.length * ISSUED_EACH));
        expect(accepted).toBe(Math.min(caps.accepted, wished));
      },
    ),
    { numRuns: 25 },
  );
});
