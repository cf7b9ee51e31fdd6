import { expect, test } from 'vitest';
import { openBlock } from '../../core/layout/block.ts';
import { LedgerTotals } from '../../core/layout/rows/ledger-totals.ts';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { perTable } from '../../core/layout/rows/table.ts';
import { MOVEMENTS, memberAccount } from '../../core/ledger/transfer.ts';
import { ledgerOf } from '../store/block-reading.ts';
import { LIVES, wholeLife } from './whole-life.ts';

test('in a whole life every movement there is happens to what a member can spend', () => {
  const own = LIVES.map((member) => memberAccount(member));
  const moves = wholeLife()
    .records()
    .flatMap(({ transfers }) => transfers)
    .filter(({ from, to }) => own.some((account) => account === from || account === to));

  // The transaction list is tested with it: a new movement belongs in here.
  expect(new Set(moves.map(({ movement }) => movement))).toEqual(new Set(MOVEMENTS));
});

test('the tables get the rows of a whole life that verification expects', () => {
  const formatter = new RowFormatter();
  const totals = new LedgerTotals();
  for (const [partition, store] of wholeLife().stores.entries()) {
    for (const record of ledgerOf(store)) totals.add(partition, record);
    for (let next = 1; ; ) {
      const bytes = store.blockAt(next);
      if (!bytes) break;
      const block = openBlock(bytes);
      formatter.addBlock(block, { partition, first: 1, last: Number.MAX_SAFE_INTEGER });
      next = block.firstSequence + block.count;
    }
  }
  const expected = perTable((table) => {
    let sum = 0;
    for (const { rows } of totals.partitions.values()) sum += rows[table];
    return sum;
  });

  expect(formatter.take().rows).toEqual(expected);
});
