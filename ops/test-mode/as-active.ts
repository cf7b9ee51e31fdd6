import { isJson, type Json } from '../../core/conformance/fixture.ts';

/** A document in which some promotions are active, whatever it said of them. */
export interface Activated {
  readonly document: unknown;
  /** Names that no promotion of the document has. */
  readonly unknown: readonly string[];
}

/**
 * What-would-be for drafts: the same document with the named promotions active. The document
 * itself is left alone; only the nodes on the way to a change are made anew.
 */
export function asActive(document: unknown, promotions: readonly string[]): Activated {
  if (promotions.length === 0 || !isJson(document)) return { document, unknown: promotions };
  const left = new Set(promotions);
  const arbitration = activateIn(document['arbitration'], { wanted: new Set(promotions), left });
  return { document: { ...document, arbitration }, unknown: [...left] };
}

interface Search {
  readonly wanted: ReadonlySet<string>;
  readonly left: Set<string>;
}

/** The compiler refuses trees that are nested too deeply; it looks at the result of this. */
const DEPTH_MAX = 16;

function activateIn(node: unknown, search: Search, depth = 0): unknown {
  if (!isJson(node) || depth > DEPTH_MAX) return node;
  const { promotion, children } = node;
  if (typeof promotion === 'string' && search.wanted.has(promotion)) {
    search.left.delete(promotion);
    return { ...node, state: 'active' } satisfies Json;
  }
  if (!Array.isArray(children)) return node;
  return { ...node, children: children.map((child) => activateIn(child, search, depth + 1)) };
}
