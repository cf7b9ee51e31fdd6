import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeEdit } from './commands.ts';
import { GROUP_LEVELS_MAX, merge } from './merge.ts';
import { nodeChanges } from './node-changes.ts';
import { ABSENT, nodeTag } from './node-tag.ts';
import { documentOf, inOrder, type Outline, outlineOf, ROOT } from './outline.ts';
import { runs, stateOf } from './switch-nodes.ts';

const STATES = ['active', 'draft', 'inactive', 'ended'] as const;
const NOTHING: ReadonlySet<string> = new Set();

interface Planned {
  readonly isGroup: boolean;
  readonly state: (typeof STATES)[number];
  /** The group it stands in: main arbitration, or one that was planned before it. */
  readonly home: number;
}

/** Trees whose groups stand in any earlier group that leaves room below it. */
const outlines = fc
  .array(
    fc.record({
      isGroup: fc.boolean(),
      state: fc.constantFrom(...STATES),
      home: fc.nat({ max: 30 }),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map(treeOf);

function treeOf(planned: readonly Planned[]): Outline {
  const root = { mode: 'sum', children: [] as object[] };
  const groups = [{ children: root.children, depth: 0 }];
  for (const [at, { isGroup, state, home }] of planned.entries()) {
    const inside = groups[home % groups.length];
    if (!inside) continue;
    if (isGroup && inside.depth < GROUP_LEVELS_MAX) {
      const group = { group: `g${at}`, children: [] as object[] };
      inside.children.push(group);
      groups.push({ children: group.children, depth: inside.depth + 1 });
    } else inside.children.push({ promotion: `p${at}`, state });
  }
  const taken = outlineOf({ arbitration: root });
  if (!taken.ok) throw new Error(taken.message);
  return taken.outline;
}

const pick = fc.nat({ max: 60 });

function nodesOf(outline: Outline, kind: 'promotion' | 'group') {
  return [...inOrder(outline)].filter((node) => node.kind === kind && node.name !== ROOT);
}

function chosen<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}

/** The document after an edit, or `undefined` where it was refused. */
function edited(outline: Outline, edit: NodeEdit): Outline | undefined {
  const wanted = nodeChanges(outline, edit, NOTHING);
  if (!wanted.ok) return undefined;
  const merged = merge(outline, wanted.changes);
  return merged.ok ? merged.outline : undefined;
}

function inside(outline: Outline, name: string): readonly string[] {
  const below = outline.children.get(name) ?? [];
  return below.flatMap((child) => [child, ...inside(outline, child)]);
}

function depthOf(outline: Outline, name: string): number {
  const own = name.startsWith('group ') ? 1 : 0;
  const below = (outline.children.get(name) ?? []).map((child) => depthOf(outline, child));
  return own + Math.max(0, ...below);
}

test('a clone has everything the original has, as drafts under new ids, and changes nothing else', () => {
  fc.assert(
    fc.property(outlines, pick, (outline, number) => {
      const nodes = [...nodesOf(outline, 'group'), ...nodesOf(outline, 'promotion')];
      const original = chosen(nodes, number);
      if (!original) return;
      const after = edited(outline, { command: 'clone', node: original.name });
      if (!after) throw new Error('a clone beside its original always fits');
      const made = [...after.nodes.values()].filter(({ name }) => !outline.nodes.has(name));
      const copied = [original.name, ...inside(outline, original.name)];
      expect(made).toHaveLength(copied.length);
      for (const copy of made) {
        if (copy.kind === 'promotion') expect(stateOf(copy)).toBe('draft');
        expect(copy.content[copy.kind]).toBe(copy.id);
      }
      for (const [name, node] of outline.nodes) expect(after.nodes.get(name)).toEqual(node);
      // Taking the clone away again leaves what was there.
      const top = made.find(({ parent }) => parent === original.parent);
      const without = edited(after, { command: 'delete', node: top?.name ?? '' });
      expect(without && documentOf(without)).toEqual(documentOf(outline));
    }),
  );
});

test('a move loses nothing, never ends deeper than nine groups, and can be taken back', () => {
  fc.assert(
    fc.property(outlines, pick, pick, (outline, one, other) => {
      const nodes = [...nodesOf(outline, 'group'), ...nodesOf(outline, 'promotion')];
      const node = chosen(nodes, one);
      const target = chosen([ROOT, ...nodesOf(outline, 'group').map(({ name }) => name)], other);
      if (!node || !target) return;
      const after = edited(outline, { command: 'move', node: node.name, to: target });
      const isInside = [node.name, ...inside(outline, node.name)].includes(target);
      if (isInside) expect(after).toBeUndefined();
      if (!after) return;
      expect([...after.nodes.keys()].sort()).toEqual([...outline.nodes.keys()].sort());
      // The root counts as one level here and as none in the limit.
      expect(depthOf(after, ROOT) - 1).toBeLessThanOrEqual(GROUP_LEVELS_MAX);
      const siblings = outline.children.get(node.parent) ?? [];
      const before = siblings[siblings.indexOf(node.name) - 1];
      const back = edited(after, {
        command: 'move',
        node: node.name,
        to: node.parent,
        after: before,
      });
      expect(documentOf(back ?? after)).toEqual(documentOf(outline));
    }),
  );
});

test('switching groups on again restores exactly what switching them off had stopped', () => {
  fc.assert(
    fc.property(outlines, fc.array(pick, { minLength: 1, maxLength: 3 }), (outline, numbers) => {
      const groups = nodesOf(outline, 'group').map(({ name }) => name);
      const nodes = numbers.flatMap((number) => chosen(groups, number) ?? []);
      if (nodes.length === 0) return;
      const running = (of: Outline) =>
        nodesOf(of, 'promotion').flatMap((node) => (runs(of, node) ? [node.name] : []));
      const off = edited(outline, { command: 'switch', nodes, state: 'inactive' }) ?? outline;
      const below = new Set(nodes.flatMap((name) => inside(outline, name)));
      expect(running(off)).toEqual(running(outline).filter((name) => !below.has(name)));
      const on = edited(off, { command: 'switch', nodes, state: 'active' }) ?? off;
      expect(running(on)).toEqual(running(outline));
    }),
  );
});

test('a group goes only when every promotion in it is a draft', () => {
  fc.assert(
    fc.property(outlines, pick, (outline, number) => {
      const group = chosen(nodesOf(outline, 'group'), number);
      if (!group) return;
      const below = inside(outline, group.name);
      const live = below.flatMap((name) => {
        const node = outline.nodes.get(name);
        return node?.kind === 'promotion' && stateOf(node) !== 'draft' ? [name] : [];
      });
      const after = edited(outline, { command: 'delete', node: group.name });
      expect(after === undefined).toBe(live.length > 0);
      if (after) expect(after.nodes.size).toBe(outline.nodes.size - below.length - 1);
    }),
  );
});

test('what has ended never runs again', () => {
  fc.assert(
    fc.property(outlines, pick, fc.constantFrom(...STATES), (outline, number, state) => {
      const ended = nodesOf(outline, 'promotion').filter((node) => stateOf(node) === 'ended');
      const node = chosen(ended, number);
      if (!node || state === 'ended') return;
      const content = { ...node.content, state };
      const match = nodeTag(node);
      const edits: NodeEdit[] = [
        { command: 'put', node: node.name, content, match },
        { command: 'put', node: node.name, content, match: ABSENT },
        { command: 'switch', nodes: [node.name], state: state === 'draft' ? 'active' : state },
      ];
      for (const edit of edits) expect(edited(outline, edit)).toBeUndefined();
    }),
  );
});
