import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogMessage, MESSAGE_FORMATS, packMessages, unpackMessages } from './request.ts';

const messages: fc.Arbitrary<LogMessage> = fc.record({
  sequence: fc.nat(),
  storedAt: fc.nat(),
  format: fc.constantFrom(...MESSAGE_FORMATS),
  answer: fc.boolean(),
  data: fc.uint8Array({ maxLength: 40 }),
  store: fc.constantFrom('', 's-1', 's-2', 'almaty_7'),
});

test('a batch reaches the thread as it left, with the stores of its senders', () => {
  fc.assert(
    fc.property(fc.array(messages), (batch) => {
      expect(unpackMessages(packMessages(batch))).toEqual(batch);
    }),
  );
});

test('a batch in which no till speaks carries no list of stores', () => {
  const message = { sequence: 1, storedAt: 2, format: 'json', answer: true, store: '' } as const;
  const data = new Uint8Array([1, 2, 3]);
  const alone = packMessages([{ ...message, data }]).byteLength;
  expect(packMessages([{ ...message, store: 's-1', data }]).byteLength).toBeGreaterThan(alone);
  expect(
    packMessages([
      { ...message, data },
      { ...message, data },
    ]).byteLength,
  ).toBe(8 + 2 * (alone - 8));
});
