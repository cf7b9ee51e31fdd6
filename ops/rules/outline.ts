import { canonicalText } from '../../core/rules/canonical.ts';

/** What a rule-set document is made of, as operators name it. */
export type NodeKind =
  | 'rest'
  | 'program'
  | 'point type'
  | 'tier group'
  | 'place'
  | 'partner'
  | 'group'
  | 'promotion';

export type Content = Readonly<Record<string, unknown>>;

/** One part of a document that people edit as a whole: its own content, not what is below it. */
export interface OutlineNode {
  /** Names the node in its document: `promotion birthday-20`. */
  readonly name: string;
  readonly kind: NodeKind;
  readonly id: string;
  readonly content: Content;
  /** The group, or the list of the document, that the node stands in. */
  readonly parent: string;
}

/** A document taken apart into its nodes; `documentOf` puts it together again. */
export interface Outline {
  readonly nodes: ReadonlyMap<string, OutlineNode>;
  /** What stands in each group and list, in order. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

export type Outlined =
  | { readonly ok: true; readonly outline: Outline }
  | { readonly ok: false; readonly message: string };

/** Nodes of one document; the language itself allows fewer. */
const NODES_MAX = 200_000;
/** Levels of groups that are looked into; the language itself allows nine. */
const DEPTH_MAX = 32;

export const ROOT = 'group main';
/** The lists of a document, and what one entry of each is called. */
export const LISTS: ReadonlyMap<string, NodeKind> = new Map<string, NodeKind>([
  ['pointTypes', 'point type'],
  ['tierGroups', 'tier group'],
  ['places', 'place'],
  ['partners', 'partner'],
]);
/** What is neither a list nor a tree; always there. */
export const REST = 'rest of the document';
export const PROGRAM = 'program';
const TOP = '';

/** Takes a document apart. It needs not compile, but its parts must be recognisable. */
export function outlineOf(document: unknown): Outlined {
  if (!isContent(document)) return { ok: false, message: 'the document is not an object' };
  const taking = new Taking();
  try {
    taking.document(document);
  } catch (error) {
    if (error instanceof Unrecognised) return { ok: false, message: error.message };
    throw error;
  }
  return { ok: true, outline: taking };
}

class Unrecognised extends Error {}

class Taking implements Outline {
  readonly nodes = new Map<string, OutlineNode>();
  readonly children = new Map<string, string[]>();

  document({ program, arbitration, ...others }: Content): void {
    const rest: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(others)) {
      const kind = LISTS.get(key);
      if (kind !== undefined && Array.isArray(value) && value.length > 0) this.#list(key, value);
      else rest[key] = value;
    }
    this.#put({ name: REST, kind: 'rest', id: REST, parent: TOP, content: rest });
    if (program !== undefined) {
      const content = contentOf(program, '`program`');
      this.#put({ name: PROGRAM, kind: 'program', id: PROGRAM, parent: TOP, content });
    }
    if (arbitration !== undefined) this.#root(contentOf(arbitration, '`arbitration`'));
  }

  #list(key: string, values: readonly unknown[]): void {
    const kind = LISTS.get(key) ?? 'rest';
    for (const value of values) {
      const content = contentOf(value, `an entry of \`${key}\``);
      const id = idIn(content['id']);
      if (id === undefined) throw new Unrecognised(`an entry of \`${key}\` has no id`);
      this.#put({ name: `${kind} ${id}`, kind, id, parent: key, content });
    }
  }

  #root(value: Content): void {
    const { children, ...content } = value;
    this.#put({ name: ROOT, kind: 'group', id: 'main', parent: TOP, content: own(value, content) });
    this.#below(ROOT, children, 1);
  }

  #below(parent: string, children: unknown, depth: number): void {
    if (children === undefined) return;
    if (!Array.isArray(children)) throw new Unrecognised(`the children of ${parent} are no list`);
    if (depth > DEPTH_MAX) throw new Unrecognised(`groups are nested deeper than ${DEPTH_MAX}`);
    for (const child of children)
      this.#node(contentOf(child, `a child of ${parent}`), parent, depth);
  }

  #node(value: Content, parent: string, depth: number): void {
    const [promotion, group] = [idIn(value['promotion']), idIn(value['group'])];
    if (promotion !== undefined) {
      const name = `promotion ${promotion}`;
      this.#put({ name, kind: 'promotion', id: promotion, parent, content: value });
      return;
    }
    if (group === undefined) {
      throw new Unrecognised(`a child of ${parent} is neither a group nor a promotion`);
    }
    const { children, ...content } = value;
    const name = `group ${group}`;
    this.#put({ name, kind: 'group', id: group, parent, content: own(value, content) });
    this.#below(name, children, depth + 1);
  }

  #put(node: OutlineNode): void {
    if (this.nodes.has(node.name)) throw new Unrecognised(`${node.name} is there twice`);
    if (this.nodes.size >= NODES_MAX) throw new Unrecognised('the document has too many parts');
    this.nodes.set(node.name, node);
    const siblings = this.children.get(node.parent);
    if (siblings) siblings.push(node.name);
    else this.children.set(node.parent, [node.name]);
  }
}

/** An empty list stays as it was written, so that nothing is lost on the way there and back. */
function own(value: Content, content: Content): Content {
  const { children } = value;
  return Array.isArray(children) && children.length === 0 ? { ...content, children } : content;
}

/** Puts a document together. */
export function documentOf({ nodes, children }: Outline): Content {
  const contentsIn = (parent: string): Content[] =>
    (children.get(parent) ?? []).map((name) => {
      const node = nodes.get(name);
      if (node?.kind !== 'group') return node?.content ?? {};
      const below = contentsIn(name);
      return below.length === 0 ? node.content : { ...node.content, children: below };
    });
  const document: Record<string, unknown> = {};
  const program = nodes.get(PROGRAM);
  if (program) document['program'] = program.content;
  Object.assign(document, nodes.get(REST)?.content);
  for (const list of LISTS.keys()) {
    const entries = contentsIn(list);
    if (entries.length > 0) document[list] = entries;
  }
  const root = nodes.get(ROOT);
  if (root) {
    const below = contentsIn(ROOT);
    document['arbitration'] =
      below.length === 0 ? root.content : { ...root.content, children: below };
  }
  return document;
}

/** All nodes as they stand in the document: groups before what is inside them. */
export function* inOrder({ nodes, children }: Outline): Generator<OutlineNode> {
  const waiting = [TOP, ...LISTS.keys()].flatMap((top) => children.get(top) ?? []).reverse();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = nodes.get(name);
    if (node) yield node;
    waiting.push(...(children.get(name) ?? []).toReversed());
  }
}

export function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The language takes a number for a name as well. */
function idIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function contentOf(value: unknown, what: string): Content {
  if (isContent(value)) return value;
  throw new Unrecognised(`${what} is not an object`);
}

export function sameContent(left: unknown, right: unknown): boolean {
  return left === right || canonicalText(left) === canonicalText(right);
}
