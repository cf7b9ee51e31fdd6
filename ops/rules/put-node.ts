import type { NodeEdit } from './commands.ts';
import type { NodeChanges } from './node-changes.ts';
import { ABSENT } from './node-tag.ts';
import {
  type Content,
  LISTS,
  type NodeKind,
  type Outline,
  PROGRAM,
  REST,
  ROOT,
  sameContent,
} from './outline.ts';
import { refused } from './refusal.ts';

/** Kinds in their order of length, so that `point type` is not read as a kind `point`. */
const KINDS: readonly NodeKind[] = [
  'point type',
  'tier group',
  'place',
  'partner',
  'group',
  'promotion',
];

/** The kind and the id in the name of a node. */
export function partsOfName(name: string): { kind: NodeKind; id: string } | undefined {
  if (name === PROGRAM) return { kind: 'program', id: PROGRAM };
  if (name === REST) return { kind: 'rest', id: REST };
  const kind = KINDS.find((one) => name.startsWith(`${one} `));
  const id = kind === undefined ? '' : name.slice(kind.length + 1);
  return kind === undefined || id === '' ? undefined : { kind, id };
}

/** A node says something else, or a new one is there. */
export function putNode(
  outline: Outline,
  edit: Extract<NodeEdit, { command: 'put' }>,
  taken: ReadonlySet<string>,
): NodeChanges {
  const { node: name, content, match } = edit;
  const here = outline.nodes.get(name);
  const parts = partsOfName(name);
  if (!parts) return refused('unknown-node', `\`${name}\` names no part of a document`);
  const wrong = misfit(parts, content);
  if (wrong !== undefined) return refused('wrong-node', `the content is not ${name}: ${wrong}`);
  if (here !== undefined) {
    if (match === ABSENT) return refused('name-taken', `${name} is there already`);
    if (here.content['state'] === 'ended' && content['state'] !== 'ended') {
      return refused('has-ended', `${name} has ended for good: clone it instead`);
    }
    if (sameContent(here.content, content)) return { ok: true, changes: [] };
    const change = { change: 'changed', node: { ...here, content }, before: here.content } as const;
    return { ok: true, changes: [{ ...change, after: content }] };
  }
  if (match !== ABSENT) return refused('unknown-node', `there is no ${name} to change`);
  if (taken.has(name)) {
    return refused('name-taken', `${name} was deleted after it had run: choose another id`);
  }
  const parent = parentOf(parts.kind, edit.to);
  const isThere = !parent.startsWith('group ') || outline.nodes.has(parent);
  if (!isThere) return refused('unknown-node', `there is no ${parent}`);
  const after = outline.children.get(parent)?.at(-1);
  return {
    ok: true,
    changes: [{ change: 'added', node: { name, ...parts, parent, content }, after }],
  };
}

function parentOf(kind: NodeKind, to: string | undefined): string {
  if (kind === 'promotion' || kind === 'group') return to ?? ROOT;
  return [...LISTS].find(([, entry]) => entry === kind)?.[0] ?? '';
}

/** Why a content cannot stand under a name. */
function misfit({ kind, id }: { kind: NodeKind; id: string }, content: Content) {
  if (kind === 'rest') {
    const own = ['program', 'arbitration', ...LISTS.keys()].find((key) => key in content);
    return own === undefined ? undefined : `\`${own}\` is a part of its own`;
  }
  if (kind === 'program') return undefined;
  if (kind === 'group' && 'children' in content) return 'what is in a group is edited by itself';
  const key = kind === 'group' || kind === 'promotion' ? kind : 'id';
  // Main arbitration needs not say its name.
  const said = content[key] ?? (id === 'main' && kind === 'group' ? 'main' : undefined);
  return String(said) === id ? undefined : `its \`${key}\` has to be \`${id}\``;
}
