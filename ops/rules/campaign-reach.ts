import { campaignAccess, type Reach } from '../access/roles.ts';
import type { Change } from './changes.ts';
import { namesPlaces, runsAt } from './launch.ts';
import type { Outline, OutlineNode } from './outline.ts';
import { type Refusal, refused } from './refusal.ts';

/** Levels of places: country, zone, region, store, and room for more. */
const LEVELS_MAX = 16;

/** The stores that a promotion is assigned to by its regions; `all` where it names none. */
export function reachOf({ nodes }: Outline, promotion: OutlineNode): Reach {
  const { regions } = promotion.content;
  if (regions === undefined) return 'all';
  const stores: string[] = [];
  for (const { kind, id, content } of nodes.values()) {
    if (kind !== 'place' || content['kind'] !== 'store') continue;
    if (runsAt(promotion, pathOf(nodes, id))) stores.push(id);
  }
  return stores;
}

/** A place and everything it lies in, from the inside out. */
function pathOf(nodes: Outline['nodes'], place: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let id: unknown = place; typeof id === 'string' && found.size < LEVELS_MAX; ) {
    found.add(id);
    id = nodes.get(`place ${id}`)?.content['parent'];
  }
  return found;
}

/** What somebody who is responsible for some stores may do with a node of a document. */
export function accessTo(
  assigned: Reach,
  outline: Outline,
  node: OutlineNode,
): 'edit' | 'use' | 'none' {
  if (assigned === 'all') return 'edit';
  if (node.kind !== 'promotion') return 'use';
  const access = campaignAccess(assigned, reachOf(outline, node));
  // Nobody is responsible for stores that are not there yet.
  return access === 'edit' && !namesPlaces(node) ? 'use' : access;
}

/**
 * Refuses changes of what lies beyond the stores that somebody is responsible for: campaigns of
 * other stores, as they were or as they would be, and everything that all share.
 */
export function beyondReach(
  stores: Reach | undefined,
  changes: readonly Change[],
  { before, after }: { readonly before: Outline; readonly after: Outline },
): Refusal | undefined {
  if (stores === undefined || stores === 'all') return undefined;
  for (const { node } of changes) {
    for (const outline of [before, after]) {
      const there = outline.nodes.get(node.name);
      if (!there) continue;
      const access = there.kind === 'promotion' ? accessTo(stores, outline, there) : 'use';
      if (access === 'none') return refused('unknown-node', `there is no ${node.name}`);
      if (access === 'use') return tooWide(there);
    }
  }
  return undefined;
}

/** Says what makes a node the business of others too. */
function tooWide({ name, kind }: OutlineNode): Refusal {
  const message = `${name} is, or would be, for more than your stores`;
  const node = kind === 'promotion' ? { node: name, field: 'regions' } : { node: name };
  return { ...refused('not-yours', message), nodes: [node] };
}

/** Whether a node, as it was and as it would be, is somebody's own and nobody else's. */
export function isTheirs(
  stores: Reach | undefined,
  name: string,
  outlines: readonly Outline[],
): boolean {
  if (stores === undefined || stores === 'all') return true;
  const found = outlines.flatMap((outline) => {
    const node = outline.nodes.get(name);
    return node ? [node.kind === 'promotion' ? accessTo(stores, outline, node) : 'use'] : [];
  });
  return found.length > 0 && found.every((access) => access === 'edit');
}

/** Says why nothing of some changes is somebody's own, without a word on what is of others only. */
export function notAlone(
  stores: Reach | undefined,
  changes: readonly Change[],
  outlines: readonly Outline[],
): Refusal | undefined {
  if (stores === undefined || stores === 'all') return undefined;
  for (const { node } of changes) {
    if (node.kind !== 'promotion') continue;
    const there = outlines.flatMap((outline) => {
      const one = outline.nodes.get(node.name);
      return one ? [{ one, access: accessTo(stores, outline, one) }] : [];
    });
    const isSeen = there.every(({ access }) => access !== 'none');
    const wide = there.find(({ access }) => access === 'use');
    if (isSeen && wide) return tooWide(wide.one);
  }
  return refused('nothing-changed', 'nothing that is pending is for your stores alone');
}

/**
 * Refuses what names campaigns of other stores, as if they were not there, before anything else
 * is said about them; and, where somebody wants to change it all at once, what is for others too.
 */
export function beyondNames(
  stores: Reach | undefined,
  names: readonly string[],
  outlines: readonly Outline[],
): Refusal | undefined {
  if (stores === undefined || stores === 'all') return undefined;
  for (const name of names) {
    const found = outlines.flatMap((outline) => {
      const node = outline.nodes.get(name);
      return node ? [{ node, access: accessTo(stores, outline, node) }] : [];
    });
    if (found.length === 0 || found.some(({ access }) => access === 'none')) {
      return refused('unknown-node', `there is no ${name}`);
    }
    const wide = found.find(({ access }) => access === 'use');
    if (wide) return tooWide(wide.node);
  }
  return undefined;
}

/** Refuses somebody of some stores what is about the whole document. */
export function beyondWhole(stores: Reach | undefined): Refusal | undefined {
  if (stores === undefined || stores === 'all') return undefined;
  return refused('not-yours', 'the whole programme is for who works for all stores');
}
