import { compareText } from '../canonical.ts';
import type { DocumentPlace } from '../document/places.ts';
import type { NormalPartner, NormalPlace, PlaceCurrency } from '../normal.ts';
import type { ValidRuleSet } from '../validate.ts';
import { type Scales, steps } from './scale.ts';

/** Places with everything they inherit: the most specific one that says something wins. */
export function normalPlaces(rules: ValidRuleSet): readonly NormalPlace[] {
  const { document, names } = rules;
  const zone = document.program?.timezone ?? 'UTC';
  const declared = new Map(document.places.map((place) => [place.id, place]));
  const places = [...names.place].map((id) => {
    const place = declared.get(id) ?? placeByUse(id);
    const line = [...ancestors(place, declared)];
    return {
      id,
      kind: place.kind,
      parent: place.parent,
      zone: line.find((one) => one.zone !== undefined)?.zone ?? zone,
      partner: line.find((one) => one.partner !== undefined)?.partner,
      currency: currencyOf(line.find((one) => one.currency !== undefined)),
      location: place.location,
      path: line.map((one) => one.id),
    };
  });
  return places.sort((left, right) => compareText(left.id, right.id));
}

function currencyOf(place: DocumentPlace | undefined): PlaceCurrency | undefined {
  if (place?.currency === undefined) return undefined;
  const { code, rate } = place.currency;
  return { code, rate: { numerator: rate.digits, denominator: 10 ** rate.places } };
}

/** The place itself first. It ends, because `validate` checked that parents are of higher level. */
function* ancestors(
  place: DocumentPlace,
  declared: ReadonlyMap<string, DocumentPlace>,
): Generator<DocumentPlace> {
  yield place;
  const parent = place.parent === undefined ? undefined : declared.get(place.parent);
  if (parent !== undefined) yield* ancestors(parent, declared);
}

/** A place that a fixture only uses. */
function placeByUse(id: string): DocumentPlace {
  return {
    id,
    title: undefined,
    kind: 'region',
    parent: undefined,
    zone: undefined,
    partner: undefined,
    currency: undefined,
    location: undefined,
  };
}

export function normalPartners(
  { document, names }: ValidRuleSet,
  scales: Scales,
): readonly NormalPartner[] {
  const declared = document.partners.map(({ title: _, block, ...partner }) => ({
    ...partner,
    roles: [...new Set(partner.roles)].sort(compareText),
    accepts: partner.accepts && {
      ...partner.accepts,
      products: partner.accepts.products.map(({ points: pointsPerUnit, ...product }) => {
        return { ...product, pointsPerUnit };
      }),
    },
    caps: partner.caps.map(({ type = scales.defaultType, points, ...cap }) => {
      return { ...cap, type, points: steps(points, scales.precisionOf(type)) };
    }),
    block:
      block === undefined
        ? undefined
        : { ...block, perPoint: block.perPoint.digits / 10 ** block.perPoint.places },
  }));
  const known = new Set(declared.map(({ id }) => id));
  const byUse = [...names.partner].filter((id) => !known.has(id)).map(partnerByUse);
  return [...declared, ...byUse].sort((left, right) => compareText(left.id, right.id));
}

function partnerByUse(id: string): NormalPartner {
  return {
    id,
    roles: ['acceptor', 'issuer'],
    since: undefined,
    reward: undefined,
    products: [],
    accepts: undefined,
    caps: [],
    block: undefined,
  };
}
