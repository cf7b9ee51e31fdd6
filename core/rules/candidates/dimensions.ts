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
  readonly give: Give;
}

type Give = (to: Postings, input: ArbitrationInput, place: PlaceFacts) => void;

/** Whichever body counts at a place: a checkout needs what one of them requires. */
export function ofBodies(
  promotion: NormalPromotion,
  of: (body: PromotionBody) => Required,
): Required {
  return union([promotion.body, ...promotion.variants.map(({ body }) => body)].map(of));
}

function asked(name: string, fact: string, give: Give): Dimension {
  const required = (promotion: NormalPromotion) =>
    ofBodies(promotion, ({ when }) => requiredBy(when, fact));
  return { name, required, give };
}

function addAll(to: Postings, values: readonly string[]): void {
  for (let at = 0; at < values.length; at += 1) addOne(to, values[at]);
}

function addOne(to: Postings, value: string | undefined): void {
  if (value !== undefined) to.add(value);
}

function addSegments(to: Postings, { member }: ArbitrationInput): void {
  if (member === undefined) return;
  const { segments } = member;
  if (Array.isArray(segments)) addAll(to, segments);
  else for (const segment of segments) to.add(segment);
}

function addTiers(to: Postings, { member }: ArbitrationInput): void {
  if (member === undefined || member.tiers.size === 0) return;
  for (const tier of member.tiers.values()) to.add(tier);
}

/** Conditions that name a value outright. All others are asked of each candidate. */
export const CONDITION_DIMENSIONS: readonly Dimension[] = [
  asked('code', 'codes', (to, { checkout }) => addAll(to, checkout.codes)),
  asked('segment', 'member.segments', addSegments),
  asked('tier', 'member.tier', addTiers),
  asked('tender', 'tender', (to, { checkout }) => addOne(to, checkout.tender)),
];

/** Of them, those that name a place: nothing of the checkout matters but where it happens. */
export const PLACE_DIMENSIONS: readonly Dimension[] = [
  asked('partner', 'partner', (to, _, { partner }) => addOne(to, partner)),
  asked('store', 'store', (to, _, { store }) => addOne(to, store)),
  asked('region', 'region', (to, _, { path }) => addAll(to, path)),
];
