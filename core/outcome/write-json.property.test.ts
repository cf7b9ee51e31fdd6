import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonWriter } from '../layout/json-writer.ts';
import { ledgerRecord } from '../testing/ledger-records.ts';
import { renderOutcome } from './render.ts';
import { writeOutcome } from './write-json.ts';

const writer = new JsonWriter();

function written(write: (to: JsonWriter) => void): string {
  writer.reset();
  write(writer);
  return new TextDecoder().decode(writer.copy());
}

test('an outcome is written as it is rendered', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 40 }), (seed, sequence) => {
      const { outcome } = ledgerRecord({ seed }, 3, sequence);

      const json = written((to) => writeOutcome(to, outcome));

      expect(json).toBe(JSON.stringify(renderOutcome(outcome)));
    }),
    { numRuns: 200 },
  );
});

test('texts and numbers are written as every JSON writer does', () => {
  const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 40 }));
  const anyNumber = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double());
  fc.assert(
    fc.property(anyText, anyNumber, (text, number) => {
      expect(written((to) => to.text(text))).toBe(JSON.stringify(text));
      expect(written((to) => to.number(number))).toBe(JSON.stringify(number));
    }),
    { numRuns: 200 },
  );
});
