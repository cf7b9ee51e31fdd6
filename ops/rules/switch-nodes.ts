import type { Change } from './changes.ts';
import type { NodeEdit, SwitchTo } from './commands.ts';
import type { NodeChanges } from './node-changes.ts';
import { type Content, type Outline, type OutlineNode, ROOT } from './outline.ts';
import { type Refusal, refused } from './refusal.ts';

/** Nodes that one command switches. */
export const SWITCHED_MAX = 1_000;

/**
 * Promotions and groups are switched on and off, all of them or none. An inactive group switches
 * off everything below it and changes nothing there, so switching it on again brings back what it
 * switched off and nothing else. What has ended stays so.
 */
export function switchedNodes(
  outline: Outline,
  { nodes, state }: Extract<NodeEdit, { command: 'switch' }>,
): NodeChanges {
  const changes: Change[] = [];
  for (const name of new Set(nodes)) {
    const node = outline.nodes.get(name);
    if (node?.kind !== 'promotion' && node?.kind !== 'group') {
      return refused('unknown-node', `there is no promotion or group \`${name}\``);
    }
    const switched = node.kind === 'group' ? group(node, state) : promotion(node, state);
    if ('ok' in switched) return switched;
    if (stateOf(node) === state) continue;
    const { content } = switched;
    const change = { change: 'changed', node: { ...node, content }, after: content } as const;
    changes.push({ ...change, before: node.content });
  }
  return { ok: true, changes };
}

function promotion(node: OutlineNode, state: SwitchTo): { content: Content } | Refusal {
  const now = stateOf(node);
  if (state === 'archived') {
    return refused('wrong-node', `${node.name} is no group: end it instead`);
  }
  if (now === 'ended' && state !== 'ended') {
    return refused('has-ended', `${node.name} has ended for good: clone it instead`);
  }
  if (now === 'draft' && state !== 'active') {
    return refused('wrong-node', `${node.name} is a draft and never ran: delete it instead`);
  }
  return { content: { ...node.content, state } };
}

function group(node: OutlineNode, state: SwitchTo): { content: Content } | Refusal {
  if (node.name === ROOT) {
    return refused('wrong-node', 'main arbitration cannot be switched: switch what is in it');
  }
  if (state === 'ended') {
    return refused('wrong-node', `${node.name} is a group: archive it, or end its promotions`);
  }
  return { content: { ...node.content, state } };
}

/** What a node is switched to itself, whatever is above it. */
export function stateOf({ content }: OutlineNode): string {
  const { state } = content;
  return typeof state === 'string' ? state : 'active';
}

/** Whether a promotion and every group above it are active. */
export function runs({ nodes }: Outline, node: OutlineNode): boolean {
  for (let at: OutlineNode | undefined = node; at; at = nodes.get(at.parent)) {
    if (stateOf(at) !== 'active') return false;
  }
  return true;
}
