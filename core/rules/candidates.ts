import type { ArbitrationInput } from '../arbitration/decision.ts';
import { addInto, type Bits, noBits, positionsInAll, setBit } from './candidates/bits.ts';
import { DIMENSIONS, type Dimension } from './candidates/dimensions.ts';
import { timelineOf } from './candidates/timeline.ts';
import type { Scalar } from './condition.ts';
import type { PlaceFacts } from './facts.ts';
import type { NormalRuleSet } from './normal.ts';

/**
 * Finds the promotions that may apply to a checkout, without looking at the others. It never
 * misses one that applies; those it finds still have all their conditions to pass.
 */
export interface CandidateIndex {
  /** Positions of promotions, ascending. */
  readonly lookup: (input: ArbitrationInput, place: PlaceFacts) => readonly number[];
  /** For people: by what, and how many promotions it tells apart. */
  readonly dimensions: readonly DimensionSummary[];
}

export interface DimensionSummary {
  readonly name: string;
  /** Promotions that require something of this dimension. */
  readonly promotions: number;
  /** Different values they require. */
  readonly values: number;
}

interface Posting {
  readonly dimension: Dimension;
  /** Promotions that do not care about this dimension. */
  readonly indifferent: Bits;
  /** Promotions that require a value: a list of few, or a set of many. */
  readonly byValue: ReadonlyMap<Scalar, readonly number[] | Bits>;
  /** Where one lookup puts the set of this dimension: made once, because lookups are many. */
  readonly scratch: Bits;
  readonly summary: DimensionSummary;
}

/** Stage 4: the index of a rule set. A dimension that tells nothing apart is left out. */
export function indexCandidates(rules: NormalRuleSet): CandidateIndex {
  const { promotions } = rules;
  // With `force`, a promotion counts although no line is selected: lines tell nothing then.
  const usable = DIMENSIONS.filter(
    ({ name }) => rules.settings.noEffect !== 'force' || (name !== 'sku' && name !== 'category'),
  );
  const postings = usable
    .map((dimension) => postingOf(dimension, rules))
    .filter(({ summary }) => summary.promotions > 0);
  const running = timelineOf(promotions);
  return {
    dimensions: postings.map(({ summary }) => summary),
    lookup: (input, place) =>
      positionsInAll([
        running(input.at, place.zone),
        ...postings.map((posting) => matching(posting, input, place)),
      ]),
  };
}

function postingOf(dimension: Dimension, { promotions }: NormalRuleSet): Posting {
  const indifferent = noBits(promotions.length);
  const lists = new Map<Scalar, number[]>();
  let caring = 0;
  for (const promotion of promotions) {
    const required = dimension.required(promotion);
    if (required === undefined) {
      setBit(indifferent, promotion.position);
      continue;
    }
    caring += 1;
    for (const value of required) {
      const list = lists.get(value) ?? [];
      list.push(promotion.position);
      lists.set(value, list);
    }
  }
  // A set costs one step a word, a list one step a promotion: each value gets the cheaper one.
  const byValue = new Map(
    [...lists].map(([value, list]) => [
      value,
      list.length <= indifferent.length ? list : bitsOf(list, promotions.length),
    ]),
  );
  const summary = { name: dimension.name, promotions: caring, values: lists.size };
  return { dimension, indifferent, byValue, scratch: noBits(promotions.length), summary };
}

function bitsOf(positions: readonly number[], count: number): Bits {
  const bits = noBits(count);
  for (const position of positions) setBit(bits, position);
  return bits;
}

function matching(
  { dimension, indifferent, byValue, scratch }: Posting,
  input: ArbitrationInput,
  place: PlaceFacts,
): Bits {
  scratch.set(indifferent);
  for (const value of dimension.given(input, place)) {
    const found = byValue.get(value);
    if (found === undefined) continue;
    if (found instanceof Uint32Array) addInto(scratch, found);
    else for (const position of found) setBit(scratch, position);
  }
  return scratch;
}
