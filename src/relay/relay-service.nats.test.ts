import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { partitionOf } from '../../core/transaction/key.ts';
import { sendAddressed } from '../client/addressed.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';

let scratch: ScratchProcessor;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
});

afterAll(async () => {
  await scratch.stop();
});

/** Members in as many partitions as there are, so that points have to travel. */
const MEMBERS = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];

async function balanceOf(member: string): Promise<unknown> {
  return (await scratch.client.member(member))?.points.find(({ type }) => type === 'main')?.[
    'balance'
  ];
}

function give(member: string, amount: number) {
  const id = `given/${member}`;
  return { id, kind: 'adjust', member, type: 'main', amount, comment: 'for the test' };
}

describe('relays over NATS', () => {
  test('carry points to members of other partitions, also of a dead processor', async () => {
    expect(new Set(MEMBERS.map((each) => partitionOf(each, scratch.partitions))).size).not.toBe(1);
    await scratch.client.submit(
      MEMBERS.map((member) => ({ id: `e/${member}`, kind: 'enrol', member })),
    );
    await scratch.client.submit(MEMBERS.map((member) => give(member, 100)));
    const sent = await scratch.client.submit(
      MEMBERS.map((member, index) => {
        const to = MEMBERS[(index + 1) % MEMBERS.length];
        return {
          id: `t/${member}`,
          kind: 'transfer',
          member,
          to,
          type: 'main',
          amount: 10 + index,
        };
      }),
    );
    expect(sent.map(({ status }) => status)).toEqual(MEMBERS.map(() => 'accepted'));
    await scratch.halt();
    await scratch.run();
    await vi.waitFor(
      async () => {
        const balances = await Promise.all(MEMBERS.map(balanceOf));
        // Each gives 10 + its place and gets what the one before it gave.
        expect(balances).toEqual([105, 99, 99, 99, 99, 99]);
      },
      { timeout: 20_000, interval: 100 },
    );
  });

  test('let a card speak for its member', async () => {
    const linked = { id: 'l/ada', kind: 'link', member: 'ada', card: '4711' };
    expect(await scratch.client.submit([linked])).toMatchObject([{ status: 'accepted' }]);
    await vi.waitFor(async () => expect(await scratch.client.identify('card/4711')).toBe('ada'), {
      timeout: 20_000,
      interval: 100,
    });
    await vi.waitFor(
      async () => {
        const view = await scratch.client.member('ada');
        expect(view?.['identifiers']).toEqual([{ identifier: 'card/4711', state: 'active' }]);
      },
      { timeout: 20_000, interval: 100 },
    );
    const lines = [{ sku: 'A', quantity: 1, price: 1_000 }];
    const { client } = scratch;
    const outcomes = await sendAddressed([{ id: 'c/1', kind: 'checkout', card: '4711', lines }], {
      send: (each) => client.submitted(each),
      identify: (identifier) => client.identify(identifier),
    });
    expect(outcomes).toMatchObject([{ json: { status: 'accepted' } }]);
    expect((await client.member('ada'))?.['checkouts']).toBe(1);
  });
});
