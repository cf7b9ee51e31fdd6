import { expect, test } from 'vitest';
import { continueAfter } from './stream-life.ts';

const position = { epoch: 1, created: 'monday', sequence: 100, storedAt: 5_000 };
const stream = { created: 'monday', firstSequence: 1, lastSequence: 140 };

test.each([
  ['goes on after the position', position, stream, 5_000, 'same-life', 101],
  [
    'goes on when our message was trimmed',
    position,
    { ...stream, firstSequence: 120 },
    undefined,
    'same-life',
    120,
  ],
  [
    'starts over when the stream was made anew',
    position,
    { ...stream, created: 'friday' },
    5_000,
    'new-life',
    1,
  ],
  [
    'starts over when the stream is shorter than it was',
    position,
    { ...stream, lastSequence: 99 },
    undefined,
    'new-life',
    1,
  ],
  ['starts over when another message has our sequence', position, stream, 5_001, 'new-life', 1],
  [
    'starts at the first message at first contact',
    { epoch: 0, created: '', sequence: 0, storedAt: 0 },
    stream,
    undefined,
    'same-life',
    1,
  ],
] as const)('%s', (_, before, now, storedAt, kind, fromSequence) => {
  expect(continueAfter(before, now, storedAt)).toMatchObject({ kind, fromSequence });
});

test('another life has another number', () => {
  const next = continueAfter(position, { ...stream, created: 'friday' }, undefined);
  expect(next.source).toEqual({ epoch: 2, created: 'friday', sequence: 0, storedAt: 0 });
});
