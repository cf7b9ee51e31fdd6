import type { Place } from '../arbitration/tree.ts';
import type { Checkout } from '../transaction/transaction.ts';
import type { PlaceFacts } from './facts.ts';
import type { NormalPlace, NormalRuleSet } from './normal.ts';

/** Where things happen: lookups over the places of a rule set. */
export interface Places {
  /** A declared place by its id; whatever its kind, checkouts name it as their store. */
  readonly place: (store: string) => Place | undefined;
  /** Where a checkout happens. An unknown store has an empty path. */
  readonly placeOf: (checkout: Checkout) => PlaceFacts;
}

export function placesOf(rules: NormalRuleSet): Places {
  const byId = new Map(rules.places.map((place) => [place.id, place]));
  const known = new Map(rules.places.map((place) => [place.id, factsAt(place, byId)] as const));
  const { zone } = rules.programme;
  return {
    place: (store) => {
      const found = known.get(store);
      return found === undefined
        ? undefined
        : {
            store,
            region: found.region,
            country: found.country,
            partner: found.partner,
            zone: found.zone,
            currency: found.currency?.code ?? rules.programme.currency,
          };
    },
    placeOf: ({ store, partner }) => {
      const found = store === undefined ? undefined : known.get(store);
      if (found === undefined) return unknownPlace(store, partner, zone);
      return partner === undefined || partner === found.partner ? found : { ...found, partner };
    },
  };
}

function factsAt(place: NormalPlace, byId: ReadonlyMap<string, NormalPlace>): PlaceFacts {
  const nearest = (kind: NormalPlace['kind']) =>
    place.path.find((id) => byId.get(id)?.kind === kind);
  return {
    store: place.id,
    region: nearest('region'),
    country: nearest('country'),
    partner: place.partner,
    zone: place.zone,
    currency: place.currency,
    path: place.path,
  };
}

/** One path for all unknown places, so that what is remembered by path is found again. */
const NOWHERE = { region: undefined, country: undefined, currency: undefined, path: [] };

function unknownPlace(
  store: string | undefined,
  partner: string | undefined,
  zone: string,
): PlaceFacts {
  return { ...NOWHERE, store, partner, zone };
}
