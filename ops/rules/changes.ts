import { type Content, inOrder, type Outline, type OutlineNode, sameContent } from './outline.ts';

/** One difference between two documents, as an operator would have made it. */
export type Change =
  | {
      readonly change: 'added';
      readonly node: OutlineNode;
      /** What it stands behind; `undefined`: it comes first. */
      readonly after: string | undefined;
    }
  | { readonly change: 'removed'; readonly node: OutlineNode }
  | {
      readonly change: 'moved';
      readonly node: OutlineNode;
      readonly from: string;
      readonly to: string;
      readonly after: string | undefined;
    }
  | {
      readonly change: 'changed';
      readonly node: OutlineNode;
      readonly before: Content;
      readonly after: Content;
    };

export interface Known {
  /** By name, the nodes that people touched: where two have changed places, these did. */
  readonly edited?: Readonly<Record<string, unknown>>;
}

/** What leads from one document to another: new contents, then what came, moved and left. */
export function changesBetween(
  before: Outline,
  after: Outline,
  { edited = {} }: Known = {},
): readonly Change[] {
  const placing = placed({ before, after, edited });
  return [...changed(before, after), ...placing, ...removed(before, after)];
}

interface Compared extends Required<Known> {
  readonly before: Outline;
  readonly after: Outline;
}

function* changed(before: Outline, after: Outline): Generator<Change> {
  for (const node of inOrder(after)) {
    const old = before.nodes.get(node.name);
    if (old === undefined || sameContent(old.content, node.content)) continue;
    yield { change: 'changed', node, before: old.content, after: node.content };
  }
}

/** What is inside a group before the group, so that groups are empty when they go. */
function* removed(before: Outline, after: Outline): Generator<Change> {
  const gone = [...inOrder(before)].filter(({ name }) => !after.nodes.has(name));
  for (const node of gone.reverse()) yield { change: 'removed', node };
}

/** Groups before what is inside them, and siblings in their order. */
function* placed(compared: Compared): Generator<Change> {
  const { before, after } = compared;
  const settled = new Map<string, ReadonlySet<string>>();
  for (const node of inOrder(after)) {
    const { name, parent } = node;
    const siblings = after.children.get(parent) ?? [];
    const at = siblings.indexOf(name);
    const behind = at <= 0 ? undefined : siblings[at - 1];
    const old = before.nodes.get(name);
    if (old === undefined) {
      yield { change: 'added', node, after: behind };
    } else if (old.parent !== parent) {
      yield { change: 'moved', node, from: old.parent, to: parent, after: behind };
    } else {
      const staying = settled.get(parent) ?? stayingIn(parent, compared);
      settled.set(parent, staying);
      if (staying.has(name)) continue;
      yield { change: 'moved', node, from: parent, to: parent, after: behind };
    }
  }
}

/**
 * The most siblings that kept their order: the others are those that moved. Those that nobody
 * touched stay first, and of the rest what fits between them.
 */
function stayingIn(parent: string, { before, after, edited }: Compared): ReadonlySet<string> {
  const old = new Map((before.children.get(parent) ?? []).map((name, at) => [name, at]));
  const common = (after.children.get(parent) ?? []).flatMap((name) => {
    const at = old.get(name);
    return at === undefined ? [] : [{ name, at }];
  });
  const still = new Set(longestRising(common.filter(({ name }) => !Object.hasOwn(edited, name))));
  const staying: string[] = [];
  let between: Placed[] = [];
  let low = -1;
  for (const one of [...common, END]) {
    if (one !== END && !still.has(one.name)) {
      between.push(one);
      continue;
    }
    const [from, to] = [low, one.at];
    staying.push(...longestRising(between.filter(({ at }) => from < at && at < to)));
    if (one !== END) staying.push(one.name);
    between = [];
    low = one.at;
  }
  return new Set(staying);
}

interface Placed {
  readonly name: string;
  readonly at: number;
}

const END: Placed = { name: '', at: Number.POSITIVE_INFINITY };

/** Patience sorting: `tops[n]` ends the best rising run of length n + 1 found so far. */
function longestRising(list: readonly Placed[]): string[] {
  const tops: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [index, { at }] of list.entries()) {
    const length = firstNotBelow(tops, (top) => (list[top]?.at ?? 0) < at);
    before[index] = length === 0 ? undefined : tops[length - 1];
    tops[length] = index;
  }
  const names: string[] = [];
  for (let index = tops.at(-1); index !== undefined; index = before[index]) {
    names.push(list[index]?.name ?? '');
  }
  return names;
}

function firstNotBelow(tops: readonly number[], isBelow: (top: number) => boolean): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(tops[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
