import { describe, expect, it } from 'vitest';
import { emit } from '../../core/arbitration/emit.ts';
import { must } from '../../core/assert.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import { partitionOf } from '../../core/transaction/key.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { applyBatch } from './apply-batch.ts';
import { QuoteDesk } from './quote.ts';

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

const MESSAGE = { sequence: 0, storedAt: START, format: 'json', answer: true, store: '' } as const;

function bytesOf(transaction: object): Uint8Array {
  return Buffer.from(JSON.stringify(transaction));
}

function treeSource() {
  const compiled = compileRuleSet(DOCUMENT, { world: 'open', emit });
  if (!compiled.ok) throw new Error('the document does not compile');
  const { tree } = compiled.value;
  return { hash: tree.hash, usable: () => true, treeOf: () => tree };
}

/** A desk of some partitions, which can be written to. */
class Office {
  readonly #trees = treeSource();
  readonly #stores: readonly MemoryStore[];
  readonly #desk: QuoteDesk;
  #sequence = 0;

  constructor(partitions: number) {
    this.#stores = Array.from({ length: partitions }, (_, at) => new MemoryStore(at, partitions));
    this.#desk = new QuoteDesk((partition) => this.#store(partition), this.#trees);
    const activation = { kind: 'activation', version: 1, hash: this.#trees.hash };
    for (const at of this.#stores.keys()) this.write(at, { id: `v1/${at}`, ...activation });
  }

  #store(partition: number): MemoryStore {
    return must(this.#stores[partition], 'a partition has its store');
  }

  write(partition: number, ...transactions: readonly object[]): void {
    const messages = transactions.map((transaction) => {
      this.#sequence += 1;
      return { ...MESSAGE, sequence: this.#sequence, data: bytesOf(transaction) };
    });
    const store = this.#store(partition);
    const batch = { messages, source: { epoch: 1, created: 'test' } };
    store.write(applyBatch(store, this.#trees, batch).writes);
  }

  ask(now: number, ...asked: readonly (readonly [partition: number, question: object])[]) {
    const messages = asked.map(([, question]) => ({ ...MESSAGE, data: bytesOf(question) }));
    const partitions = asked.map(([partition]) => partition);
    const answers = this.#desk.answer({ now, partitions, messages });
    return answers.map((answer): unknown => JSON.parse(String(answer)));
  }
}

const lines = [{ sku: 'A', quantity: 1, price: 10_000 }];
const sale = { id: 'c', kind: 'checkout', member: 'm', lines };
const quote = { kind: 'quote', member: 'm', lines };

describe('questions that are answered together', () => {
  const office = new Office(1);
  office.write(0, { id: 'e', kind: 'enrol', member: 'm' }, sale);
  const ask = (now: number, ...questions: readonly object[]) =>
    office.ask(now, ...questions.map((question) => [0, question] as const));
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

  it('see what was written since those before', () => {
    const busy = new Office(1);
    busy.write(0, { id: 'e', kind: 'enrol', member: 'm' });
    const question = { id: 'q', ...quote };
    expect(busy.ask(START, [0, question])).toMatchObject([{ status: 'accepted' }]);
    busy.write(0, { id: 'x', kind: 'close', member: 'm' });
    expect(busy.ask(START, [0, question])).toMatchObject([{ status: 'rejected' }]);
  });

  it('are answered in their order, each by its own partition', () => {
    const wide = new Office(16);
    const members = Array.from({ length: 40 }, (_, count) => `m-${count}`);
    const questions = members.map(
      (member) => [partitionOf(member, 16), { id: member, ...quote, member }] as const,
    );
    for (const [partition, { member }] of questions.slice(0, 20)) {
      wide.write(partition, { id: `e/${member}`, kind: 'enrol', member });
    }
    const answers = wide.ask(START, ...questions);
    expect(answers).toMatchObject(members.map((id) => ({ id })));
    expect(answers).toEqual(questions.map((question) => wide.ask(START, question)[0]));
  });
});
