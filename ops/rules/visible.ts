import type { Scope } from '../access/roles.ts';
import { accessTo } from './campaign-reach.ts';
import { type Outline, type OutlineNode, ROOT } from './outline.ts';
import { nodesForPartners } from './partner-view.ts';

/**
 * A document as somebody sees it: without the campaigns of other stores or partners, and without
 * groups of nothing else.
 */
export function visibleTo(scope: Scope, outline: Outline): Outline {
  if (scope.partners !== 'all') return pruned(outline, nodesForPartners(scope, outline));
  const { stores } = scope;
  if (stores === 'all') return outline;
  const seen = [...outline.nodes].filter(([, node]) => {
    return node.kind !== 'promotion' || accessTo(stores, outline, node) !== 'none';
  });
  return pruned(outline, new Map(seen));
}

/** What is left of the lists and the tree when only these nodes are seen. */
function pruned(outline: Outline, seen: ReadonlyMap<string, OutlineNode>): Outline {
  const nodes = new Map(seen);
  const children = new Map(outline.children);
  /** Whether anything of it is left, or nothing was there to be hidden. */
  const look = (name: string): boolean => {
    const isLeaf = outline.nodes.get(name)?.kind === 'promotion';
    if (isLeaf) return nodes.has(name);
    const inside = outline.children.get(name) ?? [];
    const left = inside.filter((child) => {
      if (look(child)) return true;
      nodes.delete(child);
      return false;
    });
    if (left.length === 0) children.delete(name);
    else children.set(name, left);
    return left.length > 0 || inside.length === 0;
  };
  look(ROOT);
  for (const [parent, list] of children) {
    if (outline.nodes.has(parent)) continue;
    const left = list.filter((name) => nodes.has(name));
    if (left.length === 0) children.delete(parent);
    else children.set(parent, left);
  }
  return { nodes, children };
}
