import { describe, expect, test } from 'vitest';
import {
  documentWith,
  factsFor,
  inputOf,
  type MemberCase,
  normalRules,
  onlyPromotion,
} from '../../testing/rule-cases.ts';
import { WORLD } from '../../testing/rule-documents.ts';
import { compileCondition } from './compile.ts';

/** Why a condition does not hold; `undefined` when it does. */
function verdict(when: unknown, given: Parameters<typeof inputOf>[0] = {}, settings = {}) {
  const world = { ...WORLD, program: { ...WORLD.program, settings } };
  const rules = normalRules(documentWith({ when }, world));
  return compileCondition(onlyPromotion(rules).body.when)(factsFor(rules, inputOf(given)));
}

const lines = [
  { sku: 'APPLE', category: ['food'], quantity: 2, price: 500 },
  { sku: 'CAR', category: ['toys'], quantity: 1, price: 4_000, brand: 'Zoom', flags: ['new'] },
];
const checkout = { lines, store: 'almaty-1', channel: 'pos', codes: ['SPRING'], tender: 'card' };

describe('facts of the checkout', () => {
  test.each([
    [{ 'total.initial': { atLeast: 5_000 } }, undefined],
    [{ 'total.initial': { above: 5_000 } }, 'condition-false'],
    [{ 'total.current': { between: [5_000, 6_000] } }, undefined],
    [{ quantity: 3 }, undefined],
    [{ quantity: { below: 3 } }, 'condition-false'],
    [{ 'line.sku': 'CAR' }, undefined],
    [{ 'line.sku': ['BIKE', 'SHIP'] }, 'condition-false'],
    [{ 'line.price': { atLeast: 4_000 } }, undefined],
    [{ 'line.brand': 'Zoom' }, undefined],
    [{ 'line.flags': 'new' }, undefined],
    [{ 'line.partner': 'fuel-co' }, 'fact-missing'],
    [{ store: 'almaty-1' }, undefined],
    [{ region: 'kz' }, undefined],
    [{ region: { in: ['astana'] } }, 'condition-false'],
    [{ partner: 'fuel-co' }, undefined],
    [{ channel: ['pos', 'web'] }, undefined],
    [{ codes: 'SPRING' }, undefined],
    [{ codes: { has: 'AUTUMN' } }, 'condition-false'],
    [{ tender: 'card' }, undefined],
    [{ 'fields.till': 7 }, 'fact-missing'],
    [{ 'event.type': 'review' }, 'fact-missing'],
    [{ location: { inside: { circle: { lat: 0, lon: 0, radius: 1 } } } }, 'location-missing'],
  ])('%j: %s', (when, expected) => {
    expect(verdict(when, { checkout })).toBe(expected);
  });

  test('an unknown store has no place', () => {
    expect(verdict({ region: 'kz' }, { checkout: { ...checkout, store: 'nowhere' } })).toBe(
      'fact-missing',
    );
  });

  test('a checkout without coordinates passes when the programme says so', () => {
    const when = { location: { inside: { circle: { lat: 0, lon: 0, radius: 1 } } } };
    expect(verdict(when, { checkout }, { missingGeo: 'pass' })).toBe(undefined);
  });
});

describe('facts of the member', () => {
  const member: MemberCase = {
    birthday: '1990-06-17',
    segments: ['vip'],
    tier: 'silver',
    city: 'Almaty',
    checkouts: 0,
    purchases: 4,
    points: 250,
  };
  test.each([
    [{ 'member.segments': { has: 'vip' } }, undefined],
    [{ 'member.tier': 'silver' }, undefined],
    [{ 'member.tier': { atLeast: 'bronze' } }, undefined],
    [{ 'member.tier': { above: 'silver' } }, 'condition-false'],
    [{ 'member.tier.club': { atMost: 'silver' } }, undefined],
    [{ 'member.fields.city': 'Almaty' }, undefined],
    [{ 'member.fields.shoe': 44 }, 'fact-missing'],
    [{ 'member.firstOrder': true }, undefined],
    [{ 'member.purchases.last30d': { atLeast: 4 } }, undefined],
    [{ 'member.points.main': { atLeast: 250 } }, undefined],
    [{ 'member.partners': 'fuel-co' }, undefined],
    [{ 'member.known': true }, undefined],
    // On 15 June 2026 the birthday is two days ahead.
    [{ 'member.birthday': { within: 'P2D' } }, undefined],
    [{ 'member.birthday': { within: 'P1D' } }, 'condition-false'],
    [{ 'member.age': { is: 35 } }, undefined],
  ])('%j: %s', (when, expected) => {
    expect(verdict(when, { member })).toBe(expected);
  });

  test('of an anonymous checkout are missing', () => {
    expect(verdict({ 'member.segments': 'vip' })).toBe('fact-missing');
    expect(verdict({ not: { 'member.segments': 'vip' } })).toBe(undefined);
    expect(verdict({ 'member.known': false })).toBe(undefined);
  });

  test('who is born on 29 February celebrates on the 28th when there is no 29th', () => {
    const born = { birthday: '2000-02-29' };
    const on = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day, 12);
    const today = { 'member.birthday': { within: 'P0D' } };
    expect(verdict(today, { member: born, at: on(2026, 2, 28) })).toBe(undefined);
    expect(verdict(today, { member: born, at: on(2026, 3, 1) })).toBe('condition-false');
    expect(verdict(today, { member: born, at: on(2028, 2, 29) })).toBe(undefined);
    expect(verdict({ 'member.age': 26 }, { member: born, at: on(2026, 2, 28) })).toBe(undefined);
  });

  test('a birthday at the turn of the year is near on both sides', () => {
    const member = { birthday: '1980-01-01' };
    const within = { 'member.birthday': { within: 'P2D' } };
    expect(verdict(within, { member, at: Date.UTC(2026, 11, 30, 12) })).toBe(undefined);
    expect(verdict(within, { member, at: Date.UTC(2026, 0, 3, 12) })).toBe(undefined);
    expect(verdict(within, { member, at: Date.UTC(2026, 0, 4, 12) })).toBe('condition-false');
  });
});
