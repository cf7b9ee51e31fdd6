import { campaignAccess, type Scope } from '../access/roles.ts';
import { reachOf } from './campaign-reach.ts';
import { type Content, isContent, type Outline, type OutlineNode } from './outline.ts';

/**
 * What the people of some partners see of a document: the campaigns that concern them, their own
 * places and terms, and what all share. Names of other partners and of their places are taken out
 * of everything that is left.
 */

/** Stands where somebody else's name was. */
export const SOMEBODY_ELSE = 'another-partner';
/** Levels of places: country, zone, region, store, and room for more. */
const LEVELS_MAX = 16;
/** Levels of one node's content; the language itself has fewer. */
const DEPTH_MAX = 64;
/** Under these names conditions, lines and benefits say which partner they are about. */
const NAMES_PARTNERS: ReadonlySet<string> = new Set(['partner', 'line.partner', 'member.partners']);

interface View {
  readonly scope: Scope;
  readonly outline: Outline;
  /** Stores that one of the partners runs. */
  readonly stores: readonly string[];
  /** Names that are not shown: other partners and their places. */
  readonly foreign: ReadonlySet<string>;
  readonly otherPartners: ReadonlySet<string>;
}

/** The nodes that people of these partners see, as they see them. */
export function nodesForPartners(scope: Scope, outline: Outline): ReadonlyMap<string, OutlineNode> {
  const view = viewOf(scope, outline);
  const shown = new Map<string, OutlineNode>();
  for (const [name, node] of outline.nodes) {
    if (isShown(view, node)) shown.set(name, { ...node, content: contentFor(view, node) });
  }
  return shown;
}

function viewOf(scope: Scope, outline: Outline): View {
  const { partners } = scope;
  const mine = (partner: string) => partners === 'all' || partners.includes(partner);
  const stores: string[] = [];
  const kept = new Set<string>();
  const otherPlaces: string[] = [];
  const otherPartners = new Set<string>();
  for (const { kind, id, content } of outline.nodes.values()) {
    if (kind === 'partner' && !mine(id)) otherPartners.add(id);
    if (kind !== 'place') continue;
    const around = pathOf(outline, id);
    const partner = partnerOf(outline, around);
    if (partner !== undefined && !mine(partner)) {
      otherPartners.add(partner);
      otherPlaces.push(id);
    } else if (partner !== undefined) {
      for (const place of around) kept.add(place);
      if (content['kind'] === 'store') stores.push(id);
    }
  }
  const foreign = new Set([...otherPartners, ...otherPlaces.filter((place) => !kept.has(place))]);
  return { scope, outline, stores, foreign, otherPartners };
}

/** A place and everything it lies in, from the inside out. */
function pathOf({ nodes }: Outline, place: string): readonly string[] {
  const found = new Set<string>();
  for (let id: unknown = place; typeof id === 'string' && found.size < LEVELS_MAX; ) {
    found.add(id);
    id = nodes.get(`place ${id}`)?.content['parent'];
  }
  return [...found];
}

/** Who runs a place: it is inherited. */
function partnerOf({ nodes }: Outline, around: readonly string[]): string | undefined {
  for (const place of around) {
    const partner = nodes.get(`place ${place}`)?.content['partner'];
    if (typeof partner === 'string') return partner;
  }
  return undefined;
}

function isShown(view: View, node: OutlineNode): boolean {
  if (node.kind === 'partner' || node.kind === 'place') return !view.foreign.has(node.id);
  return node.kind !== 'promotion' || concerns(view, node);
}

/** Campaigns that name partners are for those; of the others, those that run in one's stores. */
function concerns({ scope, outline, stores, foreign, otherPartners }: View, node: OutlineNode) {
  const reach = reachOf(outline, node);
  if (campaignAccess(scope.stores, reach) === 'none') return false;
  const { partners } = scope;
  if (partners === 'all') return true;
  const named = partnersIn(withoutPlaces(node.content, foreign));
  const isNamed = named.some((partner) => partners.includes(partner));
  if (isNamed) return true;
  if (named.length > 0 || mentions(node.content, otherPartners)) return false;
  const own = stores.filter((store) => scope.stores === 'all' || scope.stores.includes(store));
  return campaignAccess(own, reach) !== 'none';
}

/** A campaign without what differs at places of others. */
function withoutPlaces(content: Content, foreign: ReadonlySet<string>): Content {
  const { regions } = content;
  if (!isContent(regions) || !isContent(regions['with'])) return content;
  const left = Object.entries(regions['with']).filter(([place]) => !foreign.has(place));
  return { ...content, regions: { ...regions, with: Object.fromEntries(left) } };
}

/** The partners that conditions, lines and benefits name. */
function partnersIn(value: unknown, depth = 0): readonly string[] {
  if (depth > DEPTH_MAX || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    NAMES_PARTNERS.has(key) ? textsIn(inside, depth + 1) : partnersIn(inside, depth + 1),
  );
}

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (depth > DEPTH_MAX || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inside) => textsIn(inside, depth + 1));
}

/** Whether a name of others is anywhere in it, whatever it means there. */
function mentions({ regions: _, ...content }: Content, names: ReadonlySet<string>): boolean {
  return textsIn(content, 0).some((text) => names.has(text));
}

function contentFor({ foreign }: View, { kind, content }: OutlineNode): Content {
  // What the language does not know may be anything.
  if (kind === 'rest') return {};
  const { promotion, group, id } = content;
  const names = {
    ...(promotion === undefined ? {} : { promotion }),
    ...(group === undefined ? {} : { group }),
    ...(id === undefined ? {} : { id }),
  };
  const left = withoutNames(content, foreign, 0);
  return isContent(left) ? { ...left, ...names } : {};
}

/** Lists lose the names of others, and so do objects; what is left alone is replaced. */
function withoutNames(value: unknown, foreign: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === 'string') return foreign.has(value) ? SOMEBODY_ELSE : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return SOMEBODY_ELSE;
  const isForeign = (one: unknown): boolean => typeof one === 'string' && foreign.has(one);
  if (Array.isArray(value)) {
    const left = value.filter((one) => !isForeign(one));
    // An empty list would say something else: everywhere, or everybody.
    const kept = left.length > 0 || value.length === 0 ? left : [SOMEBODY_ELSE];
    return kept.map((one) => withoutNames(one, foreign, depth + 1));
  }
  const entries = Object.entries(value).filter(([key]) => !foreign.has(key));
  return Object.fromEntries(
    entries.map(([key, inside]) => [key, withoutNames(inside, foreign, depth + 1)]),
  );
}
