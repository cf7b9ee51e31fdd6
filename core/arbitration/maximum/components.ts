import type { ArbitrationNode } from '../../rules/normal.ts';
import type { Effect } from '../interpret/state.ts';
import { paysWithPoints } from './shrinking.ts';

/** What tells whether two children can influence each other. */
export interface Conflicts {
  readonly nodes: readonly ArbitrationNode[];
  readonly singles: readonly (readonly Effect[])[];
}

/**
 * Connected components of the conflict graph: two children are connected when they act on a line
 * in common, or both take points. Children of different components cannot change each other.
 */
export function componentsOf(
  { nodes, singles }: Conflicts,
  children: readonly number[],
): readonly (readonly number[])[] {
  const places = children.map((index) => placesOf(singles[index] ?? [], nodes[index]));
  const component = children.map((_, at) => at);
  const owner = new Map<number, number>();
  places.forEach((touched, at) => {
    for (const place of touched) {
      const other = owner.get(place);
      if (other === undefined) owner.set(place, at);
      else join(component, at, other);
    }
  });
  const groups = new Map<number, number[]>();
  children.forEach((child, at) => {
    const root = rootOf(component, at);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [child]);
    else group.push(child);
  });
  return [...groups.values()];
}

/** The lines a child acts on; the delivery; and −1 for the member's points. */
function placesOf(effects: readonly Effect[], node: ArbitrationNode | undefined): Set<number> {
  const places = new Set<number>();
  for (const { applied, units, benefit } of effects) {
    applied.forEach((_, slot) => {
      if ((units[slot] ?? 0) > 0) places.add(slot);
    });
    if (benefit.target === 'delivery') places.add(applied.length - 1);
  }
  if (node !== undefined && paysWithPoints(node)) places.add(-1);
  return places;
}

function rootOf(component: number[], at: number): number {
  let root = at;
  while (component[root] !== root) root = component[root] ?? root;
  return root;
}

function join(component: number[], one: number, two: number): void {
  const [a, b] = [rootOf(component, one), rootOf(component, two)];
  component[Math.max(a, b)] = Math.min(a, b);
}
