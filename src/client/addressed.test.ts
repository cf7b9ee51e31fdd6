import { expect, test } from 'vitest';
import { sendAddressed } from './addressed.ts';
import { Outcome } from './outcome.ts';

/** A system in which card 7 is of `old`, and `old` was merged into `new`. */
function answer(transaction: unknown): Outcome {
  const { id, member } = transaction as { id: string; member?: string };
  if (member === 'new') return Outcome.ofJson({ id, status: 'accepted' });
  const sendFor = member === 'old' ? { sendFor: 'new' } : {};
  return Outcome.ofJson({ id, status: 'rejected', reason: 'member-merged', ...sendFor });
}

const ports = {
  send: async (transactions: readonly unknown[]) => transactions.map(answer),
  identify: async (identifier: string) => (identifier === 'card/7' ? 'old' : undefined),
};

test('a card finds its member, and a merged member the one it was merged into', async () => {
  const outcomes = await sendAddressed(
    [{ id: 'a', card: '7' }, { id: 'b', member: 'new' }, { id: 'c', card: '8' }, 'nonsense'],
    ports,
  );
  expect(outcomes.map(({ json }) => json.status)).toEqual([
    'accepted',
    'accepted',
    'rejected',
    'rejected',
  ]);
});

test('a circle ends', async () => {
  const circle = async (transactions: readonly unknown[]): Promise<Outcome[]> =>
    transactions.map(() => Outcome.ofJson({ id: 'a', status: 'rejected', sendFor: 'x' }));
  const outcomes = await sendAddressed([{ id: 'a', member: 'x' }], { ...ports, send: circle });
  expect(outcomes).toMatchObject([{ json: { sendFor: 'x' } }]);
});
