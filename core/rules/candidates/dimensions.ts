import type { ArbitrationInput } from '../../arbitration/decision.ts';
import type { PlaceFacts } from '../facts.ts';
import type { NormalPromotion, PromotionBody } from '../normal.ts';
import type { Postings } from './postings.ts';
import { type Required, requiredBy, union } from './requirement.ts';

/** What candidates are looked up by: one thing that checkouts have and conditions ask for. */
export interface Dimension {
  readonly name: string;
  /** What a promotion requires; `undefined` when it does not care. */
  readonly required: (promotion: NormalPromotion) => Required;
  /** Adds what a checkout has. */
  readonly give: (to: Postings, input: ArbitrationInput, place: PlaceFacts) => void;
}

/** Whichever body counts at a place: a checkout needs what one of them requires. */
export function ofBodies(
  promotion: NormalPromotion,
  of: (body: PromotionBody) => Required,
): Required {
  return union([promotion.body, ...promotion.variants.map(({ body }) => body)].map(of));
}

function asked(name: string, fact: string, give: Dimension['give']): Dimension {
  const required = (promotion: NormalPromotion) =>
    ofBodies(promotion, ({ when }) => requiredBy(when, fact));
  return { name, required, give };
}

function addAll(to: Postings, values: Iterable<string> | undefined): void {
  if (values !== undefined) for (const value of values) to.add(value);
}

function addOne(to: Postings, value: string | undefined): void {
  if (value !== undefined) to.add(value);
}

/** Conditions that name a value outright. All others are asked of each candidate. */
export const CONDITION_DIMENSIONS: readonly Dimension[] = [
  asked('code', 'codes', (to, { checkout }) => addAll(to, checkout.codes)),
  asked('partner', 'partner', (to, _, { partner }) => addOne(to, partner)),
  asked('segment', 'member.segments', (to, { member }) => addAll(to, member?.segments)),
  asked('tier', 'member.tier', (to, { member }) => addAll(to, member?.tiers.values())),
  asked('store', 'store', (to, _, { store }) => addOne(to, store)),
  asked('region', 'region', (to, _, { path }) => addAll(to, path)),
  asked('tender', 'tender', (to, { checkout }) => addOne(to, checkout.tender)),
];
