import type { Change } from './changes.ts';
import { type Outline, type OutlineNode, ROOT, sameContent } from './outline.ts';

/** Why a change cannot be made on top of what others did. */
export interface Conflict {
  /** The node that both touched. */
  readonly node: string;
  readonly message: string;
}

export type Merged =
  | { readonly ok: true; readonly outline: Outline }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** Groups within groups, main arbitration not counted (003-66). */
export const GROUP_LEVELS_MAX = 9;

/**
 * Makes changes that were thought out on an older document on the present one. Only what they
 * touch is looked at: whoever works on other nodes neither waits nor is overwritten. A node that
 * was changed meanwhile is named, and then nothing at all is changed.
 */
export function merge(present: Outline, changes: readonly Change[]): Merged {
  const merging = new Merging(present);
  for (const change of changes) merging.make(change);
  const conflicts = merging.conflicts.length > 0 ? merging.conflicts : merging.tooDeep();
  return conflicts.length > 0 ? { ok: false, conflicts } : { ok: true, outline: merging };
}

class Merging implements Outline {
  readonly nodes: Map<string, OutlineNode>;
  readonly children: Map<string, string[]>;
  readonly conflicts: Conflict[] = [];

  constructor(present: Outline) {
    this.nodes = new Map(present.nodes);
    this.children = new Map([...present.children].map(([parent, list]) => [parent, [...list]]));
  }

  make(change: Change): void {
    const { name } = change.node;
    const here = this.nodes.get(name);
    const problem = this.#made(change, here);
    if (problem !== undefined) this.conflicts.push({ node: name, message: `${name} ${problem}` });
  }

  /** Makes the change, or says why it cannot be made. */
  #made(change: Change, here: OutlineNode | undefined): string | undefined {
    if (change.change === 'added') return this.#add(change, here);
    if (change.change === 'removed') return this.#remove(change.node, here);
    if (here === undefined) return 'was removed meanwhile';
    if (change.change === 'moved') return this.#move(change, here);

    if (sameContent(here.content, change.after)) return undefined;
    if (!sameContent(here.content, change.before)) return 'was changed meanwhile';
    this.nodes.set(here.name, { ...here, content: change.after });
    return undefined;
  }

  #add(
    { node, after }: Extract<Change, { change: 'added' }>,
    here: OutlineNode | undefined,
  ): string | undefined {
    if (here !== undefined) {
      const isSame = sameContent(here.content, node.content) && here.parent === node.parent;
      return isSame ? undefined : 'was added by somebody else meanwhile';
    }
    const missing = this.#missing(node.parent);
    if (missing) return missing;
    this.nodes.set(node.name, node);
    this.#insert(node.name, node.parent, after);
    return undefined;
  }

  #remove(node: OutlineNode, here: OutlineNode | undefined): string | undefined {
    if (here === undefined) return undefined;
    if (!sameContent(here.content, node.content)) return 'was changed meanwhile';
    if (here.parent !== node.parent) return `was moved to ${here.parent} meanwhile`;
    const inside = this.children.get(node.name) ?? [];
    if (inside.length > 0) return `has ${inside[0]} in it meanwhile`;
    this.nodes.delete(node.name);
    this.children.delete(node.name);
    this.#take(here);
    return undefined;
  }

  #move(
    { from, to, after }: Extract<Change, { change: 'moved' }>,
    here: OutlineNode,
  ): string | undefined {
    if (here.parent !== from && here.parent !== to) return `was moved to ${here.parent} meanwhile`;
    const missing = this.#missing(to);
    if (missing) return missing;
    for (let above: string | undefined = to; above; above = this.nodes.get(above)?.parent) {
      if (above === here.name) return `cannot be moved into ${to}, which is inside it`;
    }
    this.#take(here);
    this.nodes.set(here.name, { ...here, parent: to });
    this.#insert(here.name, to, after);
    return undefined;
  }

  #missing(parent: string): string | undefined {
    const isGroup = parent.startsWith('group ');
    return isGroup && !this.nodes.has(parent)
      ? `belongs in ${parent}, which was removed meanwhile`
      : undefined;
  }

  #take({ name, parent }: OutlineNode): void {
    const left = (this.children.get(parent) ?? []).filter((sibling) => sibling !== name);
    if (left.length === 0) this.children.delete(parent);
    else this.children.set(parent, left);
  }

  /** Behind its neighbour; where that has gone elsewhere, at the end. */
  #insert(name: string, parent: string, after: string | undefined): void {
    const siblings = this.children.get(parent) ?? [];
    const at = after === undefined ? 0 : siblings.indexOf(after) + 1;
    const isLost = after !== undefined && at === 0;
    siblings.splice(isLost ? siblings.length : at, 0, name);
    this.children.set(parent, siblings);
  }

  /** A move that nests too deeply is refused as a whole. */
  tooDeep(): readonly Conflict[] {
    const conflicts: Conflict[] = [];
    const look = (name: string, depth: number): void => {
      if (depth > GROUP_LEVELS_MAX) {
        const message = `${name} would stand deeper than ${GROUP_LEVELS_MAX} groups`;
        conflicts.push({ node: name, message });
        return;
      }
      for (const child of this.children.get(name) ?? []) {
        if (child.startsWith('group ')) look(child, depth + 1);
      }
    };
    look(ROOT, 0);
    return conflicts;
  }
}
