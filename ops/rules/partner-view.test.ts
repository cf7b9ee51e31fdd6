import { expect, test } from 'vitest';
import type { Scope } from '../access/roles.ts';
import { changesBetween } from './changes.ts';
import { documentOf, type Outline, outlineOf } from './outline.ts';
import { visibleTo } from './visible.ts';

const give = (percent: number) => ({ list: [{ discount: { percent } }] });
const children: object[] = [
  { promotion: 'all-stores', benefits: give(1) },
  { promotion: 'in-west', regions: { in: ['west'] }, benefits: give(2) },
  {
    promotion: 'both-shops',
    regions: { in: ['ours-1', 'rival-1'], with: { 'rival-1': { percent: 31 }, west: {} } },
    benefits: give(3),
  },
  { promotion: 'for-us', when: { partner: { is: 'ours' } }, benefits: give(4) },
  { promotion: 'for-rival', when: { partner: { is: 'rival' } }, benefits: give(5) },
  { promotion: 'for-two', when: { partner: { in: ['ours', 'rival'] } }, benefits: give(6) },
  { promotion: 'rival-goods', lines: { partner: { in: ['rival'] } }, benefits: give(7) },
  { promotion: 'rival-store', regions: { in: ['rival-1'] }, benefits: give(8) },
  {
    promotion: 'rival-terms',
    benefits: { list: [{ 'partner-discount': { partner: 'rival' } }] },
  },
  {
    promotion: 'hidden-in-a-place',
    regions: { with: { 'rival-1': { when: { partner: { is: 'ours' } } } } },
    when: { 'line.partner': { is: 'rival' } },
    benefits: give(9),
  },
  { promotion: 'odd-mention', when: { 'fields.x': { is: 'rival' } }, benefits: give(10) },
  { group: 'rivals', children: [{ promotion: 'deep', regions: { in: ['rival-1'] } }] },
  { group: 'empty' },
];
const DOCUMENT = {
  program: {
    id: 'test',
    categories: [{ id: 'c', when: { partner: { in: ['ours', 'rival'] } } }],
  },
  pointTypes: [{ id: 'main' }],
  places: [
    { id: 'xx', kind: 'country' },
    { id: 'west', kind: 'region', parent: 'xx' },
    { id: 'ours-1', kind: 'store', parent: 'west', partner: 'ours' },
    { id: 'rival-1', kind: 'store', parent: 'west', partner: 'rival' },
    { id: 'rival-land', kind: 'region', parent: 'xx', partner: 'rival' },
    { id: 'rival-2', kind: 'store', parent: 'rival-land' },
    { id: 'ours-2', kind: 'store', parent: 'rival-land', partner: 'ours' },
  ],
  partners: [
    { id: 'ours', reward: { percent: 1 } },
    { id: 'rival', reward: { percent: 77 }, block: { balance: 123456 } },
  ],
  secrets: 'rival pays 7 %',
  arbitration: { mode: 'sequential', children },
};

function outlined(document: unknown): Outline {
  const taken = outlineOf(document);
  if (!taken.ok) throw new Error(taken.message);
  return taken.outline;
}

const OURS: Scope = { stores: 'all', partners: ['ours'] };
const seenBy = (scope: Scope, document: unknown = DOCUMENT) => visibleTo(scope, outlined(document));
const promotionsIn = (outline: Outline) =>
  [...outline.nodes.values()].flatMap(({ kind, id }) => (kind === 'promotion' ? [id] : []));

test('a partner sees the campaigns that name it, and those of its stores that name nobody', () => {
  const seen = promotionsIn(seenBy(OURS));
  expect(seen).toEqual(['all-stores', 'in-west', 'both-shops', 'for-us', 'for-two']);
});

test('nothing that is left says who the others are, where, or what they get', () => {
  const text = JSON.stringify(documentOf(seenBy(OURS)));
  expect(text).not.toContain('rival-1');
  expect(text).not.toContain('rival-2');
  expect(text.replaceAll('rival-land', '')).not.toContain('rival');
  for (const figure of ['77', '123456', '31']) expect(text).not.toContain(figure);
});

test('its own terms, its places and what all share are left', () => {
  const { nodes } = seenBy(OURS);
  const names = [...nodes.keys()].filter((name) => !name.startsWith('promotion '));
  expect(names).toEqual(
    [
      'rest of the document',
      'program',
      'place xx',
      'place west',
      'place ours-1',
      'place rival-land',
      'place ours-2',
      'point type main',
      'partner ours',
      'group main',
      'group empty',
    ].sort((one, other) => [...nodes.keys()].indexOf(one) - [...nodes.keys()].indexOf(other)),
  );
  expect(nodes.get('place rival-land')?.content['partner']).toBe('another-partner');
});

test('who has some stores of a partner sees what runs in those', () => {
  const scope: Scope = { stores: ['ours-2'], partners: ['ours'] };
  expect(promotionsIn(seenBy(scope))).toEqual(['all-stores', 'for-us', 'for-two']);
  expect(promotionsIn(seenBy({ stores: ['rival-1'], partners: ['ours'] }))).not.toContain(
    'rival-store',
  );
});

test('who has no partner sees no campaign', () => {
  expect(promotionsIn(seenBy({ stores: 'all', partners: [] }))).toEqual([]);
});

test('a difference tells nothing of what others changed', () => {
  const [first, ...rest] = children;
  const moved = children.map((child) =>
    'promotion' in child && String(child.promotion).includes('rival')
      ? { ...child, title: 'changed' }
      : child,
  );
  const changed = { ...DOCUMENT, arbitration: { mode: 'sequential', children: moved } };
  expect(changesBetween(seenBy(OURS), seenBy(OURS, changed))).toEqual([]);
  const own = { ...first, benefits: give(50) };
  const ours = { ...DOCUMENT, arbitration: { mode: 'sequential', children: [own, ...rest] } };
  const changes = changesBetween(seenBy(OURS), seenBy(OURS, ours));
  expect(changes.map(({ node }) => node.name)).toEqual(['promotion all-stores']);
});
