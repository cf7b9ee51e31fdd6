import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanced, cutBlock, recordsBetween, rewound } from './cut-block.ts';
import { recordsIn } from './ledger-tail.ts';

const positions = fc
  .dictionary(fc.nat(63).map(String), fc.record({ sent: fc.nat(5_000), more: fc.nat(5_000) }))
  .map((partitions) => {
    const entries = Object.entries(partitions).map(([key, value]) => [Number(key), value] as const);
    return {
      cursor: new Map(entries.map(([partition, { sent }]) => [partition, sent])),
      heads: new Map(entries.map(([partition, { sent, more }]) => [partition, sent + more])),
    };
  });
const limit = fc.integer({ min: 1, max: 20_000 });

test('a block never passes the durable heads nor its size, and is never empty without need', () => {
  fc.assert(
    fc.property(positions, limit, ({ cursor, heads }, recordsMax) => {
      const ranges = cutBlock(cursor, heads, recordsMax);
      const waiting = recordsBetween(cursor, heads);

      expect(recordsIn(ranges)).toBe(Math.min(waiting, recordsMax));
      for (const { partition, first, last } of ranges) {
        expect(first).toBe((cursor.get(partition) ?? 0) + 1);
        expect(last).toBeGreaterThanOrEqual(first);
        expect(last).toBeLessThanOrEqual(heads.get(partition) ?? 0);
      }
    }),
  );
});

test('cutting until nothing is left reaches every head, each record once', () => {
  fc.assert(
    fc.property(positions, fc.integer({ min: 100, max: 9_000 }), ({ cursor, heads }, size) => {
      let at: ReadonlyMap<number, number> = cursor;
      for (;;) {
        const ranges = cutBlock(at, heads, size);
        if (ranges.length === 0) break;
        at = advanced(at, ranges);
      }

      expect(recordsBetween(at, heads)).toBe(0);
      expect(at).toEqual(new Map([...cursor, ...heads]));
    }),
  );
});

test('going back behind a block undoes it', () => {
  fc.assert(
    fc.property(positions, limit, ({ cursor, heads }, recordsMax) => {
      const ranges = cutBlock(cursor, heads, recordsMax);

      expect(rewound(advanced(cursor, ranges), ranges)).toEqual(cursor);
    }),
  );
});
