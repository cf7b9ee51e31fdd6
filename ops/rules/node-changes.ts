import { type Change, changesBetween } from './changes.ts';
import { clonedNode } from './clone-node.ts';
import type { NodeEdit } from './commands.ts';
import { contentHash } from './compile.ts';
import { deletedNode } from './delete-node.ts';
import { movedNode } from './move-node.ts';
import { ANYTHING, nodeTag } from './node-tag.ts';
import { documentOf, type Outline, type OutlineNode, outlineOf } from './outline.ts';
import { putNode } from './put-node.ts';
import { type Refusal, refused } from './refusal.ts';
import { switchedNodes } from './switch-nodes.ts';

export type NodeChanges = { readonly ok: true; readonly changes: readonly Change[] } | Refusal;

/** What an edit of nodes changes about a document, or why it cannot be made. */
export function nodeChanges(
  outline: Outline,
  edit: NodeEdit,
  taken: ReadonlySet<string>,
): NodeChanges {
  const stale = unlessMatching(outline, edit);
  if (stale) return stale;
  switch (edit.command) {
    case 'put':
      return putNode(outline, edit, taken);
    case 'clone':
      return clonedNode(outline, edit, taken);
    case 'move':
      return movedNode(outline, edit);
    case 'switch':
      return switchedNodes(outline, edit);
    case 'delete':
      return deletedNode(outline, edit.node);
    default:
      return replaced(outline, edit.document);
  }
}

/** Refuses what was thought out on something that is otherwise by now. */
function unlessMatching(outline: Outline, edit: NodeEdit): Refusal | undefined {
  if (edit.command === 'clone' || edit.command === 'switch') return undefined;
  const { match } = edit;
  if (match === undefined || match === ANYTHING) return undefined;
  if (edit.command === 'replace') {
    if (contentHash(documentOf(outline)) === match) return undefined;
    return refused('changed-meanwhile', 'the working copy is no longer what was read');
  }
  const here = outline.nodes.get(edit.node);
  if (here === undefined || nodeTag(here) === match) return undefined;
  const message = `${edit.node} is no longer what was read: look at it, and edit that`;
  return { ...refused('changed-meanwhile', message), nodes: [inQuestion(here)] };
}

const inQuestion = (node: OutlineNode) => ({ node: node.name, etag: nodeTag(node) });

function replaced(outline: Outline, document: unknown): NodeChanges {
  const wanted = outlineOf(document);
  if (!wanted.ok) return refused('not-a-document', wanted.message);
  return { ok: true, changes: changesBetween(outline, wanted.outline) };
}
