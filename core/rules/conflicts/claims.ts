import { decidingBenefits } from '../../arbitration/benefits.ts';
import type { Benefit } from '../benefit.ts';
import { holds } from '../conditions/holds.ts';
import type { NormalPromotion, NormalRuleSet, PromotionBody } from '../normal.ts';
import { runsAt } from '../regions.ts';
import { PLACE_FACTS } from './claim-facts.ts';
import { type Ground, groundsOf } from './grounds.ts';
import {
  type ByFact,
  byFact,
  type Conjunct,
  conjunctsOf,
  type Literal,
  together,
} from './literals.ts';
import { canHold, domainOf, lineDomainOf } from './values.ts';

/** What a promotion claims: at which places, in which of its bodies, under which conditions. */
export interface Claim {
  readonly promotion: NormalPromotion;
  readonly body: PromotionBody;
  /** Ways in which its conditions come true; those that never do are left out. */
  readonly cases: readonly ClaimCase[];
  readonly benefits: readonly ClaimedBenefit[];
  /** False when the conditions come true in more ways than were looked at. */
  readonly isExact: boolean;
}

export interface ClaimCase {
  /** Bit n: ground n. */
  readonly grounds: bigint;
  readonly facts: ByFact;
}

export interface ClaimedBenefit {
  readonly benefit: Benefit;
  /** Ways in which one line passes all its scopes; `undefined` when there are too many. */
  readonly lines: readonly ByFact[] | undefined;
}

/** Everything that all promotions of a rule set claim. */
export interface Claims {
  readonly rules: NormalRuleSet;
  readonly grounds: readonly Ground[];
  /** By position; one claim for every body of the promotion that some place sees. */
  readonly of: readonly (readonly Claim[])[];
}

export function claimsOf(rules: NormalRuleSet): Claims {
  const grounds = groundsOf(rules);
  return { rules, grounds, of: rules.promotions.map((one) => claimsOfOne(one, grounds)) };
}

function claimsOfOne(promotion: NormalPromotion, grounds: readonly Ground[]): readonly Claim[] {
  const bits = new Map<PromotionBody, bigint>();
  for (const [at, { place }] of grounds.entries()) {
    if (!runsAt(promotion.regions, place.path)) continue;
    const variant = place.path
      .map((id) => promotion.variants.find((one) => one.place === id))
      .find((one) => one !== undefined);
    const body = variant?.body ?? promotion.body;
    bits.set(body, (bits.get(body) ?? 0n) | (1n << BigInt(at)));
  }
  return [...bits].map(([body, places]) => claimOf(promotion, body, { places, grounds }));
}

function claimOf(
  promotion: NormalPromotion,
  body: PromotionBody,
  { places, grounds }: { places: bigint; grounds: readonly Ground[] },
): Claim {
  const ways = conjunctsOf(body.when);
  const cases = (ways ?? [[]]).flatMap((way) => caseOf(way, body, { places, grounds }));
  const benefits = decidingBenefits(body).map(claimedBenefit);
  return { promotion, body, cases, benefits, isExact: ways !== undefined };
}

function caseOf(
  way: Conjunct,
  { channels }: PromotionBody,
  { places, grounds }: { places: bigint; grounds: readonly Ground[] },
): readonly ClaimCase[] {
  // A checkout is no event: it has no facts of one.
  const events = way.filter(({ fact }) => fact.startsWith('event.'));
  if (events.some((one) => one.holds)) return [];
  const here = way.filter(({ fact }) => PLACE_FACTS.includes(fact));
  const left = groundsPassing(here, places, grounds);
  if (left === 0n) return [];
  const others = way.filter((one) => !events.includes(one) && !here.includes(one));
  const test = { operator: 'in', values: channels } as const;
  const channel: Literal = { fact: 'channel', test, holds: true };
  const facts = byFact(channels.length === 0 ? others : [...others, channel]);
  for (const [fact, literals] of facts) if (canHold(literals, domainOf(fact)) === false) return [];
  return [{ grounds: left, facts }];
}

function groundsPassing(
  literals: readonly Literal[],
  places: bigint,
  grounds: readonly Ground[],
): bigint {
  if (literals.length === 0) return places;
  let left = 0n;
  for (const [at, { place }] of grounds.entries()) {
    const bit = 1n << BigInt(at);
    if ((places & bit) !== 0n && literals.every((one) => passesAt(one, place))) left |= bit;
  }
  return left;
}

function passesAt({ fact, test, holds: wanted }: Literal, place: Ground['place']): boolean {
  const value = fact === 'store' ? place.store : place.path;
  const isThere = value !== undefined && value.length > 0;
  return (isThere && holds(test, value)) === wanted;
}

function claimedBenefit(benefit: Benefit): ClaimedBenefit {
  const ways = together(benefit.lines.map(({ where }) => conjunctsOf(where)));
  const lines = ways
    ?.map(byFact)
    .filter((way) => [...way].every(([fact, one]) => canHold(one, lineDomainOf(fact)) !== false));
  return { benefit, lines };
}
