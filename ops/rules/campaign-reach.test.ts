import { expect, test } from 'vitest';
import { EVERYWHERE } from '../access/roles.ts';
import { accessTo, reachOf } from './campaign-reach.ts';
import { countsOf } from './counts.ts';
import { documentOf, type Outline, outlineOf } from './outline.ts';
import { visibleTo } from './visible.ts';

const give = { list: [{ discount: { percent: 5 } }] };
const DOCUMENT = {
  program: { id: 'test', currency: { code: 'EUR', exponent: 2 }, timezone: 'UTC' },
  places: [
    { id: 'xx', kind: 'country' },
    { id: 'north', kind: 'region', parent: 'xx' },
    { id: 's-1', kind: 'store', parent: 'north' },
    { id: 's-2', kind: 'store', parent: 'north' },
    { id: 's-3', kind: 'store', parent: 'xx' },
  ],
  arbitration: {
    children: [
      { promotion: 'everywhere', benefits: give },
      { promotion: 'north', regions: { in: ['north'] }, benefits: give },
      { promotion: 'not-one', regions: { except: ['s-1'] }, benefits: give },
      {
        group: 'third',
        state: 'inactive',
        children: [{ promotion: 'three', regions: { in: ['s-3'] }, benefits: give }],
      },
      { promotion: 'over', period: { end: '2020-01-01' }, benefits: give },
    ],
  },
};

function outline(): Outline {
  const taken = outlineOf(DOCUMENT);
  if (!taken.ok) throw new Error(taken.message);
  return taken.outline;
}

const of = (stores: readonly string[]) => ({ stores, partners: 'all' }) as const;
const accessOf = (stores: readonly string[], promotion: string) => {
  const node = outline().nodes.get(`promotion ${promotion}`);
  return node && accessTo(stores, outline(), node);
};

test.each([
  [['s-1'], 'north', 'use'],
  [['s-1', 's-2'], 'north', 'edit'],
  [['s-1', 's-2'], 'three', 'none'],
  [['s-3'], 'three', 'edit'],
  [['s-1'], 'everywhere', 'use'],
  [['s-1', 's-2', 's-3'], 'everywhere', 'use'],
  [['s-1'], 'not-one', 'none'],
  // Stores to come would be in it: somebody of all present stores does not own it.
  [['s-2', 's-3'], 'not-one', 'use'],
] as const)('%j may do with %s: %s', (stores, promotion, access) => {
  expect(accessOf(stores, promotion)).toBe(access);
});

test('a campaign that names a region is assigned to the stores in it', () => {
  const node = outline().nodes.get('promotion north');
  expect(node && reachOf(outline(), node)).toEqual(['s-1', 's-2']);
});

test('what is seen is a document without the campaigns of others', () => {
  const seen = JSON.stringify(documentOf(visibleTo(of(['s-1']), outline())));
  for (const name of ['everywhere', 'north', 'over']) expect(seen).toContain(`"${name}"`);
  for (const name of ['three', 'third', 'not-one']) expect(seen).not.toContain(`"${name}"`);
  expect(documentOf(visibleTo(EVERYWHERE, outline()))).toEqual(DOCUMENT);
});

test('campaigns are counted by state, by whether they run, and by whether it is their time', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  expect(countsOf(DOCUMENT, { now, scope: EVERYWHERE })).toEqual({
    promotions: 5,
    states: { active: 5 },
    active: 4,
    activeNow: 3,
  });
  expect(countsOf(DOCUMENT, { now, scope: of(['s-3']) })).toMatchObject({
    promotions: 4,
    active: 3,
  });
  expect(
    countsOf({ ...DOCUMENT, program: { zone: 7 } }, { now, scope: EVERYWHERE }).activeNow,
  ).toBeNull();
});
