import type { NodeEdit } from './commands.ts';
import type { NodeChanges } from './node-changes.ts';
import { type Outline, ROOT } from './outline.ts';
import { refused } from './refusal.ts';

/** A promotion or a group, with all in it, stands elsewhere. Merging refuses what is too deep. */
export function movedNode(
  outline: Outline,
  { node: name, to, after }: Extract<NodeEdit, { command: 'move' }>,
): NodeChanges {
  const node = outline.nodes.get(name);
  if ((node?.kind !== 'promotion' && node?.kind !== 'group') || name === ROOT) {
    return refused('unknown-node', `there is no promotion or group \`${name}\` to move`);
  }
  if (outline.nodes.get(to)?.kind !== 'group') {
    return refused('unknown-node', `there is no group \`${to}\` to move it to`);
  }
  const siblings = outline.children.get(to) ?? [];
  if (after !== undefined && (after === name || !siblings.includes(after))) {
    return refused('unknown-node', `${to} has no \`${after}\` to stand behind`);
  }
  const others = siblings.filter((sibling) => sibling !== name);
  const at = siblings.indexOf(name);
  const isThere = node.parent === to && (at <= 0 ? undefined : others[at - 1]) === after;
  if (isThere) return { ok: true, changes: [] };
  return { ok: true, changes: [{ change: 'moved', node, from: node.parent, to, after }] };
}
