import type { Launch } from './commands.ts';
import {
  type Content,
  documentOf,
  inOrder,
  isContent,
  type Outline,
  type OutlineNode,
  sameContent,
} from './outline.ts';
import { type Refusal, refused } from './refusal.ts';

/** Levels of places: country, zone, region, store, and room for more. */
const LEVELS_MAX = 16;

/** The document in which a region runs the campaigns that are ticked for it. */
export function launched(
  outline: Outline,
  launch: Launch,
): { readonly ok: true; readonly document: Content } | Refusal {
  const nodes = new Map(outline.nodes);
  const children = new Map(outline.children);
  const problem = addPlaces({ nodes, children }, launch);
  if (problem !== undefined) return refused('unknown-place', problem);

  const region = idOf(launch.region);
  const around = ancestors(nodes, region);
  const problems = launch.campaigns.flatMap((id) =>
    tickProblem(nodes.get(`promotion ${id}`), { id, region, around }),
  );
  const strangers = Object.keys(launch.parameters).filter((id) => !launch.campaigns.includes(id));
  problems.push(...strangers.map((id) => `${id} has parameters here and is not ticked`));
  if (problems.length > 0) {
    return refused('cannot-be-ticked', 'not every campaign can be ticked', problems);
  }
  for (const node of inOrder(outline)) {
    if (node.kind !== 'promotion') continue;
    const isTicked = launch.campaigns.includes(node.id);
    if (!isTicked && launch.others === 'leave') continue;
    const regions = isTicked
      ? switchedOn(regionsOf(node), { region, around, own: launch.parameters[node.id] })
      : switchedOff(regionsOf(node), { region, around });
    nodes.set(node.name, { ...node, content: { ...node.content, regions } });
  }
  const changed = new Map([...nodes].map(([name, node]) => [name, unchanged(outline, node)]));
  return { ok: true, document: documentOf({ nodes: changed, children }) };
}

/** A node that says the same as before stays as it was written. */
function unchanged(outline: Outline, node: OutlineNode): OutlineNode {
  const old = outline.nodes.get(node.name);
  if (old === undefined || node.kind !== 'promotion') return node;
  return sameContent(regionsOf(old), node.content['regions']) ? old : node;
}

function addPlaces(
  parts: { nodes: Map<string, OutlineNode>; children: Map<string, readonly string[]> },
  { region, stores }: Launch,
): string | undefined {
  for (const [at, content] of [region, ...stores].entries()) {
    const id = idOf(content);
    if (id === '') return 'a place needs an id';
    const name = `place ${id}`;
    if (parts.nodes.has(name)) {
      if (at > 0) return `the place \`${id}\` is there already`;
      continue;
    }
    const written: Content = at === 0 ? { kind: 'region', ...content } : storeIn(region, content);
    if (at === 0 && Object.keys(content).length === 1) {
      return `there is no place \`${id}\`: say at least what it belongs to (\`parent\`)`;
    }
    parts.nodes.set(name, { name, kind: 'place', id, parent: 'places', content: written });
    parts.children.set('places', [...(parts.children.get('places') ?? []), name]);
  }
  return undefined;
}

const storeIn = (region: Content, store: Content): Content => ({
  kind: 'store',
  parent: idOf(region),
  ...store,
});

/** The place itself and everything it lies in. */
function ancestors(nodes: ReadonlyMap<string, OutlineNode>, place: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let id: unknown = place; typeof id === 'string' && found.size < LEVELS_MAX; ) {
    found.add(id);
    id = nodes.get(`place ${id}`)?.content['parent'];
  }
  return found;
}

function tickProblem(
  node: OutlineNode | undefined,
  { id, region, around }: Here & { readonly id: string },
): string[] {
  if (!node) return [`there is no promotion \`${id}\``];
  const state = node.content['state'] ?? 'active';
  if (state !== 'active') return [`\`${id}\` is ${String(state)}: only active ones run`];
  const regions = regionsOf(node);
  const outside = regions.except.filter((place) => place !== region && around.has(place));
  if (regions.in.length > 0 || outside.length === 0) return [];
  // Naming the region in `in` would end the promotion everywhere else.
  return [
    `\`${id}\` runs everywhere but in ${outside.join(', ')}, which ${region} is a part of: ` +
      'name the places it runs in under `regions.in`',
  ];
}

interface Regions {
  readonly in: readonly string[];
  readonly except: readonly string[];
  readonly with: Content;
}

function regionsOf({ content }: OutlineNode): Regions {
  const regions = isContent(content['regions']) ? content['regions'] : {};
  const { in: inside, except, with: parameters } = regions;
  return {
    in: list(inside),
    except: list(except),
    with: isContent(parameters) ? parameters : {},
  };
}

/** One name may stand without brackets. */
function list(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}

interface Here {
  readonly region: string;
  /** The region and what it lies in, from the inside out. */
  readonly around: ReadonlySet<string>;
}

/** Whether a promotion runs at a place, by that and everything around it. */
export function runsAt(promotion: OutlineNode, around: ReadonlySet<string>): boolean {
  return runs(regionsOf(promotion), around);
}

/** Whether a promotion runs in named places alone; else stores to come are in it as well. */
export function namesPlaces(promotion: OutlineNode): boolean {
  return regionsOf(promotion).in.length > 0;
}

/** The nearest place that is mentioned decides, as it does for a checkout. */
function runs(regions: Regions, around: ReadonlySet<string>): boolean {
  for (const place of around) {
    if (regions.except.includes(place)) return false;
    if (regions.in.includes(place)) return true;
  }
  return regions.in.length === 0;
}

function switchedOn(
  regions: Regions,
  { region, around, own }: Here & { readonly own: Content | undefined },
): Content {
  const open = { ...regions, except: regions.except.filter((place) => place !== region) };
  return written({
    ...open,
    in: runs(open, around) ? open.in : [...open.in, region],
    with: own ? { ...regions.with, [region]: own } : regions.with,
  });
}

/** A promotion that would not run there anyway stays as it is. */
function switchedOff(regions: Regions, { region, around }: Here): Content {
  if (!runs(regions, around)) return written(regions);
  const inside = regions.in.filter((place) => place !== region);
  const without = { ...regions, in: inside };
  // Without any place in `in` it would run everywhere.
  const isLast = inside.length === 0 && regions.in.length > 0;
  if (!isLast && !runs(without, around)) return written(without);
  return written({ ...(isLast ? regions : without), except: [...regions.except, region] });
}

/** Only what says something. */
function written(regions: Regions): Content {
  return {
    ...(regions.in.length > 0 ? { in: regions.in } : {}),
    ...(regions.except.length > 0 ? { except: [...new Set(regions.except)] } : {}),
    ...(Object.keys(regions.with).length > 0 ? { with: regions.with } : {}),
  };
}

function idOf({ id }: Content): string {
  return typeof id === 'string' ? id : '';
}
