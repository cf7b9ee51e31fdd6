import { describe, expect, test } from 'vitest';
import { type Instant, minorUnits } from '../money/units.ts';
import { compiledBy, memberWith, NOON, usedUp } from '../testing/cases.ts';
import type { Checkout, FieldValue } from '../transaction/transaction.ts';
import type { ArbitrationInput, Decision } from './decision.ts';
import type { EngineName } from './emit.ts';

const NAMES: readonly EngineName[] = ['interpret', 'compiled'];

const RULES = {
  pointTypes: [{ id: 'main', precision: 1 }],
  arbitration: {
    children: [
      {
        promotion: 'review',
        type: 'trigger',
        when: { 'event.type': 'review', 'event.stars': { atLeast: 4 } },
        benefits: [{ points: { range: { from: 5, to: 20 } } }, { text: 'Thank you, {member.id}' }],
      },
      {
        promotion: 'always-with-lines',
        type: 'points-accrual',
        lines: { sku: 'A' },
        benefits: [{ points: { fixed: 1 } }],
      },
    ],
  },
};

/** A trigger is a checkout without lines, with an event. */
function decide(
  engine: EngineName,
  chosen: number | undefined,
  stars: number,
  rules: object = RULES,
): Decision {
  const compiled = compiledBy(engine, rules);
  if (compiled === undefined) throw new Error('does not compile');
  const fields = new Map<string, FieldValue>([
    ['type', 'review'],
    ['stars', stars],
  ]);
  const input: ArbitrationInput = {
    checkout: withoutLines(NOON),
    member: memberWith({}, compiled.rules),
    usage: { ...usedUp(0), member: () => undefined },
    event: { fields, points: chosen },
    at: NOON,
  };
  const result = compiled.tree.decide(input);
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.decision;
}

function withoutLines(at: Instant): Checkout {
  return {
    kind: 'quote',
    id: 'event',
    member: 'm',
    card: undefined,
    store: undefined,
    channel: undefined,
    partner: undefined,
    occurredAt: at,
    currency: undefined,
    lines: [],
    delivery: minorUnits(0),
    codes: [],
    tender: undefined,
    pay: undefined,
    location: undefined,
    fields: new Map(),
  };
}

describe.each(NAMES)('a trigger on the %s engine', (engine) => {
  const granted = (decision: Decision) => decision.accruals.map(({ points }) => points);
  const reasons = (decision: Decision) =>
    Object.fromEntries(decision.notApplied.map(({ promotion, reason }) => [promotion, reason]));

  test('grants the points that its sender chose, within the range', () => {
    expect(granted(decide(engine, 12.5, 5))).toEqual([125]);
    expect(granted(decide(engine, 5, 5))).toEqual([50]);
    expect(granted(decide(engine, 20, 5))).toEqual([200]);
  });

  test('grants the fewest when its sender chose none', () => {
    expect(granted(decide(engine, undefined, 5))).toEqual([50]);
  });

  test.each([4.9, 20.1, 7.25])('refuses %f points, which the range does not allow', (chosen) => {
    const decision = decide(engine, chosen, 5);
    expect(granted(decision)).toEqual([]);
    expect(reasons(decision)['review']).toBe('points-out-of-range');
  });

  test('grants nothing of a type that is over, and still minds its range', () => {
    const over = {
      ...RULES,
      pointTypes: [{ id: 'main', precision: 1, deactivateAt: '2020-01-01' }],
    };
    const inside = decide(engine, 12.5, 5, over);
    expect(granted(inside)).toEqual([]);
    expect(reasons(inside)['review']).toBe('points-inactive');
    expect(reasons(decide(engine, 20.1, 5, over))['review']).toBe('points-out-of-range');
  });

  test('is seen by conditions', () => {
    expect(reasons(decide(engine, 12, 3))['review']).toBe('condition-false');
  });

  test('says its text, and grants nothing that belongs to lines', () => {
    const decision = decide(engine, 12, 5);
    expect(decision.texts).toEqual([{ promotion: 'review', text: 'Thank you, m' }]);
    expect(reasons(decision)['always-with-lines']).toBe('no-eligible-line');
  });
});
