import type { Change } from './changes.ts';
import type { NodeChanges } from './node-changes.ts';
import { type Outline, type OutlineNode, PROGRAM, REST, ROOT } from './outline.ts';
import { refused } from './refusal.ts';
import { stateOf } from './switch-nodes.ts';

/** Promotions that a refusal names. */
const NAMED_MAX = 10;

/**
 * A node goes out of the working copy. Versions that have it keep it, so what the ledger names is
 * always found. A group goes only if every promotion in it, however deep, is a draft.
 */
export function deletedNode(outline: Outline, name: string): NodeChanges {
  const node = outline.nodes.get(name);
  if (!node) return refused('unknown-node', `there is no ${name}`);
  if (name === ROOT || name === REST || name === PROGRAM) {
    return refused('wrong-node', `${name} is a part of every document`);
  }
  const inside = node.kind === 'group' ? below(outline, name) : [];
  const live = inside.filter((one) => one.kind === 'promotion' && stateOf(one) !== 'draft');
  if (live.length > 0) {
    const problems = live.slice(0, NAMED_MAX).map((one) => `${one.name} is ${stateOf(one)}`);
    const message = `${name} has promotions in it that are no drafts`;
    return refused('not-empty', message, problems);
  }
  const gone = [...inside].reverse().concat(node);
  return { ok: true, changes: gone.map((one): Change => ({ change: 'removed', node: one })) };
}

/** Groups before what is in them. */
function below({ nodes, children }: Outline, parent: string): readonly OutlineNode[] {
  const found: OutlineNode[] = [];
  const waiting = [...(children.get(parent) ?? [])].reverse();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = nodes.get(name);
    if (node) found.push(node);
    waiting.push(...(children.get(name) ?? []).toReversed());
  }
  return found;
}
