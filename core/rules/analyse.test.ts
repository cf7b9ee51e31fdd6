import { expect, test } from 'vitest';
import { emit } from '../arbitration/emit.ts';
import { compiledBy, inputOf } from '../testing/cases.ts';
import { analyse } from './analyse.ts';
import { decode } from './decode.ts';
import { languageOf } from './language.ts';
import { normalise } from './normalise.ts';
import { validate } from './validate.ts';

function warningsOf(document: unknown): string[] {
  return suspicionsOf(document).map(({ code, path: at }) => `${code} ${at}`);
}

function suspicionsOf(document: unknown) {
  const decoded = decode(document);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.diagnostics));
  const valid = validate(decoded.value, 'open');
  if (!valid.ok) throw new Error(JSON.stringify(valid.diagnostics));
  const rules = normalise(valid.value);
  return analyse(rules, decoded.value, emit(rules, languageOf(rules)));
}

const promotion = (id: string, body = {}) => ({
  promotion: id,
  benefits: { list: [{ discount: { percent: 10 } }] },
  ...body,
});
const inGroup = (group: object, ...children: unknown[]) => ({
  arbitration: { ...group, children },
});
const path = (index: number) => `/arbitration/children/${index}`;

test('a sound rule set has no warnings', () => {
  const when = { 'total.current': { atLeast: 1_000, below: 2_000 } };
  expect(
    warningsOf(inGroup({ mode: 'exclusive' }, promotion('a', { when }), promotion('b'))),
  ).toEqual([]);
});

test.each([
  [{ 'total.current': { atLeast: 10, below: 5 } }, true],
  [{ 'total.current': { atLeast: 10, below: 10 } }, true],
  [{ 'total.current': { atLeast: 10, atMost: 10 } }, false],
  [{ all: [{ channel: 'web' }, { channel: ['pos', 'app'] }] }, true],
  [{ any: [{ channel: 'web' }, { channel: 'pos' }] }, false],
  // One line may be an apple and another one bread.
  [{ all: [{ 'line.sku': 'APPLE' }, { 'line.sku': 'BREAD' }] }, false],
  [{ all: [{ codes: 'A' }, { codes: 'B' }] }, false],
])('%j can never hold: %s', (when, never) => {
  const expected = never ? [`never-applies ${path(0)}/when`] : [];
  expect(warningsOf(inGroup({}, promotion('a', { when })))).toEqual(expected);
});

test('under incompatibility, who always applies shadows who comes after', () => {
  const order = { benefits: { list: [{ discount: { percent: 5, target: 'order' } }] } };
  const children = [
    promotion('before', { when: { channel: 'web' } }),
    promotion('always'),
    promotion('after'),
    promotion('order', order),
  ];
  expect(warningsOf(inGroup({ mode: 'exclusive' }, ...children))).toEqual([
    `unreachable-promotion ${path(2)}`,
  ]);
  expect(warningsOf(inGroup({ mode: 'sum' }, ...children))).toEqual([]);
});

test('a discount above the maximum of a group around it', () => {
  const limits = { maxDiscount: { percent: 5 } };
  expect(warningsOf(inGroup({ limits }, promotion('a')))).toEqual([`above-limit ${path(0)}`]);
});

test('a region without any promotion', () => {
  const places = [
    { id: 'kz', kind: 'country' },
    { id: 'almaty', kind: 'region', parent: 'kz' },
    { id: 'astana', kind: 'region', parent: 'kz' },
  ];
  const regions = { in: ['kz'], except: ['astana'] };
  expect(warningsOf({ places, ...inGroup({}, promotion('a', { regions })) })).toEqual([
    'region-without-promotion /places/2',
  ]);
});

test('a warning comes with a checkout that shows it', () => {
  const limits = { maxDiscount: { percent: 5 } };
  const document = inGroup({ mode: 'exclusive', limits }, promotion('a'), promotion('b'));
  const found = suspicionsOf(document);
  expect(found.map(({ code }) => code)).toEqual([
    'unreachable-promotion',
    'above-limit',
    'above-limit',
  ]);
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) throw new Error('does not compile');
  const shown = found.slice(0, 2).map(({ witness }) => {
    const text = { quote: witness, balances: {}, seed: 0 };
    const result = compiled.tree.decide(inputOf(text, compiled.rules));
    return result.ok ? result.decision : undefined;
  });
  expect(shown[0]?.notApplied).toContainEqual({ promotion: 'b', reason: 'lost-to-another' });
  const awards = shown[1]?.lines.flatMap((line) => line.awards) ?? [];
  expect(awards.some(({ requested, applied }) => applied < requested)).toBe(true);
});
