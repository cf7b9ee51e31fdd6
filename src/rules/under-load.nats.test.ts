import { afterAll, beforeAll, expect, test } from 'vitest';
import { ruleDesk } from '../../ops/rules/desk.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { replayDecision } from '../replay-decision/replay-decision.ts';
import { TEST_RULE_SET } from '../testing/rule-set.ts';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { NatsProcessors } from './nats-processors.ts';

const APPLIES = 6;
const WAVE = 60;
const PRICE = 10_000;
/** Decided anew and compared byte by byte. */
const REPLAYED = 12;

let scratch: ScratchProcessor;

beforeAll(async () => {
  scratch = await ScratchProcessor.start();
});

afterAll(async () => {
  await scratch?.stop();
});

/** Both promotions say which version they are of: one half of each would show. */
const documentOf = (percent: number) => {
  const { arbitration } = TEST_RULE_SET;
  const [toys, earn] = arbitration.children;
  const children = [
    { ...toys, benefits: { list: [{ discount: { percent } }] } },
    { ...earn, benefits: { list: [{ points: { type: 'main', fixed: percent } }] } },
  ];
  return { ...TEST_RULE_SET, arbitration: { ...arbitration, children } };
};

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly ruleSet: { readonly version: number };
  readonly totals: { readonly discount: number };
  readonly points: readonly { readonly accrued: number }[];
}

test('versions change under load: nothing is dropped, and nothing decided by half of one', async () => {
  const { connection, processor, partitions, client } = scratch;
  const { registry } = processor;
  const processors = new NatsProcessors({ connection, registry, partitions });
  const perform = ruleDesk({ books: registry.books, processors, now: Date.now });
  const by = { author: { name: 'ann' }, note: '' };
  const members = Array.from({ length: WAVE }, (_, number) => `m-${number}`);
  await client.submit(members.map((member) => ({ id: `e/${member}`, kind: 'enrol', member })));

  const percents = new Map<number, number>();
  const answers: Answer[] = [];
  let sent = 0;
  let goesOn = true;
  const traffic = (async () => {
    const lines = [{ sku: 'BEAR', category: ['toys'], quantity: 1, price: PRICE }];
    for (let wave = 0; goesOn; wave += 1) {
      const checkouts = members.map((member) => ({
        id: `${wave}/${member}`,
        kind: 'checkout',
        member,
        store: 's-1',
        lines,
      }));
      sent += checkouts.length;
      answers.push(...((await client.submit(checkouts)) as unknown as Answer[]));
    }
  })();
  for (let percent = 20; percent < 20 + APPLIES; percent += 1) {
    const published = await perform({ command: 'publish', document: documentOf(percent), ...by });
    const version = published.ok ? (published.version?.version ?? 0) : 0;
    percents.set(version, percent);
    expect(await perform({ command: 'apply', version, ...by })).toMatchObject({ ok: true });
  }
  await client.submit([
    { id: 'last', kind: 'checkout', lines: [{ sku: 'A', quantity: 1, price: 1 }] },
  ]);
  goesOn = false;
  await traffic;

  expect(answers).toHaveLength(sent);
  const seen = new Set<number>();
  for (const { status, ruleSet, totals, points } of answers) {
    expect(status).toBe('accepted');
    const percent = percents.get(ruleSet.version);
    if (percent === undefined) continue;
    seen.add(ruleSet.version);
    expect(totals.discount).toBe((PRICE * percent) / 100);
    expect(points[0]?.accrued).toBe(percent);
  }
  expect(seen.size).toBeGreaterThan(1);

  const metas = await processor.metas();
  for (const { activations } of metas) {
    expect(activations.map(({ version }) => version)).toEqual([1, ...percents.keys()]);
  }
  const ledger = OpenLedger.open(scratch.storePath);
  try {
    for (let place = 0; place < REPLAYED; place += 1) {
      const { id = '' } = answers[Math.floor((place * answers.length) / REPLAYED)] ?? {};
      expect(replayDecision(ledger, { transaction: id })).toMatchObject({ isEqual: true });
    }
  } finally {
    await ledger.close();
  }
});
