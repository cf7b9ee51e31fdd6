import { expect, test } from 'vitest';
import { changesBetween } from './changes.ts';
import { describeChanges } from './describe-changes.ts';
import { outlineOf } from './outline.ts';

const outlined = (document: unknown) => {
  const taken = outlineOf(document);
  if (!taken.ok) throw new Error(taken.message);
  return taken.outline;
};

const promotion = (name: string, percent: number, more: object = {}) => ({
  promotion: name,
  benefits: { list: [{ discount: { percent } }] },
  ...more,
});

const BEFORE = {
  program: { id: 'shop', settings: { rounding: 'half-up' } },
  places: [{ id: 'de', kind: 'country' }],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        group: 'fruit',
        mode: 'max',
        children: [
          promotion('apples', 5, {
            when: { 'total.current': { atLeast: 1000 } },
            regions: { in: ['de'] },
          }),
          promotion('pears', 10),
        ],
      },
      promotion('nuts', 3),
      promotion('bread', 4),
    ],
  },
};

const said = (before: unknown, after: unknown) =>
  describeChanges(changesBetween(outlined(before), outlined(after)));

test('a document without changes has none to tell', () => {
  expect(said(BEFORE, structuredClone(BEFORE))).toEqual([]);
});

test('changes are told in the words of the document', () => {
  const after = {
    program: { id: 'shop', settings: { rounding: 'floor' } },
    places: [
      { id: 'de', kind: 'country' },
      { id: 'berlin', kind: 'region', parent: 'de' },
    ],
    arbitration: {
      mode: 'exclusive',
      children: [
        promotion('bread', 4, { state: 'inactive' }),
        promotion('nuts', 3),
        {
          group: 'fruit',
          mode: 'max',
          children: [
            promotion('apples', 7, {
              when: { 'total.current': { atLeast: 2000 } },
              regions: { in: ['at'] },
              hours: [{ from: '18:00' }],
            }),
          ],
        },
        promotion('milk', 1, { state: 'draft' }),
      ],
    },
  };
  expect(said(BEFORE, after)).toMatchInlineSnapshot(`
    [
      "program: settings rounding half-up → floor",
      "group main: mode sequential → exclusive",
      "promotion bread: state added: inactive",
      "promotion apples: benefit 1 discount percent 5 → 7",
      "promotion apples: condition total.current atLeast 1000 → 2000",
      "promotion apples: regions in: + at, − de",
      "promotion apples: hours added: [{ from: 18:00 }]",
      "promotion bread moved within group main, to the first place",
      "promotion nuts moved within group main, behind promotion bread",
      "promotion milk added to group main (draft)",
      "place berlin added",
      "promotion pears removed",
    ]
  `);
});

test('another condition is told whole', () => {
  const at = (when: object) => ({ arbitration: { children: [promotion('a', 5, { when })] } });
  expect(said(at({ quantity: { above: 1 } }), at({ channel: 'web' }))).toEqual([
    'promotion a: condition { quantity: { above: 1 } } → { channel: web }',
  ]);
});

test.each([
  [undefined, 'the document is not an object'],
  [{ places: [{}] }, 'an entry of `places` has no id'],
  [{ arbitration: { children: [{}] } }, 'a child of group main is neither a group nor a promotion'],
  [{ arbitration: { children: [{ group: 'a' }, { group: 'a' }] } }, 'group a is there twice'],
])('%j cannot be taken apart', (document, message) => {
  expect(outlineOf(document)).toEqual({ ok: false, message });
});

test.each([
  ['promotion nuts', 'promotion bread'],
  ['promotion bread', undefined],
])('of two that changed places, %s has moved where it was touched', (node, after) => {
  const { children } = BEFORE.arbitration;
  const [fruit, nuts, bread] = children;
  const swapped = [fruit, bread, nuts];
  const document = { ...BEFORE, arbitration: { ...BEFORE.arbitration, children: swapped } };
  const edited = { [node]: true };
  const changes = changesBetween(outlined(BEFORE), outlined(document), { edited });
  expect(changes).toMatchObject([
    { change: 'moved', node: { name: node }, after: after ?? 'group fruit' },
  ]);
});
