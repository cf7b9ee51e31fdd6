import type { ArbitrationInput } from '../../arbitration/decision.ts';
import type { Benefit, BenefitKind } from '../benefit.ts';
import type { Scalar } from '../condition.ts';
import type { PlaceFacts } from '../facts.ts';
import type { NormalPromotion, PromotionBody } from '../normal.ts';
import { type Required, requiredBy, requiredByLines, smallest, union } from './requirement.ts';

/** What candidates are looked up by: one thing that checkouts have and promotions ask for. */
export interface Dimension {
  readonly name: string;
  /** What a promotion requires; `undefined` when it does not care. */
  readonly required: (promotion: NormalPromotion) => Required;
  /** What a checkout has. */
  readonly given: (input: ArbitrationInput, place: PlaceFacts) => Iterable<Scalar>;
}

/** The most selective first: they empty the set of candidates soonest. */
export const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'code',
    required: (promotion) => ofBodies(promotion, (body) => requiredBy(body.when, 'codes')),
    given: (input) => input.checkout.codes,
  },
  {
    name: 'sku',
    required: (promotion) => ofBodies(promotion, (body) => ofLines(body, 'sku')),
    given: (input) => input.checkout.lines.map((line) => line.sku),
  },
  {
    name: 'category',
    required: (promotion) => ofBodies(promotion, (body) => ofLines(body, 'category')),
    given: (input) => input.checkout.lines.flatMap((line) => line.category),
  },
  {
    name: 'place',
    required: (promotion) =>
      smallest([
        ofRegions(promotion),
        ofBodies(promotion, ({ when }) =>
          smallest([requiredBy(when, 'store'), requiredBy(when, 'region')]),
        ),
      ]),
    given: (_, place) => (place.store === undefined ? place.path : [place.store, ...place.path]),
  },
  {
    name: 'partner',
    required: (promotion) => ofBodies(promotion, (body) => requiredBy(body.when, 'partner')),
    given: (_, { partner }) => (partner === undefined ? [] : [partner]),
  },
  {
    name: 'segment',
    required: (promotion) =>
      ofBodies(promotion, (body) => requiredBy(body.when, 'member.segments')),
    given: (input) => input.member?.segments ?? [],
  },
  {
    name: 'tier',
    required: (promotion) => ofBodies(promotion, (body) => requiredBy(body.when, 'member.tier')),
    given: (input) => input.member?.tiers.values() ?? [],
  },
  {
    name: 'channel',
    required: (promotion) =>
      ofBodies(promotion, (body) =>
        smallest([
          body.channels.length === 0 ? undefined : new Set(body.channels),
          requiredBy(body.when, 'channel'),
        ]),
      ),
    given: ({ checkout: { channel } }) => (channel === undefined ? [] : [channel]),
  },
];

/** Whichever body counts at a place: a checkout needs what one of them requires. */
function ofBodies(promotion: NormalPromotion, of: (body: PromotionBody) => Required): Required {
  return union([promotion.body, ...promotion.variants.map(({ body }) => body)].map(of));
}

function ofRegions({ regions }: NormalPromotion): Required {
  return regions === undefined || regions.in.length === 0 ? undefined : new Set(regions.in);
}

/** A line that the `when` asks for, or one that every benefit needs. */
function ofLines(body: PromotionBody, fact: 'sku' | 'category'): Required {
  return smallest([
    requiredBy(body.when, `line.${fact}`),
    union(body.benefits.map((benefit) => ofBenefit(benefit, fact))),
  ]);
}

/** These do something even when no line is selected. */
const WITHOUT_LINES: readonly BenefitKind[] = ['text', 'issue-code', 'top-up'];

function ofBenefit(benefit: Benefit, fact: 'sku' | 'category'): Required {
  if (benefit.target !== 'lines' || WITHOUT_LINES.includes(benefit.kind)) return undefined;
  return requiredByLines(benefit.lines, fact);
}
