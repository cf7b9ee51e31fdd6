import { describe, expect, test } from 'vitest';
import { ENGINES } from '../arbitration/emit.ts';
import { instant, points } from '../money/units.ts';
import { documentWith, inputOf } from '../testing/rule-cases.ts';
import { compileRuleSet } from './compile.ts';

function compiled(document: unknown) {
  const result = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const DOCUMENT = {
  program: {
    id: 'silk-road',
    currency: { code: 'KZT', exponent: 2 },
    timezone: 'Asia/Almaty',
    settings: { lateAfter: 'PT10M', graceDays: 3 },
  },
  pointTypes: [
    { id: 'main', precision: 1, ratio: { points: 3, money: 100 }, validity: { months: 1 } },
    { id: 'old', deactivateAt: '2027-01-01', initialBalance: 5 },
  ],
  places: [
    { id: 'kz', kind: 'country' },
    { id: 'de', kind: 'country', zone: 'Europe/Berlin' },
    { id: 'berlin', kind: 'region', parent: 'de' },
    { id: 'b-1', kind: 'store', parent: 'berlin', partner: 'kiosk' },
  ],
  partners: [{ id: 'kiosk' }],
};

describe('what the rest of the system asks a rule set for', () => {
  const { tree } = compiled(DOCUMENT);

  test('the programme', () => {
    expect(tree).toMatchObject({
      programme: 'silk-road',
      currency: 'KZT',
      exponent: 2,
      zone: 'Asia/Almaty',
      lateAfter: 600_000,
      graceDays: 3,
      closedWorld: true,
    });
    expect(tree.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('places and partners', () => {
    expect(tree.place('b-1')).toMatchObject({
      store: 'b-1',
      region: 'berlin',
      country: 'de',
      partner: 'kiosk',
      zone: 'Europe/Berlin',
    });
    expect(tree.place('nowhere')).toBe(undefined);
    expect(tree.place('constructor')).toBe(undefined);
    expect(tree.hasPartner('kiosk')).toBe(true);
    expect(tree.hasPartner('toString')).toBe(false);
  });

  test('point types', () => {
    const main = tree.pointTypes.get('main');
    // 3 points are worth 1.00: 7.0 points are 2.33, never a cent too much.
    expect(main?.moneyOf(points(70))).toBe(233);
    const earned = instant(Date.UTC(2026, 0, 31, 10));
    expect(main?.expiresAt(earned, 'UTC')).toBe(Date.UTC(2026, 2, 1));
    const old = tree.pointTypes.get('old');
    expect(old?.deactivateAt).toBe(Date.UTC(2026, 11, 31, 19));
    expect(old?.initialBalance).toBe(5);
    expect(old?.expiresAt(earned, 'UTC')).toBe(undefined);
  });
});

test('equal documents decide equally and have one hash', () => {
  const document = documentWith({ when: { 'total.current': { atLeast: 1_000 } } });
  const [one, two] = [compiled(document).tree, compiled(structuredClone(document)).tree];
  expect(one.hash).toBe(two.hash);
  expect(one.decide(inputOf({}))).toEqual(two.decide(inputOf({})));
});

test('the stages stop at the first that finds an error, with all it found', () => {
  const bad = {
    program: { timezone: 'X' },
    places: [{ id: 'a', kind: 'store', parent: 'b' }],
    typo: 1,
  };
  const result = compileRuleSet(bad, { world: 'closed', emit: ENGINES.compiled });
  const codes = result.ok ? [] : result.diagnostics.map(({ code }) => code);
  // The unknown place `b` is a matter of the next stage.
  expect(codes).toEqual(['unknown-field', 'wrong-time']);
});
