import { describe, expect, test } from 'vitest';
import { ENGINES, type EngineName } from '../arbitration/emit.ts';
import { must } from '../assert.ts';
import { inputOf } from '../testing/rule-cases.ts';
import { parseInstant } from '../time/instant.ts';
import { compileRuleSet } from './compile.ts';

const PLACES = [
  { id: 'kz', kind: 'country', zone: 'Asia/Almaty' },
  { id: 'kz-1', kind: 'store', parent: 'kz' },
  { id: 'de', kind: 'country', zone: 'Europe/Berlin' },
  { id: 'de-1', kind: 'store', parent: 'de' },
];

/** The reason why the only promotion does not apply; `undefined` when it does. */
function reason(promotion: object, where: { store: string; at: string }, engine: EngineName) {
  const benefits = { list: [{ discount: { percent: 10 } }] };
  const document = {
    places: PLACES,
    arbitration: { children: [{ promotion: 'p', benefits, ...promotion }] },
  };
  const compiled = compileRuleSet(document, { world: 'closed', emit: ENGINES[engine] });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const at = must(parseInstant(where.at), 'an instant');
  const result = compiled.value.tree.decide(inputOf({ checkout: { store: where.store }, at }));
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.decision.notApplied[0]?.reason;
}

describe.each(['interpret', 'compiled'] as const)(
  'schedules in the zone of the store: %s',
  (engine) => {
    const period = { start: '2026-01-01', end: '2026-02-01' };
    test.each([
      ['kz-1', '2025-12-31T18:59:59Z', 'period-not-started'],
      ['kz-1', '2025-12-31T19:00:00Z', undefined],
      ['de-1', '2025-12-31T22:59:59Z', 'period-not-started'],
      ['de-1', '2025-12-31T23:00:00Z', undefined],
      ['kz-1', '2026-01-31T19:00:00Z', 'period-ended'],
      ['de-1', '2026-01-31T19:00:00Z', undefined],
    ])('a period at %s, %s: %s', (store, at, expected) => {
      expect(reason({ period }, { store, at }, engine)).toBe(expected);
    });

    // 2026-11-21 is a Saturday.
    const hours = { days: ['sat'], from: '22:00', to: '02:00' };
    test.each([
      ['kz-1', '2026-11-21T16:59:59Z', 'outside-hours'],
      ['kz-1', '2026-11-21T17:00:00Z', undefined],
      ['kz-1', '2026-11-21T20:59:59Z', undefined],
      ['kz-1', '2026-11-21T21:00:00Z', 'outside-hours'],
      ['de-1', '2026-11-21T21:00:00Z', undefined],
      ['de-1', '2026-11-20T21:30:00Z', 'outside-hours'],
    ])('Saturday night at %s, %s: %s', (store, at, expected) => {
      expect(reason({ hours }, { store, at }, engine)).toBe(expected);
    });

    test('hours follow the clocks when they change', () => {
      const morning = { hours: { from: '08:00', to: '09:00' } };
      const berlin = (at: string) => reason(morning, { store: 'de-1', at }, engine);
      expect(berlin('2026-03-28T07:30:00Z')).toBe(undefined);
      expect(berlin('2026-03-29T07:30:00Z')).toBe('outside-hours');
      expect(berlin('2026-03-29T06:30:00Z')).toBe(undefined);
    });

    test('a regional period replaces the general one, there only', () => {
      const promotion = {
        period: { end: '2026-01-01' },
        regions: { with: { kz: { period: { end: '2027-01-01' } } } },
      };
      const at = '2026-06-15T12:00:00Z';
      expect(reason(promotion, { store: 'kz-1', at }, engine)).toBe(undefined);
      expect(reason(promotion, { store: 'de-1', at }, engine)).toBe('period-ended');
    });
  },
);
