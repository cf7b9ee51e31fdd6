import type { Residual } from '../../money/prorate.ts';
import type { ArbitrationNode, Calculation } from '../../rules/normal.ts';
import { isPercentage } from './base.ts';
import { appliedIn, type Effect, type Level, type Result, type State, sum } from './state.ts';
import {
  benefitIndex,
  loweredParts,
  type PaymentStep,
  type Splitting,
  type TracedCut,
  type TracedPaymentCut,
  type TracedSplit,
  tracedPaymentCut,
  tracedSplit,
} from './trace-limits.ts';

/**
 * The trace of one decision: what every node of the tree found, did and gave up. Numbers only, so
 * that whoever reads it can add up every total again.
 */

/** Nodes kept of one decision. A larger tree is cut off, and says so. */
export const TRACE_NODES_MAX = 20_000;

export interface TracedEffect {
  readonly promotion: string;
  readonly benefit: string;
  /** The place of the benefit in its promotion. */
  readonly index: number;
  /** One number a slot: the lines, then the delivery. */
  readonly requested: readonly number[];
  readonly applied: readonly number[];
  /** Thousandths of each line that it acts on. */
  readonly units: readonly number[];
  /** Of which prices its category takes percentages, where that is not up to the group. */
  readonly calculation?: Calculation;
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
  /** What limits took away here, in the order in which they did. */
  readonly cuts: readonly TracedCut[];
  /** What was split over slots here, and who got residual cents. */
  readonly splits: readonly TracedSplit[];
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
  readonly cuts: TracedCut[];
  readonly splits: TracedSplit[];
  /** The least that slots may cost inside. */
  floors: readonly number[];
}

/** Writes down what the interpreter does. What it only tries is not written down. */
export class Trace {
  readonly roots: { level: Level; root: TracedNode }[] = [];
  /** What was split after the tree. */
  splits: TracedSplit[] = [];
  /** What limits took from payments in points, after the tree. */
  paymentCuts: TracedPaymentCut[] = [];
  isCut = false;
  readonly #open: Open[] = [];
  #muted = 0;
  /** While what was chosen is built again: its limits are told, but no nodes. */
  #retold = false;
  #nodes = 0;

  /** Evaluates a node, and keeps what came of it. */
  node(node: ArbitrationNode, at: { state: State; level: Level }, run: () => Result): Result {
    if (this.#muted > 0) return this.trying(run);
    const lists = { children: [], candidates: [], cuts: [], splits: [] };
    const open: Open = { node, input: at.state.net, ...lists, gap: 0, floors: [] };
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

  /** Builds once more what was chosen among several, to tell which limits it met. */
  retelling(run: () => unknown): void {
    if (this.#muted > 0) return;
    this.#retold = true;
    this.trying(run);
    this.#retold = false;
  }

  /** What follows counts instead of all before it: the tree is run again. */
  again(): void {
    this.splits = [];
    this.paymentCuts = [];
  }

  get #listens(): boolean {
    return this.#muted === (this.#retold ? 1 : 0);
  }

  /** The floors inside the present node. */
  within(floors: readonly number[]): void {
    const open = this.#open.at(-1);
    if (this.#muted === 0 && open !== undefined) open.floors = floors;
  }

  /** A limit that lowered effects in some slots. */
  cut(
    { limit, allowed }: Pick<TracedCut, 'limit' | 'allowed'>,
    before: readonly Effect[],
    { after, slots }: { readonly after: readonly Effect[]; readonly slots: readonly number[] },
  ): void {
    const open = this.#open.at(-1);
    if (open === undefined || !this.#listens) return;
    const parts = loweredParts(before, after, slots);
    const total = sum(slots.map((slot) => appliedIn(before, slot)));
    open.cuts.push({ limit, of: this.#ownerOf(limit, slots), allowed, total, parts });
  }

  /** The node that set a limit: of a floor, the outermost that asks for as much. */
  #ownerOf(limit: TracedCut['limit'], slots: readonly number[]): string {
    const isFloor = limit.kind === 'min-price' && limit.floor > 0;
    const owner = isFloor
      ? this.#open.find(({ floors }) => slots.some((slot) => floors[slot] === limit.floor))
      : undefined;
    return idOf((owner ?? this.#open.at(-1))?.node);
  }

  /** An amount that is split over slots. */
  split(what: Splitting, strategy: Residual): void {
    if (!this.#listens) return;
    const splits = this.#open.at(-1)?.splits ?? this.splits;
    splits.push(...tracedSplit(what, strategy));
  }

  /** A limit of a payment in points. */
  paymentCut(step: PaymentStep): void {
    const cut = this.#listens ? tracedPaymentCut(step) : undefined;
    if (cut !== undefined) this.paymentCuts.push(cut);
  }

  foundWithin(gap: number): void {
    const open = this.#open.at(-1);
    if (this.#muted === 0 && open !== undefined) open.gap = gap;
  }

  compared(candidate: TracedCandidate): void {
    if (this.#muted === 0) this.#open.at(-1)?.candidates.push(candidate);
  }
}

function idOf(node: ArbitrationNode | undefined): string {
  if (node === undefined) return '';
  return node.kind === 'group' ? node.id : node.promotion.id;
}

function traced(open: Open, result: Result): TracedNode {
  const { node, input, children, candidates, gap, cuts, splits } = open;
  const isGroup = node.kind === 'group';
  return {
    kind: node.kind,
    id: idOf(node),
    ...(isGroup ? { mode: node.mode } : {}),
    input,
    effects: result.effects.map(tracedEffect),
    notes: result.notes.map(({ promotion, reason }) => ({ promotion: promotion.id, reason })),
    children,
    cuts,
    splits,
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
  const index = benefitIndex(promotion, benefit);
  const { calculation } = promotion.stacking;
  return {
    promotion: promotion.id,
    benefit: benefit.kind,
    index,
    requested,
    applied,
    units,
    ...(calculation !== undefined && isPercentage(benefit) ? { calculation } : {}),
  };
}
