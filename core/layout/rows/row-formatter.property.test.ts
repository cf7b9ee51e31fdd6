import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerRecord } from '../../testing/ledger-records.ts';
import { readNativeBlock } from '../../testing/native-reader.ts';
import { RowFormatter } from './row-formatter.ts';
import { ROW_TABLES } from './table.ts';

interface Range {
  readonly seed: number;
  readonly partition: number;
  readonly first: number;
  readonly count: number;
}

const traffic: fc.Arbitrary<Range> = fc.record({
  seed: fc.integer(),
  partition: fc.nat(63),
  first: fc.integer({ min: 1, max: 2 ** 40 }),
  count: fc.integer({ min: 1, max: 30 }),
});

/** Each run formats some dozen records; more runs find nothing that these do not. */
const RUNS = { numRuns: 40 };

function formatted({ seed, partition, first, count }: Range) {
  const formatter = new RowFormatter();
  const records = Array.from({ length: count }, (_, index) =>
    ledgerRecord({ seed }, partition, first + index),
  );
  for (const record of records) formatter.add(partition, record);
  return { records, rows: formatter.take() };
}

function sum(rows: readonly Readonly<Record<string, unknown>>[], column: string): number {
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

test('the same records always make the same bytes', () => {
  fc.assert(
    fc.property(traffic, (some) => {
      const [once, again] = [formatted(some).rows.bytes, formatted(some).rows.bytes];
      for (const table of ROW_TABLES) {
        expect(Buffer.from(once[table]).equals(again[table])).toBe(true);
      }
    }),
    RUNS,
  );
});

test('every record has one row among the checkouts, in ledger order', () => {
  fc.assert(
    fc.property(traffic, (some) => {
      const { records, rows } = formatted(some);
      const { rows: checkouts } = readNativeBlock(rows.bytes.checkouts);

      expect(checkouts.map((row) => [row['sequence'], row['id'], row['status']])).toEqual(
        records.map((record) => [BigInt(record.sequence), record.id, record.outcome.status]),
      );
    }),
    RUNS,
  );
});

test('the entries of each record and unit sum to zero', () => {
  fc.assert(
    fc.property(traffic, (some) => {
      const { rows } = formatted(some);
      const sums = new Map<string, bigint>();
      for (const row of readNativeBlock(rows.bytes.entries).rows) {
        const key = `${row['sequence']} ${row['unit']}`;
        sums.set(key, (sums.get(key) ?? 0n) + BigInt(String(row['amount'])));
      }

      expect([...sums.values()].every((total) => total === 0n)).toBe(true);
    }),
    RUNS,
  );
});

/** Points that were neither issued, spent nor lost: they are in no column of their record. */
const isNeither = (row: Readonly<Record<string, unknown>>): boolean =>
  ['top-up', 'import'].includes(String(row['movement']));

test('lines and awards add up to what their checkouts say', () => {
  fc.assert(
    fc.property(traffic, (some) => {
      const { rows } = formatted(some);
      const checkouts = readNativeBlock(rows.bytes.checkouts).rows;
      const lines = readNativeBlock(rows.bytes.lines).rows;
      const awards = readNativeBlock(rows.bytes.awards).rows;
      const sales = checkouts.filter((row) =>
        ['checkout', 'capture'].includes(String(row['kind'])),
      );

      expect(sum(lines, 'gross')).toBe(sum(checkouts, 'gross'));
      expect(sum(lines, 'discount')).toBe(sum(checkouts, 'discount'));
      expect(sum(awards, 'discount')).toBe(sum(sales, 'discount'));
      expect(sum(awards, 'points')).toBe(
        sum(checkouts, 'points_accrued') -
          sum(checkouts, 'points_redeemed') -
          sum(checkouts, 'points_expired') +
          sum(awards.filter(isNeither), 'points'),
      );
    }),
    RUNS,
  );
});

test('every table counts its rows', () => {
  fc.assert(
    fc.property(traffic, (some) => {
      const { rows } = formatted(some);
      for (const table of ROW_TABLES) {
        expect(readNativeBlock(rows.bytes[table]).rows.length).toBe(rows.rows[table]);
      }
    }),
    RUNS,
  );
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 150 });

test('texts arrive as they are, however long', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (one, other, third) => {
      const sold = ledgerRecord({ seed: 5, lines: 1, checkoutsOnly: true }, 1, 1);
      const moves = { from: `member:${one}`, to: `issued:${other}`, lot: third, promotion: one };
      const formatter = new RowFormatter();
      formatter.add(1, {
        ...sold,
        id: one,
        store: other,
        member: third,
        transfers: sold.transfers.slice(0, 1).map((move) => ({ ...move, ...moves })),
      });
      const { bytes } = formatter.take();

      expect(readNativeBlock(bytes.checkouts).rows).toMatchObject([
        { id: one, store: other, member: third },
      ]);
      expect(readNativeBlock(bytes.entries).rows).toMatchObject([
        { account_kind: 'member', account_owner: one, lot: third, promotion: one },
        { account_kind: 'issued', account_owner: other, lot: third, promotion: one },
      ]);
    }),
    RUNS,
  );
});
