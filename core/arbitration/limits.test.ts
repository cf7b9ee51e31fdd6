import { describe, expect, test } from 'vitest';
import { instant, minorUnits, points } from '../money/units.ts';
import { checkoutOf, compiledBy, memberWith, NOON } from '../testing/cases.ts';
import { localTime } from '../time/local.ts';
import { resolveMoment } from '../time/moment.ts';
import { leftAfter } from './budget-left.ts';
import type { BudgetLimits, Usage } from './decision.ts';
import { limitWindow } from './window.ts';

const ZONE = 'Asia/Almaty';

describe('the window of a limit', () => {
  const at = localTime(instant(Date.UTC(2026, 11, 31, 20)), ZONE); // Friday, 1 January 2027, 01:00
  const midnight = (date: string) =>
    resolveMoment({ kind: 'local', date, time: '00:00' }, ZONE, 'start');
  const table = [
    ['ever', '', undefined],
    ['day', 'd2027-01-01', '2027-01-01T19:00:00.000Z'],
    ['week', 'w2026-12-28', '2027-01-03T19:00:00.000Z'],
    ['month', 'm2027-01', '2027-01-31T19:00:00.000Z'],
    ['year', 'y2027', '2027-12-31T19:00:00.000Z'],
  ] as const;
  for (const [per, name, until] of table) {
    test(`of a ${per} is named and ends in the programme's zone`, () => {
      const window = limitWindow(per, at, { midnight });
      expect(window.name).toBe(name);
      expect(window.until && new Date(window.until).toISOString()).toBe(until);
    });
  }

  test.each([
    [7, 'w2026-12-27', '2027-01-02T19:00:00.000Z'],
    [5, 'w2027-01-01', '2027-01-07T19:00:00.000Z'],
  ])('of a week begins on the day %i of the programme', (weekStart, name, until) => {
    const window = limitWindow('week', at, { midnight, weekStart });
    expect(window.name).toBe(name);
    expect(window.until && new Date(window.until).toISOString()).toBe(until);
  });
});

describe('what is left of a limit', () => {
  const used = (part: Partial<Usage>): Usage => ({
    uses: 0,
    units: 0,
    discount: minorUnits(0),
    points: points(0),
    ...part,
  });

  function decide(promotion: object, usage: Usage | undefined, lines: readonly object[]) {
    const document = {
      program: { settings: { partial: 'partial' in promotion ? 'reject' : 'allow' } },
      arbitration: {
        mode: 'sequential',
        children: [{ promotion: 'p', ...promotion, partial: undefined }],
      },
    };
    const compiled = compiledBy('compiled', JSON.parse(JSON.stringify(document)));
    if (compiled === undefined) throw new Error('does not compile');
    const numbered = lines.map((line, index) => ({ id: String(index + 1), quantity: 1, ...line }));
    const checkout = checkoutOf({ id: 'q', kind: 'quote', member: 'm', lines: numbered });
    const member = memberWith({}, compiled.rules);
    const view = {
      member: () => usage,
      budget: (_: string, limits: BudgetLimits) => leftAfter(limits, usage),
    };
    const result = compiled.tree.decide({ checkout, member, usage: view, at: NOON });
    if (!result.ok) throw new Error(result.refusal.reason);
    return result.decision;
  }
  const half = { list: [{ discount: { percent: 50 } }] };
  const sale = [
    { sku: 'A', price: 1000 },
    { sku: 'B', price: 400, quantity: 2 },
  ];

  test('a budget of money is never exceeded', () => {
    const budget = { benefits: half, limits: { budget: { discount: 600 } } };
    const decision = decide(budget, used({ discount: minorUnits(500) }), sale);
    expect(decision.totals.discount).toBe(100);
    expect(decision.usage).toMatchObject([{ scope: 'programme', key: 'p', discount: 100 }]);
  });

  test('a promotion may say itself that the last use takes nothing less than all', () => {
    const left = used({ discount: minorUnits(500) });
    const budget = { discount: 600, partial: false };
    const whole = { benefits: half, limits: { budget } };
    expect(decide(whole, left, sale).notApplied).toEqual([
      { promotion: 'p', reason: 'partial-not-allowed' },
    ]);
    const some = [{ sku: 'A', price: 200 }];
    expect(decide(whole, left, some).totals.discount).toBe(100);
  });

  test('where partial discounts are not allowed the rest of a budget is not used', () => {
    const budget = { partial: 'reject', benefits: half, limits: { budget: { discount: 600 } } };
    const decision = decide(budget, used({ discount: minorUnits(500) }), sale);
    expect(decision.notApplied).toEqual([{ promotion: 'p', reason: 'partial-not-allowed' }]);
  });

  test('a limit of units takes the cheapest first', () => {
    const decision = decide({ benefits: half, limits: { unitsPerOrder: 2 } }, undefined, sale);
    expect(decision.lines.map(({ discount }) => discount)).toEqual([0, 400]);
  });

  test('a budget per sku is one budget a product', () => {
    const benefits = { list: [{ points: { rate: 1 } }] };
    const limits = { budget: { points: 9, per: 'sku' } };
    const decision = decide({ benefits, limits }, used({ points: points(2) }), sale);
    expect(decision.accruals).toMatchObject([{ requested: 18, points: 14, shares: [7, 7] }]);
    expect(decision.usage.map(({ key, points: some }) => [key, some])).toEqual([
      ['p|sku:A', 7],
      ['p|sku:B', 7],
    ]);
  });

  test('a member who had it is told so', () => {
    const limits = { perMember: { uses: 1, per: 'month' } };
    const decision = decide({ benefits: half, limits }, used({ uses: 1 }), sale);
    expect(decision.notApplied).toEqual([{ promotion: 'p', reason: 'member-limit-reached' }]);
  });
});
