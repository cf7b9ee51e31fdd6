import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeOne, joinEncoded } from './format.ts';
import { elementsOf, Outcome, outcomesIn } from './outcome.ts';
import type { OutcomeJson } from './outcome-json.ts';

describe('an envelope', () => {
  it.each(['json', 'msgpack'] as const)('of %s opens to what was put in', (format) => {
    // The msgpack parser renames this one, and the engine refuses it under both names.
    const value = fc.jsonValue().filter((json) => !JSON.stringify(json).includes('__proto__'));
    const values = fc.array(value, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, (list) => {
        const plain: unknown[] = JSON.parse(JSON.stringify(list));
        const parts = plain.map((value) => encodeOne(value, format));
        const opened = decodeAnswer(joinEncoded(parts, format), format);
        expect(opened).toEqual(plain.length === 1 ? plain[0] : plain);
      }),
    );
  });

  it('of 512 msgpack transactions has the long head', () => {
    const parts = Array.from({ length: 512 }, (_, index) => encodeOne(index, 'msgpack'));
    expect(decodeAnswer(joinEncoded(parts, 'msgpack'), 'msgpack')).toHaveLength(512);
  });
});

describe('an answer', () => {
  it.each([
    ['too few', [{ id: 'a', status: 'accepted' }], 2],
    ['no outcomes', [1], 1],
    ['an error', { error: 'unknown-member' }, 1],
  ])('with %s is a fault', (_name, answer, count) => {
    for (const format of ['json', 'msgpack'] as const) {
      expect(() => outcomesIn(encodeOne(answer, format), format, count)).toThrow(
        expect.objectContaining({ code: 'unexpected-answer' }),
      );
    }
  });

  it('is divided into its elements without being parsed', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (list, indent) => {
        const plain: unknown[] = JSON.parse(JSON.stringify(list));
        const elements = elementsOf(JSON.stringify(plain, undefined, indent));
        expect(elements.map((text) => JSON.parse(text))).toEqual(plain);
      }),
    );
  });

  it('tells of each outcome whether it was rejected, and hands its text on', () => {
    const id = fc.string();
    const status = fc.constantFrom('accepted', 'rejected', 'exists');
    const recorded = fc.option(fc.constantFrom('accepted', 'rejected'), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.record({ id, status, recorded }), { minLength: 1 }), (list) => {
        const plain: OutcomeJson[] = JSON.parse(JSON.stringify(list));
        const outcomes = outcomesIn(encodeOne(plain, 'json'), 'json', plain.length);
        expect(outcomes.map((outcome) => JSON.parse(outcome.text))).toEqual(plain);
        expect(outcomes.map(({ json }) => json)).toEqual(plain);
        expect(outcomes.map(({ isRejected }) => isRejected)).toEqual(
          plain.map((each) => Outcome.ofJson(each).isRejected),
        );
      }),
    );
  });

  it('that is not in its format is a fault', () => {
    expect(() => decodeAnswer(Buffer.from('{'), 'json')).toThrow(
      expect.objectContaining({ code: 'unexpected-answer' }),
    );
  });
});
