import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from '../../core/rules/canonical.ts';
import { changesBetween } from './changes.ts';
import { merge } from './merge.ts';
import { type Content, documentOf, type Outline, outlineOf } from './outline.ts';

const outlined = (document: unknown): Outline => {
  const taken = outlineOf(document);
  if (!taken.ok) throw new Error(taken.message);
  return taken.outline;
};

type Node = { group?: string; promotion?: string; value: number; children?: Node[] };

/** Two levels of groups with promotions from a small set of names, so that trees often share some. */
const trees = fc
  .record({
    groups: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    promotions: fc.uniqueArray(
      fc.record({
        promotion: fc.constantFrom('p', 'q', 'r', 's', 't', 'u'),
        value: fc.integer({ min: 0, max: 2 }),
        home: fc.integer({ min: 0, max: 3 }),
      }),
      { selector: (each) => each.promotion },
    ),
    values: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
    nested: fc.boolean(),
  })
  .map(({ groups, promotions, values, nested }): Content => {
    const made: Node[] = groups.map((group, at) => ({
      group,
      value: values[at] ?? 0,
      children: [],
    }));
    const top: Node[] = [];
    for (const { home, ...one } of promotions) (made[home]?.children ?? top).push(one);
    const [first, second] = made;
    if (nested && first?.children && second) {
      first.children.unshift(second);
      made.splice(1, 1);
    }
    return { arbitration: { mode: 'sum', children: [...made, ...top] } };
  });

test('taking a document apart and putting it together loses nothing', () => {
  fc.assert(
    fc.property(trees, (document) => {
      expect(canonicalText(documentOf(outlined(document)))).toBe(canonicalText(emptied(document)));
    }),
  );
});

test('the changes between two documents lead exactly from one to the other', () => {
  fc.assert(
    fc.property(trees, trees, (before, after) => {
      const merged = merge(outlined(before), changesBetween(outlined(before), outlined(after)));
      if (!merged.ok) throw new Error(JSON.stringify(merged.conflicts));
      expect(documentOf(merged.outline)).toEqual(documentOf(outlined(after)));
    }),
  );
});

test('what two managers change is all there afterwards, or the node between them is named', () => {
  fc.assert(
    fc.property(trees, trees, trees, (base, mine, yours) => {
      const [from, left, right] = [outlined(base), outlined(mine), outlined(yours)];
      const [hers, his] = [changesBetween(from, left), changesBetween(from, right)];
      const merged = merge(left, his);
      const touched = new Set(hers.map(({ node }) => node.name));
      if (!merged.ok) {
        for (const { node } of merged.conflicts) {
          expect(his.map((change) => change.node.name)).toContain(node);
        }
        return;
      }
      const result = merged.outline;
      for (const change of his) {
        const now = result.nodes.get(change.node.name);
        if (change.change === 'removed') expect(now).toBeUndefined();
        if (change.change === 'changed') expect(now?.content).toEqual(change.after);
        if (change.change === 'added') expect(now?.content).toEqual(change.node.content);
      }
      for (const name of touched) {
        if (his.some((change) => change.node.name === name)) continue;
        expect(result.nodes.get(name)).toEqual(left.nodes.get(name));
      }
    }),
  );
});

test('managers of disjoint groups never stand in each other’s way', () => {
  const inGroup = (group: string) =>
    fc.uniqueArray(
      fc.record({
        promotion: fc.constantFrom(`${group}1`, `${group}2`, `${group}3`, `${group}4`),
        value: fc.integer({ min: 0, max: 3 }),
      }),
      { selector: (each) => each.promotion },
    );
  const two = (left: unknown, right: unknown) =>
    outlined({
      arbitration: {
        children: [
          { group: 'a', children: left },
          { group: 'b', children: right },
        ],
      },
    });
  const [a, b] = [inGroup('a'), inGroup('b')];
  fc.assert(
    fc.property(a, b, a, b, (left, right, nextLeft, nextRight) => {
      const base = two(left, right);
      const merged = merge(two(nextLeft, right), changesBetween(base, two(left, nextRight)));
      if (!merged.ok) throw new Error(JSON.stringify(merged.conflicts));
      expect(documentOf(merged.outline)).toEqual(documentOf(two(nextLeft, nextRight)));
    }),
  );
});

/** Groups without anything in them are written without `children`. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, emptied(one)]));
}
