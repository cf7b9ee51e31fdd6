import { minorUnits } from '../../money/units.ts';
import {
  anyPercent,
  decimal,
  fixedPoint,
  id,
  money,
  percent,
  text,
  word,
} from '../shape/scalars.ts';
import { type Decoded, defaulted, list, optional, record, required } from '../shape/structures.ts';
import { geoPoint } from './area.ts';
import { moment, zone } from './time.ts';

const PARTNER_PRODUCTS_MAX = 100_000;
const PARTNER_CAPS_MAX = 16;

const placeCurrency = record({
  code: required(id, "ISO 4217; it has as many decimal places as the programme's"),
  rate: required(decimal, "units of it that are worth one unit of the programme's currency"),
});

const PLACE = {
  id: required(id, 'the name'),
  title: optional(text(), 'what people call it; no effect'),
  kind: required(word(['country', 'zone', 'region', 'store']), 'its level'),
  parent: optional(id, 'the place that contains it'),
  zone: optional(zone, 'its IANA time zone; inherited'),
  partner: optional(id, 'the partner that runs it; inherited'),
  currency: optional(placeCurrency, 'what is paid there, if another; inherited'),
  location: optional(geoPoint, 'where it is'),
};

/** A place of the tree country → zone → region → store. */
export const place = record(PLACE);
export type DocumentPlace = Decoded<typeof PLACE>;

const product = record({
  sku: optional(id, 'the article; or a category'),
  category: optional(id, 'every article of the category'),
  percent: required(percent, 'the discount'),
});

const accepted = record({
  sku: optional(id, 'the article; or a category'),
  category: optional(id, 'every article of the category'),
  percent: {
    ...defaulted(percent, 1_000_000, 'percent of its price that points may pay'),
    shown: '100',
  },
  points: optional(
    fixedPoint({ places: 6, min: 0, max: 1_000_000_000_000 }),
    'points that may pay for one unit',
  ),
});

const accepts = record({
  percent: {
    ...defaulted(percent, 1_000_000, 'percent of every price that points may pay'),
    shown: '100',
  },
  products: defaulted(
    list(accepted, { max: PARTNER_PRODUCTS_MAX }),
    [],
    'products with a percentage of their own; the first that matches decides',
  ),
});

const cap = record({
  of: required(word(['issued', 'accepted']), 'points that it gives, or takes as payment'),
  type: optional(id, 'the point type; default the first standard type'),
  points: required(decimal, 'the most, over all members'),
  per: defaulted(
    word(['ever', 'day', 'week', 'month', 'year']),
    'ever',
    "counted per period of the programme's calendar",
  ),
});

const PARTNER = {
  id: required(id, 'the name'),
  title: optional(text(), 'what people call it; no effect'),
  roles: defaulted(
    list(word(['issuer', 'acceptor', 'manufacturer']), { max: 3 }),
    ['issuer', 'acceptor'],
    'what it does in the programme; default issuer and acceptor',
  ),
  since: optional(moment, 'its benefits are inactive before'),
  reward: optional(
    record({ percent: required(anyPercent, 'percent of the price, as points') }),
    'what it gives on everything',
  ),
  products: defaulted(
    list(product, { max: PARTNER_PRODUCTS_MAX }),
    [],
    'its terms for `partner-discount`; the first that matches decides',
  ),
  accepts: optional(accepts, 'how far points pay for what it sells; default all of it'),
  caps: defaulted(
    list(cap, { max: PARTNER_CAPS_MAX }),
    [],
    'the most points that it gives or takes, all members together',
  ),
  block: optional(
    record({
      balance: required(money, 'prepaid balance in minor units'),
      perPoint: required(decimal, 'minor units that one point costs'),
      alertBelow: defaulted(money, minorUnits(0), 'warn below this balance'),
    }),
    'of a prepaid partner',
  ),
};

export const partner = record(PARTNER);
export type DocumentPartner = Decoded<typeof PARTNER>;
