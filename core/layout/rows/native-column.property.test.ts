import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNativeBlock } from '../../testing/native-reader.ts';
import { ByteWriter } from '../bytes.ts';
import { nativeBlock } from './native-block.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { NO_TEXT } from './text-reader.ts';

/** What a reader of UTF-8 must see: half a surrogate pair is no character. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
    .map((units) => String.fromCharCode(...units)),
);

const anyRow = fc.record({
  text: anyText,
  money: fc.maxSafeInteger(),
  sequence: fc.maxSafeNat(),
  count: fc.nat(0xffff),
  version: fc.nat(),
  flag: fc.boolean(),
});

test('what was written into a block is read back from it', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 50 }), (rows) => {
      const columns = {
        text: new Texts(),
        money: new LargeIntegers('Int64'),
        sequence: new LargeIntegers('UInt64'),
        count: new SmallIntegers(2),
        version: new SmallIntegers(4),
        flag: new SmallIntegers(1),
      };
      for (const row of rows) {
        columns.text.push(row.text);
        columns.money.push(row.money);
        columns.sequence.push(row.sequence);
        columns.count.push(row.count);
        columns.version.push(row.version);
        columns.flag.push(row.flag ? 1 : 0);
      }

      expect(readNativeBlock(nativeBlock(columns, rows.length)).rows).toEqual(
        rows.map((row) => ({
          text: wellFormed(row.text),
          money: BigInt(row.money),
          sequence: BigInt(row.sequence),
          count: row.count,
          version: row.version,
          flag: row.flag ? 1 : 0,
        })),
      );
    }),
  );
});

test('a repeated value is the value pushed as often', () => {
  fc.assert(
    fc.property(anyText, fc.maxSafeInteger(), fc.nat(40), (text, money, times) => {
      const repeated = { text: new Texts(), money: new LargeIntegers('Int64') };
      const pushed = { text: new Texts(), money: new LargeIntegers('Int64') };
      const stored = new ByteWriter(16);
      stored.byte(7);
      stored.string(text);
      repeated.text.repeat(stored.memory, 1, times);
      repeated.money.repeat(money, times);
      for (let time = 0; time < times; time += 1) {
        pushed.text.push(text);
        pushed.money.push(money);
      }

      const same = Buffer.from(nativeBlock(repeated, times)).equals(nativeBlock(pushed, times));
      expect(same).toBe(true);
    }),
  );
});

test('a stored text is copied as it would be pushed', () => {
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      const stored = new ByteWriter(16);
      const [copied, pushed] = [new Texts(), new Texts()];
      for (const text of texts) {
        const at = stored.length;
        stored.string(text);
        copied.copy(stored.memory, at);
        pushed.push(text);
      }
      copied.copy(stored.memory, NO_TEXT);
      pushed.push('');

      expect(Buffer.from(copied.written()).equals(pushed.written())).toBe(true);
    }),
  );
});
