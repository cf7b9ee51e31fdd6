import type { Change } from './changes.ts';
import type { NodeEdit } from './commands.ts';
import type { NodeChanges } from './node-changes.ts';
import { type Content, type Outline, type OutlineNode, ROOT } from './outline.ts';
import { refused } from './refusal.ts';

/** Copies of one node that are numbered before somebody has to choose an id. */
const COPIES_MAX = 1_000;

/**
 * A deep copy as a draft, behind its original. Counters, codes and ledger entries belong to an id,
 * so what has a new one begins at zero.
 */
export function clonedNode(
  outline: Outline,
  { node: name, id, to }: Extract<NodeEdit, { command: 'clone' }>,
  taken: ReadonlySet<string>,
): NodeChanges {
  const original = outline.nodes.get(name);
  const isOfTree = original?.kind === 'promotion' || original?.kind === 'group';
  if (!isOfTree || name === ROOT) {
    return refused('unknown-node', `there is no promotion or group \`${name}\` to clone`);
  }
  const parent = to ?? original.parent;
  if (!outline.nodes.has(parent)) return refused('unknown-node', `there is no ${parent}`);
  const used = new Set([...outline.nodes.keys(), ...taken]);
  if (id !== undefined && used.has(`${original.kind} ${id}`)) {
    return refused('name-taken', `${original.kind} ${id} is there already, or was once`);
  }
  const copying = new Copying(outline, used);
  const isBeside = parent === original.parent;
  const after = isBeside ? name : outline.children.get(parent)?.at(-1);
  const isDone = copying.copy(original, { parent, id, after });
  return isDone
    ? { ok: true, changes: copying.changes }
    : refused('name-taken', `${name} was cloned ${COPIES_MAX} times: choose an id`);
}

interface Where {
  readonly parent: string;
  readonly id: string | undefined;
  readonly after: string | undefined;
}

class Copying {
  readonly changes: Change[] = [];
  readonly #outline: Outline;
  readonly #used: Set<string>;

  constructor(outline: Outline, used: Set<string>) {
    this.#outline = outline;
    this.#used = used;
  }

  copy(original: OutlineNode, { parent, id, after }: Where): boolean {
    const { kind } = original;
    const own = id ?? this.#freeId(original);
    if (own === undefined) return false;
    const name = `${kind} ${own}`;
    this.#used.add(name);
    const node = { name, kind, id: own, parent, content: drafted(original, own) };
    this.changes.push({ change: 'added', node, after });
    let before: string | undefined;
    for (const inside of this.#outline.children.get(original.name) ?? []) {
      const child = this.#outline.nodes.get(inside);
      if (!child) continue;
      if (!this.copy(child, { parent: name, id: undefined, after: before })) return false;
      const last = this.changes.findLast(({ node: made }) => made.parent === name);
      before = last?.node.name;
    }
    return true;
  }

  #freeId({ kind, id }: OutlineNode): string | undefined {
    for (let number = 1; number <= COPIES_MAX; number += 1) {
      const own = number === 1 ? `${id}-copy` : `${id}-copy-${number}`;
      if (!this.#used.has(`${kind} ${own}`)) return own;
    }
    return undefined;
  }
}

/** Groups have no drafts of their own: they do nothing while all in them are drafts. */
function drafted({ kind, content }: OutlineNode, id: string): Content {
  if (kind === 'promotion') return { ...content, promotion: id, state: 'draft' };
  const { state: _, ...rest } = content;
  return { ...rest, group: id };
}
