import { expect, test } from 'vitest';
import { STORE_FORMAT } from '../ledger/partition-meta.ts';
import { BLOCK_FORMAT } from './block.ts';
import { MEMBER_LAYOUT } from './member.ts';

test('whoever changes the layout of blocks or members raises the format of the store too', () => {
  // A store of another format is refused; one whose blocks merely differ would be misread.
  const known = { block: 5, member: 2, store: 6 };
  expect({ block: BLOCK_FORMAT, member: MEMBER_LAYOUT, store: STORE_FORMAT }).toEqual(known);
});
