import { describe, expect, it } from 'vitest';
import type { Format } from './format.ts';
import { Lane, type LaneOptions, type Load } from './lane.ts';
import { Outcome } from './outcome.ts';

/** The other end of a lane: keeps each load until it is told to answer. */
class Station {
  readonly loads: Load[] = [];
  readonly #answers: (() => void)[] = [];
  failure: Error | undefined;

  readonly send = (load: Load): Promise<readonly Outcome[]> => {
    this.loads.push(load);
    return new Promise((resolve, reject) => {
      this.#answers.push(() => {
        if (this.failure !== undefined) reject(this.failure);
        else resolve(load.parts.map(acceptedOf));
      });
    });
  };

  async answerNext(): Promise<void> {
    this.#answers.shift()?.();
    await turn();
  }

  sizes(): number[] {
    return this.loads.map(({ parts }) => parts.length);
  }
}

const acceptedOf = (part: Uint8Array): Outcome =>
  Outcome.ofJson({ id: String(part), status: 'accepted' });

const turn = () => new Promise((resolve) => setImmediate(resolve));

function open(change: Partial<LaneOptions> = {}) {
  const station = new Station();
  const { send } = station;
  const lane = new Lane({ depth: 1, maxTransactions: 512, maxBytes: 1_000, send, ...change });
  const add = (text: string, format: Format = 'json') =>
    new Promise<Outcome>((resolve, reject) => {
      const deadline = lane.waiting + 1;
      lane.add({ bytes: Buffer.from(text), format, deadline, resolve, reject });
    });
  return { station, lane, add };
}

describe('a lane', () => {
  it('sends what arrives in one turn together, and each gets its own outcome', async () => {
    const { station, add } = open();
    const outcomes = Promise.all(['a', 'b', 'c'].map((text) => add(text)));
    await turn();
    expect(station.sizes()).toEqual([3]);
    await station.answerNext();
    expect((await outcomes).map(({ json }) => json.id)).toEqual(['a', 'b', 'c']);
  });

  it('gathers everything that arrives while it is full, in order', async () => {
    const { station, lane, add } = open();
    void add('a');
    await turn();
    for (const text of ['b', 'c', 'd']) {
      void add(text);
      await turn();
    }
    expect(station.sizes()).toEqual([1]);
    expect([lane.waiting, lane.inFlight]).toEqual([3, 1]);
    await station.answerNext();
    await turn();
    expect(station.sizes()).toEqual([1, 3]);
    expect(station.loads[1]?.parts.map(String)).toEqual(['b', 'c', 'd']);
  });

  it('has as many envelopes on the way as its depth', async () => {
    const { station, add } = open({ depth: 2, maxTransactions: 2 });
    for (const text of 'abcdefg') void add(text);
    await turn();
    expect(station.sizes()).toEqual([2, 2]);
    await station.answerNext();
    await turn();
    expect(station.sizes()).toEqual([2, 2, 2]);
  });

  it('keeps envelopes within their bytes, but sends what alone is too large', async () => {
    const { station, add } = open({ depth: 9, maxBytes: 25 });
    for (const text of ['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(10), 'y'.repeat(99)]) {
      void add(text);
    }
    await turn();
    expect(station.sizes()).toEqual([2, 1, 1]);
  });

  it('is as urgent as the first of an envelope', async () => {
    const { station, add } = open();
    for (const text of 'abc') void add(text);
    await turn();
    expect(station.loads[0]?.deadline).toBe(1);
  });

  it('never mixes formats in one envelope', async () => {
    const { station, add } = open({ depth: 9 });
    void add('a');
    void add('b', 'msgpack');
    void add('c', 'msgpack');
    void add('d');
    await turn();
    expect(station.loads.map(({ format }) => format)).toEqual(['json', 'msgpack', 'json']);
  });

  it('tells every sender of a failed envelope, and goes on', async () => {
    const { station, lane, add } = open();
    station.failure = new Error('lost');
    const failed = Promise.allSettled([add('a'), add('b')]);
    await turn();
    await station.answerNext();
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    station.failure = undefined;
    const next = add('c');
    await turn();
    await station.answerNext();
    expect((await next).json).toMatchObject({ status: 'accepted' });
    expect([lane.waiting, lane.inFlight]).toEqual([0, 0]);
  });
});
