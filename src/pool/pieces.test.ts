import { expect, test } from 'vitest';
import { piecesOf } from './pieces.ts';

const RANGES = [
  { partition: 0, first: 11, last: 15 },
  { partition: 3, first: 1, last: 1 },
  { partition: 4, first: 7, last: 13 },
];

test('a piece ends where it has its records, also in the middle of a stretch', () => {
  expect([...piecesOf(RANGES, 4)]).toEqual([
    [{ partition: 0, first: 11, last: 14 }],
    [
      { partition: 0, first: 15, last: 15 },
      { partition: 3, first: 1, last: 1 },
      { partition: 4, first: 7, last: 8 },
    ],
    [{ partition: 4, first: 9, last: 12 }],
    [{ partition: 4, first: 13, last: 13 }],
  ]);
});

test('what fits into one piece stays whole', () => {
  expect([...piecesOf(RANGES, 13)]).toEqual([RANGES]);
  expect([...piecesOf([], 13)]).toEqual([]);
});
