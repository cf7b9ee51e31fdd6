import type { PlaceFacts } from '../facts.ts';
import type { NormalPromotion, NormalRuleSet } from '../normal.ts';
import { placesOf } from '../places.ts';
import { regionLiterals } from './claim-facts.ts';

/** A place at which a checkout may happen, for all places that the rules do not tell apart. */
export interface Ground {
  /** What the checkout names as its store; `undefined`: it names none. */
  readonly store: string | undefined;
  readonly place: PlaceFacts;
}

/** One ground for every kind of place that the rules tell apart, and nowhere. */
export function groundsOf(rules: NormalRuleSet): readonly Ground[] {
  const mentioned = new Set(rules.promotions.flatMap(placesIn));
  const { placeOf } = placesOf(rules);
  const grounds = new Map<string, Ground>();
  for (const store of [undefined, ...rules.places.map(({ id }) => id)]) {
    // Only these two of a checkout are looked at.
    const place = placeOf({ store, partner: undefined } as Parameters<typeof placeOf>[0]);
    const path = place.path.filter((id) => mentioned.has(id));
    const kind = JSON.stringify([path, place.zone, place.partner, store === undefined]);
    if (!grounds.has(kind)) grounds.set(kind, { store, place });
  }
  return [...grounds.values()];
}

function placesIn({ regions, variants, body }: NormalPromotion): readonly string[] {
  const bodies = [body, ...variants.map((one) => one.body)];
  return [
    ...(regions?.in ?? []),
    ...(regions?.except ?? []),
    ...variants.map(({ place }) => place),
    ...bodies.flatMap(({ when }) => regionLiterals(when)),
  ];
}
