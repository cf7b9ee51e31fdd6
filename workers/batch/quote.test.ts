import { describe, expect, it } from 'vitest';
import { emit } from '../../core/arbitration/emit.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { applyBatch } from './apply-batch.ts';
import { answerQuotes } from './quote.ts';

const START = Date.UTC(2026, 0, 10, 12);
const DAY = 86_400_000;

const DOCUMENT = {
  pointTypes: [{ id: 'main', validity: { days: 20 } }],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'points',
        type: 'points-accrual',
        benefits: { list: [{ points: { type: 'main', rate: 1 } }] },
      },
    ],
  },
};

function storeAfter(transactions: readonly object[]) {
  const compiled = compileRuleSet(DOCUMENT, { world: 'open', emit });
  if (!compiled.ok) throw new Error('the document does not compile');
  const { tree } = compiled.value;
  const trees = { usable: () => true, treeOf: () => tree };
  const store = new MemoryStore(0, 1);
  const activation = { id: 'v1', kind: 'activation', version: 1, hash: tree.hash };
  const messages = [activation, ...transactions].map((transaction, position) => ({
    sequence: position + 1,
    storedAt: START,
    store: '',
    format: 'json' as const,
    answer: false,
    data: Buffer.from(JSON.stringify(transaction)),
  }));
  store.write(applyBatch(store, trees, { messages, source: { epoch: 1, created: 'test' } }).writes);
  return (now: number, ...asked: readonly object[]): unknown[] => {
    const quotes = asked.map((quote) => ({
      format: 'json' as const,
      data: Buffer.from(JSON.stringify(quote)),
      store: '',
    }));
    return answerQuotes(store, trees, { now, quotes }).map((answer) => JSON.parse(String(answer)));
  };
}

const lines = [{ sku: 'A', quantity: 1, price: 10_000 }];
const sale = { id: 'c', kind: 'checkout', member: 'm', lines };
const quote = { kind: 'quote', member: 'm', lines };

describe('questions that are answered together', () => {
  const ask = storeAfter([{ id: 'e', kind: 'enrol', member: 'm' }, sale]);
  const asked = [
    { id: 'q1', ...quote },
    { id: 'q2', ...quote, pay: [{ type: 'main', points: 60 }] },
    { id: 'not-a-quote', kind: 'checkout', member: 'm', lines },
    { id: 'q3', ...quote },
    { id: 'not-a-quote', kind: 'checkout', member: 'm', lines: [...lines, ...lines] },
    { id: 'q1', ...quote, member: 'nobody' },
    [
      { id: 'q4', ...quote },
      { id: 'q5', ...quote },
    ],
  ];

  it('get what each of them would get alone, before and after its points expired', () => {
    for (const now of [START, START + 30 * DAY]) {
      expect(ask(now, ...asked)).toEqual(asked.map((each) => ask(now, each)[0]));
    }
  });

  it('see the member as it is stored, however often it is asked about', () => {
    const once = ask(START, { id: 'q', ...quote });
    const again = ask(START, { id: 'q', ...quote }, { id: 'q', ...quote }).slice(1);
    expect(again).toEqual(once);
    expect(once).toMatchObject([{ id: 'q', status: 'accepted' }]);
  });
});
