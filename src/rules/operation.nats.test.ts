import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuleCommand } from '../../ops/rules/commands.ts';
import { type Perform, ruleDesk } from '../../ops/rules/desk.ts';
import type { RulePorts } from '../../ops/rules/ports.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { NatsProcessors } from './nats-processors.ts';
import { PREPARE_SUBJECT } from './prepare-message.ts';

let scratch: ScratchProcessor;
let ports: RulePorts;
let perform: Perform;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
  const { connection, processor, partitions } = scratch;
  const { registry } = processor;
  const processors = new NatsProcessors({
    connection,
    registry,
    partitions,
    presenceMilliseconds: 3_000,
  });
  ports = { books: registry.books, processors, now: Date.now };
  perform = ruleDesk(ports);
});

afterAll(async () => {
  await scratch?.stop();
});

const by = (name: string, note = '') => ({ author: { name }, note });

/** A toy discount of so many percent, and whatever else differs. */
const toys = (percent: number, more: object = {}) => {
  const document = structuredClone(TEST_RULE_SET);
  const [first, ...others] = document.arbitration.children;
  const benefits = { list: [{ discount: { percent } }] };
  return {
    ...document,
    ...more,
    arbitration: { ...document.arbitration, children: [{ ...first, benefits }, ...others] },
  };
};

async function done(command: RuleCommand) {
  const result = await perform(command);
  if (!result.ok) throw new Error(`${result.message} ${result.problems.join('; ')}`);
  return result;
}

async function published(document: unknown, base?: number): Promise<number> {
  const { version } = await done({ command: 'publish', document, base, ...by('ann') });
  return version?.version ?? 0;
}

let asked = 0;
/** What a bear of 100 costs in every partition just now, and by which version. */
async function prices(count = 24) {
  asked += 1;
  const checkouts = Array.from({ length: count }, (_, number) => ({
    id: `price/${asked}/${number}`,
    kind: 'checkout',
    store: 's-1',
    lines: [{ sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 }],
  }));
  const outcomes = await scratch.client.submit(checkouts);
  return outcomes.map((outcome) => {
    const { totals, ruleSet } = outcome as unknown as {
      totals: { payable: number };
      ruleSet: { version: number };
    };
    return { payable: totals.payable, version: ruleSet.version };
  });
}

async function priceNow(): Promise<{ payable: number; version: number }> {
  const all = await prices();
  for (const one of all) expect(one).toEqual(all[0]);
  return all[0] ?? { payable: 0, version: 0 };
}

test('apply and roll back are acts that every partition follows', async () => {
  const version = await published(toys(25));
  expect(await priceNow()).toEqual({ payable: 9_000, version: 1 });

  const { act } = await done({ command: 'apply', version, ...by('ann', 'spring') });
  expect(act).toMatchObject({ act: 'apply', version, before: 1, author: 'ann', note: 'spring' });
  expect(await priceNow()).toEqual({ payable: 7_500, version });

  await done({ command: 'rollback', ...by('ben') });
  expect(await priceNow()).toEqual({ payable: 9_000, version: 1 });
  await done({ command: 'apply', version, ...by('ann') });
  expect(await priceNow()).toEqual({ payable: 7_500, version });
});

test('what others made current meanwhile is not undone by accident', async () => {
  const other = await published(toys(30), 1);
  const refused = await perform({ command: 'apply', version: other, ...by('ann') });
  expect(refused).toMatchObject({ ok: false, code: 'not-based-on-current' });
  const never = await perform({ command: 'rollback', version: other, ...by('ann') });
  expect(never).toMatchObject({ ok: false, code: 'unknown-version' });
  expect(await perform({ command: 'apply', version: 99, ...by('ann') })).toMatchObject({
    ok: false,
    code: 'unknown-version',
  });
});

test('a version that one processor refuses becomes current nowhere', async () => {
  const version = await published(toys(40));
  const before = await ports.books.lastAct();
  // A processor of another release that shares the deployment.
  const stranger = scratch.connection.subscribe(PREPARE_SUBJECT, {
    callback: (_, message) => {
      const who = { processor: 'old', partitions: [] };
      message.respond(JSON.stringify({ kind: 'here', ...who }));
      const problems = ['/arbitration: unknown field'];
      message.respond(JSON.stringify({ kind: 'verdict', ...who, ok: false, hash: '', problems }));
    },
  });
  try {
    const result = await perform({ command: 'apply', version, ...by('ann') });
    expect(result).toMatchObject({
      ok: false,
      code: 'processor-refuses',
      problems: ['processor old: /arbitration: unknown field'],
    });
  } finally {
    stranger.unsubscribe();
  }
  expect(await ports.books.lastAct()).toEqual(before);
  expect((await priceNow()).payable).toBe(7_500);
});

test('one promotion is stopped at once, and the working copy cannot bring it back unseen', async () => {
  const { version, act } = await done({ command: 'stop', promotion: 'toys-10', ...by('cat') });
  expect(act).toMatchObject({ act: 'stop', author: 'cat' });
  expect(await priceNow()).toEqual({ payable: 10_000, version: version?.version });
  expect(await perform({ command: 'stop', promotion: 'toys-10', ...by('cat') })).toMatchObject({
    ok: false,
    code: 'nothing-changed',
  });
  const base = act?.before;
  const edited = await perform({ command: 'edit', document: toys(26), base, ...by('ann') });
  expect(edited).toMatchObject({
    ok: false,
    code: 'changed-meanwhile',
    problems: ['promotion toys-10 was changed meanwhile'],
  });
  await done({ command: 'rollback', ...by('cat') });
  expect((await priceNow()).payable).toBe(7_500);
});

test('a region is launched by one command, with parameters of its own', async () => {
  await done({
    command: 'launch',
    region: { id: 'south', parent: 'xx' },
    stores: [{ id: 's-9', partner: 'shop' }],
    campaigns: ['toys-10'],
    parameters: { 'toys-10': { percent: 50 } },
    others: 'off',
    ...by('dan'),
  });
  const lines = [{ sku: 'BEAR', category: ['toys'], quantity: 1, price: 10_000 }];
  const [south, north] = await scratch.client.submit([
    { id: 'south', kind: 'checkout', store: 's-9', lines },
    { id: 'north', kind: 'checkout', store: 's-1', lines },
  ]);
  expect(south).toMatchObject({ totals: { payable: 5_000 } });
  expect(north).toMatchObject({ totals: { payable: 7_500 } });
  expect(JSON.stringify(south)).toContain('region-excluded');
});

describe('the working copy', () => {
  test('holds the edits of several managers, and becomes the next version', async () => {
    const current = await ports.books.lastAct();
    const version = current && (await ports.books.version(current.version));
    if (!version) throw new Error('nothing is current');
    const document = (await ports.books.documentOf(version)) as ReturnType<typeof toys>;
    const [first, second] = document.arbitration.children;
    const withChildren = (...children: unknown[]) => ({
      ...document,
      arbitration: { ...document.arbitration, children },
    });
    const hers = withChildren({ ...first, title: 'Toys' }, second);
    const his = withChildren(first, { ...second, title: 'Points' });
    const base = version.version;
    await Promise.all([
      done({ command: 'edit', document: hers, base, ...by('ann') }),
      done({ command: 'edit', document: his, base, ...by('ben') }),
    ]);
    const mine = withChildren(first, { ...second, title: 'Other' });
    const third = await perform({ command: 'edit', document: mine, base, ...by('cat') });
    expect(third).toMatchObject({ ok: false, code: 'changed-meanwhile' });
    expect(JSON.stringify(third)).toMatch(/promotion earn was changed meanwhile \(ben, /);

    await done({ command: 'apply', only: ['promotion earn'], ...by('ben') });
    const { changes, version: next } = await done({ command: 'apply', ...by('ann', 'titles') });
    expect(changes?.map(({ node }) => node.name)).toEqual(['promotion toys-10']);
    expect(next).toMatchObject({ authors: ['ann'], note: 'titles' });
    expect(next && (await ports.books.documentOf(next))).toEqual(
      withChildren({ ...first, title: 'Toys' }, { ...second, title: 'Points' }),
    );
    expect(await perform({ command: 'apply', ...by('ann') })).toMatchObject({
      code: 'nothing-changed',
    });
  });

  test('is set back to exactly what is current', async () => {
    await done({ command: 'edit', document: toys(77), ...by('ann') });
    await done({ command: 'revert', ...by('ann') });
    expect(await perform({ command: 'apply', ...by('ann') })).toMatchObject({
      code: 'nothing-changed',
    });
  });
});

test('a planned version becomes current when its time has come', async () => {
  const version = await published(toys(60));
  const due = Date.now() + 1_500;
  const { schedule } = await done({ command: 'schedule', version, due, ...by('ann') });
  const other = await done({ command: 'schedule', version, due, ...by('ann') });
  await done({ command: 'unschedule', schedule: other.schedule?.number ?? 0, ...by('ben') });
  expect((await priceNow()).version).not.toBe(version);
  await expect
    .poll(async () => (await ports.books.scheduled(schedule?.number ?? 0))?.value.state, {
      timeout: 30_000,
    })
    .toBe('done');
  expect(await priceNow()).toEqual({ payable: 4_000, version });
  expect(await ports.books.lastAct()).toMatchObject({ act: 'scheduled', author: 'ann', version });
  const past = await perform({ command: 'schedule', version, due: 0, ...by('ann') });
  expect(past).toMatchObject({ ok: false, code: 'not-in-the-future' });
});

test('an act whose author died half way is finished by whoever is there', async () => {
  const version = await published(toys(70));
  const target = await ports.books.version(version);
  const last = await ports.books.lastAct();
  if (!target || !last) throw new Error('nothing was published');
  const { registry } = scratch.processor;
  await registry.books.begin({ ...last, number: last.number + 1, version, hash: target.hash });
  await expect.poll(() => registry.books.done(), { timeout: 30_000 }).toBe(last.number + 1);
  expect(await priceNow()).toEqual({ payable: 3_000, version });
});

test('where the programme says so, nobody applies what they wrote themselves', async () => {
  const program = { ...TEST_RULE_SET.program, settings: { approval: 'second-person' } };
  const strict = await published(toys(10, { program }));
  await done({ command: 'apply', version: strict, ...by('ann') });
  const version = await published(toys(99, { program }));
  const alone = await perform({ command: 'apply', version, ...by('ann') });
  expect(alone).toMatchObject({ ok: false, code: 'needs-second-person' });
  await done({ command: 'apply', version, ...by('ben') });
  expect((await priceNow()).version).toBe(version);
});

test('without a processor for every partition nothing is applied, but a stop is', async () => {
  const version = await published(toys(11));
  await scratch.client.close();
  await scratch.processor.quiesce();
  const refused = await perform({ command: 'apply', version, ...by('ben') });
  expect(refused).toMatchObject({ ok: false, code: 'processor-away' });
  expect(refused.ok ? '' : refused.message).toMatch(/partitions 0, 1, 2, 3/);
  const { act } = await done({ command: 'stop', promotion: 'toys-10', ...by('ben') });
  await scratch.halt();
  await scratch.run();
  expect(await priceNow()).toEqual({ payable: 10_000, version: act?.version });
});
