import { expect, test } from 'vitest';
import { BLOCK_FORMAT } from '../../core/layout/block.ts';
import { MEMBER_LAYOUT } from '../../core/layout/member.ts';
import { MEMBER_KIND_CODES } from '../../core/layout/member-transaction.ts';
import { KIND_CODES } from '../../core/layout/transaction.ts';
import { UNMERGE_DAYS } from '../../core/ledger/belongings.ts';
import { HOLDS_PER_MEMBER_MAX } from '../../core/ledger/hold.ts';
import { KEPT_AFTER_END_MILLISECONDS } from '../../core/ledger/lease/budget-book.ts';
import { PATIENCE_MILLISECONDS, WAITING_MAX } from '../../core/ledger/lease/lease.ts';
import { DAY_MILLISECONDS, HISTORY_DAYS_MAX } from '../../core/ledger/member.ts';
import { PARKED_MAX } from '../../core/ledger/parked.ts';
import { STORE_FORMAT } from '../../core/ledger/partition-meta.ts';
import { IDENTIFIERS_MAX } from '../../core/ledger/standing.ts';
import { TIER_HISTORY_MAX } from '../../core/ledger/tier-state.ts';
import { MOVEMENTS } from '../../core/ledger/transfer.ts';
import { TRANSACTION_KINDS } from '../../core/transaction/transaction.ts';
import { BLOCKS_KEPT } from '../sink/sink-state.ts';
import { readRepository } from './repository.ts';

// The page is read by people who look at bytes: a number that is wrong there costs them a day.
const PAGE = readRepository().find(({ path }) => path === 'docs/storage-layout.md')?.text ?? '';
const prose = PAGE.replaceAll(/\s+/g, ' ');
const written = (value: number): string => value.toLocaleString('en-US');

test.each([
  ['the format of the store', `\`STORE_FORMAT\` = ${STORE_FORMAT} `],
  ['the format of blocks', `\`BLOCK_FORMAT\` = ${BLOCK_FORMAT} `],
  ['the layout of members', `\`MEMBER_LAYOUT\` = ${MEMBER_LAYOUT} `],
  ['the layout of members, where it is written', `Layout number (byte, ${MEMBER_LAYOUT})`],
  ['days of history', `${HISTORY_DAYS_MAX} days of history`],
  ['days of history, where they are written', `each), at most ${HISTORY_DAYS_MAX}`],
  ['open holds of a member', `${HOLDS_PER_MEMBER_MAX} holds`],
  ['cards and phones of a member', `${IDENTIFIERS_MAX} cards and phones`],
  ['tiers of the past', `${TIER_HISTORY_MAX} tiers of the past`],
  ['checkouts that wait', `at most ${written(WAITING_MAX)} a lease`],
  ['how long they wait', `after ${PATIENCE_MILLISECONDS / 1_000} seconds`],
  ['parked returns', `at most ${written(PARKED_MAX)}`],
  ['days of a merge', `merges of the last ${UNMERGE_DAYS} days`],
  ['days of a budget', `${KEPT_AFTER_END_MILLISECONDS / DAY_MILLISECONDS} days after the period`],
  ['blocks of the sink', `modulo ${written(BLOCKS_KEPT)} (\`BLOCKS_KEPT\`)`],
])('the page on the storage layout has the number of the code: %s', (_, text) => {
  expect(prose).toContain(text);
});

test('it lists kinds and movements in the order of their bytes', () => {
  const named = (list: readonly string[]): string => list.map((each) => `\`${each}\``).join(', ');
  expect(prose).toContain(`Kinds from 0: ${named(TRANSACTION_KINDS)}.`);
  expect(prose).toContain(`Movements from 0: ${named(MOVEMENTS)}.`);
});

test('it names the byte of each kind in the canonical bytes', () => {
  const codes = Object.entries({ ...KIND_CODES, ...MEMBER_KIND_CODES });
  const listed = codes.sort(([, a], [, b]) => a - b).map(([kind, code]) => `${code} ${kind}`);
  expect(prose).toContain(`(${listed.join(', ')})`);
});
