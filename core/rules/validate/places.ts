import { type Problems, quoted } from '../diagnostic.ts';
import type { DocumentPartner, DocumentPlace } from '../document/places.ts';
import type { RuleSetDocument } from '../document.ts';
import { decimalText } from '../shape/decimal.ts';

const LEVELS = ['country', 'zone', 'region', 'store'] as const;

/** Country → zone → region → store: a parent is of a higher level, so there is no loop. */
export function checkPlaces(document: RuleSetDocument, problems: Problems): void {
  const byId = new Map(document.places.map((place) => [place.id, place]));
  for (const [index, place] of document.places.entries()) {
    checkCurrency(place, `/places/${index}/currency`, problems);
    const parent = place.parent === undefined ? undefined : byId.get(place.parent);
    if (parent === undefined || level(parent) < level(place)) continue;
    problems.error({
      code: 'wrong-level',
      path: `/places/${index}/parent`,
      message:
        `the ${parent.kind} ${quoted(parent.id)} cannot contain ` +
        `the ${place.kind} ${quoted(place.id)}`,
      hint: `places go ${LEVELS.join(' → ')}`,
    });
  }
}

/** Finer or larger rates would make products beyond 2^53 of ordinary amounts. */
const RATE_DIGITS_MAX = 1_000_000_000;
const RATE_PLACES_MAX = 6;

function checkCurrency({ currency }: DocumentPlace, path: string, problems: Problems): void {
  if (currency === undefined) return;
  const { digits, places } = currency.rate;
  if (digits > 0 && digits <= RATE_DIGITS_MAX && places <= RATE_PLACES_MAX) return;
  problems.error({
    code: 'out-of-range',
    path: `${path}/rate`,
    message: `${quoted(decimalText(currency.rate))} is no rate of exchange`,
    hint: `write a number above 0 with at most ${RATE_PLACES_MAX} decimal places`,
  });
}

function level(place: DocumentPlace): number {
  return LEVELS.indexOf(place.kind);
}

/** Each product of a partner is one article or one category. */
export function checkPartners(document: RuleSetDocument, problems: Problems): void {
  for (const [index, partner] of document.partners.entries()) {
    const accepted = partner.accepts?.products ?? [];
    checkProducts(partner.products, `/partners/${index}/products`, problems);
    checkProducts(accepted, `/partners/${index}/accepts/products`, problems);
  }
}

function checkProducts(
  products: DocumentPartner['products'],
  path: string,
  problems: Problems,
): void {
  for (const [position, product] of products.entries()) {
    if ((product.sku === undefined) !== (product.category === undefined)) continue;
    problems.error({
      code: 'ambiguous-product',
      path: `${path}/${position}`,
      message: 'a product is named by either `sku` or `category`',
      hint: 'keep one of the two',
    });
  }
}
