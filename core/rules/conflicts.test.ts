import { expect, test } from 'vitest';
import { emit } from '../arbitration/emit.ts';
import { openWorld } from '../conformance/world.ts';
import type { OutcomeJson } from '../outcome/render.ts';
import { compiledBy } from '../testing/cases.ts';
import { findConflicts } from './conflicts.ts';
import { decode } from './decode.ts';
import type { Witness } from './diagnostic.ts';
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
  return findConflicts(rules, decoded.value, emit(rules, languageOf(rules))).warnings;
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
  const summed = { group: 'g', mode: 'sum', children };
  expect(warningsOf(inGroup({}, summed))).toEqual([]);
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

test('two discounts on one line that no group holds and nothing excludes', () => {
  const a = promotion('a', { lines: { sku: ['A', 'B'] }, when: { channel: ['pos', 'web'] } });
  const b = promotion('b', {
    lines: { sku: ['B', 'C'] },
    when: { channel: ['web', 'app'], 'total.initial': { atLeast: 5_000, below: 9_000 } },
  });
  expect(warningsOf(inGroup({}, a, b))).toEqual([`overlapping-promotions ${path(1)}`]);
});

const points = (body: object) => ({
  type: 'points-accrual',
  benefits: { list: [{ points: { rate: 1 } }] },
  ...body,
});

test('two promotions that grant points of one type for the same goods', () => {
  const children = [promotion('a', points({})), promotion('b', points({ channels: ['web'] }))];
  expect(warningsOf(inGroup({}, ...children))).toEqual([`double-accrual ${path(1)}`]);
});

test.each<[string, object, object]>([
  ['articles', { lines: { sku: ['A', 'B'] } }, { lines: { sku: 'C' } }],
  [
    'channels',
    { channels: ['pos'] },
    { when: { not: { channel: ['pos', 'app'] } }, channels: ['app'] },
  ],
  ['periods', { period: { end: '2026-05-01' } }, { period: { start: '2026-05-01' } }],
  ['hours', { hours: { days: ['sat'] } }, { hours: { days: ['mon', 'fri'], to: '23:00' } }],
  [
    'totals',
    { when: { 'total.initial': { below: 10 } } },
    { when: { 'total.initial': { atLeast: 10 } } },
  ],
  ['ages', { when: { 'member.age': { atMost: 17 } } }, { when: { 'member.age': { above: 17 } } }],
  ['members', { when: { 'member.known': false } }, { when: { 'member.segments': 'vip' } }],
  ['brands', { lines: { brand: 'x' } }, { lines: { not: { brand: ['x', 'y'] } } }],
  ['an exclusive one', { stacking: { exclusive: true }, channels: ['web'] }, {}],
  ['a category of one', { stacking: { category: 'own' } }, { stacking: { category: 'own' } }],
  ['categories', { stacking: { category: 'rival' } }, { stacking: { category: 'own' } }],
])('promotions kept apart by %s do not overlap, and that is proved', (_, one, two) => {
  const program = {
    categories: [
      { id: 'own', limit: 1 },
      { id: 'rival', excludes: 'own' },
    ],
  };
  const document = { program, ...inGroup({}, promotion('a', one), promotion('b', two)) };
  expect(warningsOf(document).filter((each) => !each.startsWith('never'))).toEqual([]);
});

test('a discount that can fall below the minimum price of a group around it', () => {
  const limits = { minPrice: { percent: 95 } };
  expect(warningsOf(inGroup({ limits }, promotion('a')))).toEqual([`below-floor ${path(0)}`]);
  const own = { limits: { minPrice: { field: 'floorPrice' } } };
  expect(warningsOf(inGroup(own, promotion('a')))).toEqual([`below-floor ${path(0)}`]);
  const wide = { limits: { minPrice: { percent: 90 } } };
  expect(warningsOf(inGroup(wide, promotion('a')))).toEqual([]);
});

test('points of a type that ends before the promotion does', () => {
  const pointTypes = [{ id: 'main' }, { id: 'old', deactivateAt: '2026-06-01' }];
  const benefits = { list: [{ points: { fixed: 5, type: 'old' } }] };
  const document = { pointTypes, ...inGroup({}, promotion('a', points({ benefits }))) };
  expect(warningsOf(document)).toEqual([`ended-reference ${path(0)}`]);
  const period = { end: '2026-06-01' };
  const ended = { pointTypes, ...inGroup({}, promotion('a', points({ benefits, period }))) };
  expect(warningsOf(ended)).toEqual([]);
});

test('the terms of a partner that offers nothing', () => {
  const benefits = { list: [{ 'partner-discount': { partner: 'shop' } }] };
  const offer = promotion('a', { type: 'partner-offer', benefits });
  expect(warningsOf({ partners: [{ id: 'shop' }], ...inGroup({}, offer) })).toEqual([
    `missing-reference ${path(0)}`,
  ]);
  const partners = [{ id: 'shop', reward: { percent: 2 } }];
  expect(warningsOf({ partners, ...inGroup({}, offer) })).toEqual([]);
});

test.each<[string, object, object]>([
  ['always applies', {}, { when: { channel: 'web' }, lines: { sku: 'A' } }],
  [
    'has wider conditions',
    { when: { 'total.initial': { atLeast: 10 } } },
    { when: { 'total.initial': { atLeast: 20 } } },
  ],
  ['has more articles', { lines: { sku: ['A', 'B', 'C'] } }, { lines: { sku: ['C', 'A'] } }],
  [
    'runs longer',
    { period: { start: '2026-01-01' } },
    { period: { start: '2026-02-01', end: '2026-03-01' } },
  ],
])('under incompatibility, one that %s shadows the next', (_, wide, narrow) => {
  const both = [promotion('wide', wide), promotion('narrow', narrow)];
  const group = (...children: object[]) => inGroup({}, { group: 'g', mode: 'exclusive', children });
  expect(warningsOf(group(...both))).toEqual([`unreachable-promotion ${path(0)}/children/1`]);
  expect(warningsOf(group(...both.toReversed()))).toEqual([]);
});

test('an exclusive promotion shadows its siblings before and after it', () => {
  const children = [
    promotion('a', { channels: ['web'] }),
    promotion('b', { stacking: { exclusive: true } }),
  ];
  expect(warningsOf(inGroup({}, { group: 'g', children }))).toEqual([
    `unreachable-promotion ${path(0)}/children/0`,
  ]);
});

test('a condition of a category can contradict one of a promotion', () => {
  const program = { categories: [{ id: 'own', when: { 'total.initial': { atLeast: 10 } } }] };
  const stacking = { category: 'own' };
  const one = promotion('a', { stacking, when: { 'total.initial': { below: 10 } } });
  expect(warningsOf({ program, ...inGroup({}, one) })).toEqual([`never-applies ${path(0)}/when`]);
});

test('where the group goes by hierarchy, the lower one shadows the higher one', () => {
  const program = { categories: [{ id: 'late', hierarchy: 5 }] };
  const children = [promotion('a', { stacking: { category: 'late' } }), promotion('b')];
  const group = { group: 'g', mode: 'exclusive', orderBy: 'hierarchy', children };
  expect(warningsOf({ program, ...inGroup({}, group) })).toEqual([
    `unreachable-promotion ${path(0)}/children/0`,
  ]);
});

test('nobody is shadowed by one that a third keeps out', () => {
  const children = [
    promotion('a'),
    promotion('b', { stacking: { category: 'always' } }),
    promotion('c', { stacking: { category: 'never' }, lines: { sku: 'X' } }),
  ];
  const group = { group: 'g', mode: 'exclusive', children: children.slice(0, 2) };
  const found = warningsOf(inGroup({}, group, ...children.slice(2)));
  expect(found.filter((one) => one.startsWith('unreachable'))).toEqual([]);
});

test('what depends on prices that fall is shown, or told to be undecided', () => {
  const one = promotion('a', { when: { 'total.current': { atLeast: 1_000 } } });
  const two = promotion('b', { when: { 'total.current': { below: 1_000 } } });
  const [found] = suspicionsOf(inGroup({}, one, two));
  expect(['overlapping-promotions', 'not-decided']).toContain(found?.code);
});

test('every warning comes with a checkout that shows it when it is sent', () => {
  const limits = { maxDiscount: { percent: 5 } };
  const document = {
    pointTypes: [{ id: 'main' }],
    places: [
      { id: 'kz', kind: 'country' },
      { id: 'almaty', kind: 'region', parent: 'kz' },
    ],
    ...inGroup(
      { mode: 'sequential' },
      { group: 'g', mode: 'exclusive', limits, children: [promotion('a'), promotion('b')] },
      promotion('c', { when: { 'member.segments': 'vip', codes: 'X' } }),
      promotion('d', points({ when: { 'member.tier': undefined, 'member.age': { atLeast: 18 } } })),
      promotion('e', points({})),
    ),
  };
  const sent = new Map(
    suspicionsOf(JSON.parse(JSON.stringify(document))).map((one) => [
      `${one.code} ${one.path}`,
      replayed(document, one.witness),
    ]),
  );
  expect([...sent.keys()]).toEqual([
    `unreachable-promotion ${path(0)}/children/1`,
    `above-limit ${path(0)}/children/0`,
    `overlapping-promotions ${path(1)}`,
    `double-accrual ${path(3)}`,
  ]);
  const [shadow, cap, overlap, twice] = [...sent.values()];
  expect(shadow?.['notApplied']).toContainEqual({ promotion: 'b', reason: 'lost-to-another' });
  expect(cap).toMatchObject({ lines: [{ awards: [{ promotion: 'a' }] }] });
  expect(overlap).toMatchObject({ lines: [{ awards: [{ promotion: 'a' }, { promotion: 'c' }] }] });
  expect(twice).toMatchObject({ status: 'accepted', points: [{ type: 'main' }] });
});

test('the witness of a floor shows a discount that gets less than it asks for', () => {
  const document = inGroup({ limits: { minPrice: { field: 'floorPrice' } } }, promotion('a'));
  const [floor] = suspicionsOf(document);
  expect(floor?.code).toBe('below-floor');
  expect(replayed(document, floor?.witness)?.['notApplied']).toEqual([
    { promotion: 'a', reason: 'floor-reached' },
  ]);
});

test('the witness of a reference shows a promotion that has nothing to give', () => {
  const gives = (benefit: object) => ({ benefits: { list: [benefit] } });
  const document = {
    pointTypes: [{ id: 'main', deactivateAt: '2026-03-01' }],
    partners: [{ id: 'mute' }],
    ...inGroup(
      {},
      promotion('ended', { type: 'points-accrual', ...gives({ points: { fixed: 1 } }) }),
      promotion('empty', gives({ 'partner-discount': { partner: 'mute' } })),
    ),
  };
  const found = suspicionsOf(document).map(({ code, witness }) => {
    const outcome = replayed(document, witness);
    return [code, outcome?.['notApplied']];
  });
  expect(found).toEqual([
    [
      'ended-reference',
      expect.arrayContaining([{ promotion: 'ended', reason: 'points-inactive' }]),
    ],
    ['missing-reference', expect.arrayContaining([{ promotion: 'empty', reason: 'no-effect' }])],
  ]);
});

test('the witness of a region without promotions shows a checkout there that gets nothing', () => {
  const document = {
    places: [
      { id: 'kz', kind: 'country' },
      { id: 'north', kind: 'region', parent: 'kz' },
      { id: 'south', kind: 'region', parent: 'kz' },
    ],
    ...inGroup({}, promotion('a', { regions: { in: ['south'] } })),
  };
  const [empty] = suspicionsOf(document);
  expect(empty?.code).toBe('region-without-promotion');
  expect(replayed(document, empty?.witness)?.['notApplied']).toEqual([
    { promotion: 'a', reason: 'region-excluded' },
  ]);
});

/** The outcome of a witness as it is written, sent to the engine. */
function replayed(document: unknown, witness: Witness | undefined): OutcomeJson | undefined {
  const compiled = compiledBy('compiled', JSON.parse(JSON.stringify(document)));
  if (compiled === undefined || witness === undefined) return undefined;
  const members = witness.member === undefined ? [] : [witness.member];
  return openWorld(compiled.tree, members).process(witness.checkout);
}
