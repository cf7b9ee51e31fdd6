import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchProcessor } from '../testing/scratch-processor.ts';

let scratch: ScratchProcessor;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
});

afterAll(async () => {
  await scratch.stop();
});

const checkout = (id: string, member: string | undefined, more: object = {}) => ({
  id,
  kind: 'checkout',
  ...(member === undefined ? {} : { member }),
  store: 's-1',
  lines: [
    { sku: 'BEAR', category: ['toys'], quantity: 2, price: 2_500 },
    { sku: 'MILK', quantity: 1, price: 130 },
  ],
  ...more,
});

const enrol = (member: string) => ({ id: `enrol/${member}`, kind: 'enrol', member });

async function submit(...transactions: object[]) {
  return scratch.client.submit(transactions);
}

test('points that became top-ups are handed on, each under an id of its own', async () => {
  const letters = scratch.connection.subscribe('top-up.*', { max: 1, timeout: 20_000 });
  await submit(enrol('zoe'));
  const given = { member: 'zoe', type: 'phone', amount: 14 };
  const [outcome] = await submit({ id: 'codes', kind: 'adjust', ...given });

  const topUps = [1, 2].map((n) => ({
    id: `codes/top-up/${n}`,
    member: 'zoe',
    type: 'phone',
    points: 6,
  }));
  expect(outcome).toMatchObject({ topUps, points: [{ toppedUp: 12, after: 2 }] });
  for await (const letter of letters) {
    expect(JSON.parse(letter.string())).toMatchObject({ transaction: 'codes', topUps });
  }
});

describe('the path of a transaction', () => {
  test('a checkout is decided, posted and answered', async () => {
    await submit(enrol('ada'));
    const [outcome] = await submit(checkout('t1', 'ada'));

    expect(outcome).toMatchObject({
      id: 't1',
      status: 'accepted',
      ruleSet: { version: 1 },
      totals: { gross: 5_130, discount: 500, payable: 4_630 },
      points: [{ type: 'main', before: 0, accrued: 46, after: 46 }],
    });
    expect(await scratch.client.member('ada')).toMatchObject({
      id: 'ada',
      checkouts: 1,
      points: [{ type: 'main', available: 46 }],
    });
  });

  test('the same transaction again gives the recorded outcome and moves nothing', async () => {
    await submit(enrol('bob'));
    const [first] = await submit(checkout('t2', 'bob'));
    const [again] = await submit(checkout('t2', 'bob'));
    expect(again).toEqual({ ...first, status: 'exists', recorded: 'accepted' });
    expect(await scratch.client.member('bob')).toMatchObject({ points: [{ available: 46 }] });
  });

  test('another transaction under a used id is refused, again and again as the same one', async () => {
    await submit(enrol('cem'), checkout('t3', 'cem'));
    const other = checkout('t3', 'cem', { delivery: 100 });
    const [refused] = await submit(other);
    expect(refused).toMatchObject({ status: 'rejected', reason: 'transaction-id-reused' });
    const [again] = await submit(other);
    expect(again).toMatchObject({ status: 'exists', recorded: 'rejected' });
  });

  test('a bad transaction is rejected by itself; its neighbours commit', async () => {
    await submit(enrol('dan'));
    const outcomes = await submit(
      checkout('n1', 'dan'),
      checkout('n2', 'dan', { lines: [{ sku: 'X', quantity: -1, price: 1 }] }),
      checkout('n3', 'dan', { store: 'nowhere' }),
      checkout('n4', 'dan'),
    );
    expect(outcomes.map(({ status, reason, path }) => [status, reason, path])).toEqual([
      ['accepted', undefined, undefined],
      ['rejected', expect.any(String), '/lines/0/quantity'],
      ['rejected', 'unknown-store', '/store'],
      ['accepted', undefined, undefined],
    ]);
  });

  test('a return mirrors the sale', async () => {
    await submit(enrol('eva'));
    await submit(checkout('t5', 'eva'));
    const [back] = await submit({ id: 'r5', kind: 'return', member: 'eva', checkout: 't5' });
    expect(back).toMatchObject({ status: 'accepted', totals: { payable: -4_630 } });
    expect(await scratch.client.member('eva')).toMatchObject({ points: [{ available: 0 }] });
  });

  test('an anonymous checkout and its return meet in one partition', async () => {
    const [sale] = await submit(checkout('anon-1', undefined));
    expect(sale).toMatchObject({ status: 'accepted', points: [] });
    const [back] = await submit({ id: 'anon-r', kind: 'return', checkout: 'anon-1' });
    expect(back).toMatchObject({ status: 'accepted', totals: { payable: -4_630 } });
  });

  test('a quote answers like a checkout and leaves nothing behind', async () => {
    await submit(enrol('fay'));
    const [quote] = await scratch.client.quote([{ ...checkout('q1', 'fay'), kind: 'quote' }]);
    expect(quote).toMatchObject({ status: 'accepted', totals: { payable: 4_630 } });
    expect(await scratch.client.member('fay')).toMatchObject({ checkouts: 0 });
    const [smuggled] = await scratch.client.quote([checkout('q2', 'fay')]);
    expect(smuggled).toMatchObject({ status: 'rejected', reason: 'not-a-quote' });
  });

  test('msgpack is understood and answered in kind', async () => {
    await submit(enrol('gus'));
    const [outcome] = await scratch.client.submit([checkout('t7', 'gus')], { format: 'msgpack' });
    expect(outcome).toMatchObject({ status: 'accepted', totals: { payable: 4_630 } });
  });
});

describe('a restart', () => {
  test('goes on where it stopped, knowing every id', async () => {
    await submit(enrol('hal'));
    const [first] = await submit(checkout('t8', 'hal'));
    await scratch.halt();
    await scratch.run();
    const [again] = await submit(checkout('t8', 'hal'));
    expect(again).toMatchObject({ status: 'exists', totals: first?.['totals'] });
    const [next] = await submit(checkout('t9', 'hal'));
    expect(next).toMatchObject({ points: [{ before: 46, after: 92 }] });
  });

  test('a killed nats-server interrupts and loses nothing', async () => {
    await submit(enrol('ivy'));
    await scratch.nats.kill();
    const waiting = submit(checkout('t10', 'ivy'));
    await scratch.nats.restart();
    const [outcome] = await waiting;
    expect(['accepted', 'exists']).toContain(outcome?.status);
    expect(await scratch.client.member('ivy')).toMatchObject({ checkouts: 1 });
  });
});

describe('unreadable messages', () => {
  test.each([
    ['broken JSON', '{"id":', 'unreadable-message'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 'unreadable-message'],
    ['too much', Buffer.alloc(300_000, 0x20), 'message-too-large'],
    ['an empty list', '[]', 'empty-envelope'],
    ['nesting without end', `${'['.repeat(100_000)}`, 'unreadable-message'],
    ['a foreign partition', JSON.stringify(checkout('x', 'ada')), 'wrong-partition'],
  ])('%s is rejected, recorded and copied to the dead letters', async (_, body, reason) => {
    const { connection } = scratch;
    const letters = connection.subscribe('dead.*', { max: 1, timeout: 20_000 });
    // The partition of `ada` is another one than at least one of these two.
    connection.publish('tx.0', body);
    if (reason === 'wrong-partition') connection.publish('tx.1', body);
    for await (const letter of letters) {
      expect(letter.json()).toMatchObject({ reason });
    }
  });
});
