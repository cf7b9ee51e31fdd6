import type { ArbitrationNode } from '../../rules/normal.ts';
import type { Effect, Level, Result, State } from './state.ts';

/**
 * The trace of one decision: what every node of the tree found, did and gave up. Numbers only, so
 * that whoever reads it can add up every total again.
 */

/** Nodes kept of one decision. A larger tree is cut off, and says so. */
export const TRACE_NODES_MAX = 20_000;

export interface TracedEffect {
  readonly promotion: string;
  readonly benefit: string;
  /** One number a slot: the lines, then the delivery. */
  readonly requested: readonly number[];
  readonly applied: readonly number[];
  /** Thousandths of each line that it acts on. */
  readonly units: readonly number[];
}

export interface TracedCandidate {
  readonly way: string;
  readonly promotions: readonly string[];
  readonly benefit: number;
}

export interface TracedNode {
  readonly kind: 'group' | 'promotion';
  readonly id: string;
  readonly mode?: string;
  /** Prices of the slots that the node found. */
  readonly input: readonly number[];
  /** What it did, after its own limits. */
  readonly effects: readonly TracedEffect[];
  /** Why promotions of the node did nothing. */
  readonly notes: readonly { readonly promotion: string; readonly reason: string }[];
  readonly children: readonly TracedNode[];
  /** Of maximum benefit: what was compared. */
  readonly candidates?: readonly TracedCandidate[];
  /**
   * Of maximum benefit past its budget: how far the best found may be from the best there is;
   * `unknown` where points or rising prices leave that open.
   */
  readonly gap?: number | 'unknown';
}

interface Open {
  gap: number;
  readonly node: ArbitrationNode;
  readonly input: readonly number[];
  readonly children: TracedNode[];
  readonly candidates: TracedCandidate[];
}

/** Writes down what the interpreter does. What it only tries is not written down. */
export class Trace {
  readonly roots: { level: Level; root: TracedNode }[] = [];
  isCut = false;
  readonly #open: Open[] = [];
  #muted = 0;
  #nodes = 0;

  /** Evaluates a node, and keeps what came of it. */
  node(node: ArbitrationNode, at: { state: State; level: Level }, run: () => Result): Result {
    if (this.#muted > 0) return run();
    const open: Open = { node, input: at.state.net, children: [], candidates: [], gap: 0 };
    this.#open.push(open);
    const result = run();
    this.#open.pop();
    this.#keep(traced(open, result), at.level);
    return result;
  }

  #keep(node: TracedNode, level: Level): void {
    const parent = this.#open.at(-1);
    this.#nodes += 1;
    if (parent === undefined) this.roots.push({ level, root: node });
    else if (this.#nodes <= TRACE_NODES_MAX) parent.children.push(node);
    else this.isCut = true;
  }

  /** Runs something that is only tried. */
  trying<T>(run: () => T): T {
    this.#muted += 1;
    const result = run();
    this.#muted -= 1;
    return result;
  }

  foundWithin(gap: number): void {
    const open = this.#open.at(-1);
    if (this.#muted === 0 && open !== undefined) open.gap = gap;
  }

  compared(candidate: TracedCandidate): void {
    if (this.#muted === 0) this.#open.at(-1)?.candidates.push(candidate);
  }
}

function traced({ node, input, children, candidates, gap }: Open, result: Result): TracedNode {
  const isGroup = node.kind === 'group';
  return {
    kind: node.kind,
    id: isGroup ? node.id : node.promotion.id,
    ...(isGroup ? { mode: node.mode } : {}),
    input,
    effects: result.effects.map(tracedEffect),
    notes: result.notes.map(({ promotion, reason }) => ({ promotion: promotion.id, reason })),
    children,
    ...(candidates.length > 0 ? { candidates } : {}),
    ...(gap > 0 ? { gap: Number.isFinite(gap) ? gap : 'unknown' } : {}),
  };
}

export function tracedEffect({
  promotion,
  benefit,
  requested,
  applied,
  units,
}: Effect): TracedEffect {
  return { promotion: promotion.id, benefit: benefit.kind, requested, applied, units };
}
