import { expect, test } from 'vitest';
import { MOVEMENTS, memberAccount } from '../../core/ledger/transfer.ts';
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
