import { describe, expect, test } from 'vitest';
import { decided } from '../../testing/cases.ts';
import type { EngineName } from '../emit.ts';

const NAMES: readonly EngineName[] = ['interpret', 'compiled'];

/** A multiplier against money off, where only one of the two may be had. */
function winner(engine: EngineName, before: readonly object[], money: number): string | undefined {
  const document = {
    pointTypes: [{ id: 'main', ratio: { points: 1, money: 100 } }],
    arbitration: {
      mode: 'sequential',
      children: [
        ...before,
        {
          group: 'choice',
          mode: 'max',
          combine: 'none',
          children: [
            { promotion: 'triple', benefits: [{ 'multiply-points': { factor: 3 } }] },
            { promotion: 'money', benefits: [{ discount: { amount: money } }] },
          ],
        },
      ],
    },
  };
  const lines = [{ id: '1', sku: 'A', quantity: 1, price: 5_000 }];
  const quote = { id: 'q', kind: 'quote', member: 'm', lines };
  const result = decided(engine, document, { quote, balances: {}, seed: 0 });
  if (!result.ok) throw new Error(result.refusal.reason);
  const lost = result.decision.notApplied.map(({ promotion }) => promotion);
  return ['triple', 'money'].find((promotion) => !lost.includes(promotion));
}

const ten = { promotion: 'ten', type: 'points-accrual', benefits: [{ points: { fixed: 10 } }] };

describe.each(NAMES)('multiplied points in a comparison, on the %s engine', (engine) => {
  test('are worth what they add to the points granted before', () => {
    // Twice ten points more, at a unit of money each.
    expect(winner(engine, [ten], 1_999)).toBe('triple');
    expect(winner(engine, [ten], 2_001)).toBe('money');
  });

  test('are worth nothing where there are no points to multiply', () => {
    expect(winner(engine, [], 1)).toBe('money');
  });
});
