import type { ArbitrationInput } from '../arbitration/decision.ts';
import { type Bits, copyInto, keepOnly, noBits, positionsIn } from './candidates/bits.ts';
import { CONDITION_DIMENSIONS, type Dimension, PLACE_DIMENSIONS } from './candidates/dimensions.ts';
import { LinePostings } from './candidates/lines.ts';
import { PlaceSets, type Told } from './candidates/place-sets.ts';
import { type DimensionSummary, Postings } from './candidates/postings.ts';
import { Situations } from './candidates/situations.ts';
import { Timeline } from './candidates/timeline.ts';
import type { PlaceFacts } from './facts.ts';
import type { NormalPromotion, NormalRuleSet } from './normal.ts';

/**
 * Finds the promotions that may apply to a checkout, without looking at the others. It never
 * misses one that applies; those it finds still have all their conditions to pass, but for place
 * and channel, which it knows exactly.
 */
export interface CandidateIndex {
  /**
   * Positions of promotions, ascending. `running` receives those that run at the place, in the
   * channel and at the time, whatever is in the lines.
   */
  readonly lookup: (
    input: ArbitrationInput,
    place: PlaceFacts,
    running?: Bits,
  ) => readonly number[];
  /** For people: by what, and how many promotions it tells apart. */
  readonly dimensions: readonly DimensionSummary[];
}

export interface IndexOptions {
  /**
   * True leaves out only promotions whose reason is known without looking at them: place,
   * channel, time and lines. For those who owe a reason for every promotion.
   */
  readonly plainReasons?: boolean;
}

/** Stage 4: the index of a rule set. A dimension that tells nothing apart is left out. */
export function indexCandidates(
  { promotions }: NormalRuleSet,
  { plainReasons = false }: IndexOptions = {},
): CandidateIndex {
  const situations = new Situations(promotions);
  const timeline = new Timeline(promotions);
  const lines = new LinePostings(promotions, !plainReasons);
  const ofPlace = plainReasons ? [] : toldBy(PLACE_DIMENSIONS, promotions);
  const conditions = plainReasons ? [] : toldBy(CONDITION_DIMENSIONS, promotions);
  const places = new PlaceSets(situations, ofPlace);
  const summaries = [
    ...situations.summaries,
    timeline.summary,
    ...lines.summaries,
    ...[...ofPlace, ...conditions].map(({ postings }) => postings.summary),
  ];
  const found = noBits(promotions.length);
  return {
    dimensions: summaries.filter((summary) => summary.promotions > 0),
    lookup: (input, place, running) => {
      copyInto(found, places.at(input, place));
      keepOnly(found, timeline.at(input.at, place.zone));
      if (running !== undefined) copyInto(running, found);
      keepOnly(found, lines.at(input.checkout.lines));
      for (const { give, postings } of conditions) {
        give(postings, input, place);
        keepOnly(found, postings.end());
      }
      return positionsIn(found);
    },
  };
}

/** The dimensions by which promotions differ. */
function toldBy(
  dimensions: readonly Dimension[],
  promotions: readonly NormalPromotion[],
): readonly Told[] {
  return dimensions
    .map(({ name, required, give }) => ({
      give,
      postings: new Postings(name, promotions.map(required)),
    }))
    .filter(({ postings }) => postings.summary.promotions > 0);
}
