import { type Anchor, AnchorMap, anchorsOf, needsOfLines } from '../../arbitration/anchors.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { NormalPromotion } from '../normal.ts';
import { type Bits, noBits, setBit } from './bits.ts';
import { type DimensionSummary, type Found, foundOf, Gathering } from './postings.ts';

/** The promotions by what they need to find among the lines of a checkout. */
export class LinePostings {
  /** One a property that lines are found by. */
  readonly summaries: readonly DimensionSummary[];
  readonly #gathering: Gathering;
  readonly #byAnchor = new AnchorMap<Found>();

  /** `everything`: also what a failing promotion would give another reason for. */
  constructor(promotions: readonly NormalPromotion[], everything: boolean) {
    const lists = new Map<Anchor, number[]>();
    const indifferent = noBits(promotions.length);
    for (const promotion of promotions) {
      const anchors = linesNeeded(promotion, everything);
      if (anchors === undefined) setBit(indifferent, promotion.position);
      for (const anchor of anchors ?? []) {
        const list = lists.get(anchor);
        if (list === undefined) lists.set(anchor, [promotion.position]);
        else list.push(promotion.position);
      }
    }
    for (const [anchor, list] of lists) {
      this.#byAnchor.set(anchor, foundOf(list, promotions.length));
    }
    this.#gathering = new Gathering(indifferent);
    this.summaries = summariesOf(lists);
  }

  at(lines: readonly OrderLine[]): Bits {
    for (const line of lines) this.#byAnchor.visit(line, this.#gathering);
    return this.#gathering.end();
  }
}

/** Whichever body counts: a line has to have what one of them needs. */
export function linesNeeded(
  { body, variants }: NormalPromotion,
  everything: boolean,
): ReadonlySet<Anchor> | undefined {
  const of = everything ? needsOfLines : anchorsOf;
  const all = of(body);
  if (all === undefined || variants.length === 0) return all;
  const union = new Set(all);
  for (const variant of variants) {
    const own = of(variant.body);
    if (own === undefined) return undefined;
    for (const anchor of own) union.add(anchor);
  }
  return union;
}

function summariesOf(lists: ReadonlyMap<Anchor, readonly number[]>): readonly DimensionSummary[] {
  const byFact = new Map<string, { promotions: Set<number>; values: number }>();
  for (const [anchor, positions] of lists) {
    const fact = anchor.slice(0, anchor.indexOf(':'));
    const known = byFact.get(fact) ?? { promotions: new Set(), values: 0 };
    for (const position of positions) known.promotions.add(position);
    known.values += 1;
    byFact.set(fact, known);
  }
  return [...byFact].map(([fact, { promotions, values }]) => ({
    name: `line.${fact}`,
    promotions: promotions.size,
    values,
  }));
}
