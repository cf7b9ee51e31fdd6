import { type Problems, quoted } from '../diagnostic.ts';
import type { DocumentPlace } from '../document/places.ts';
import type { RuleSetDocument } from '../document.ts';

const LEVELS = ['country', 'zone', 'region', 'store'] as const;

/** Country → zone → region → store: a parent is of a higher level, so there is no loop. */
export function checkPlaces(document: RuleSetDocument, problems: Problems): void {
  const byId = new Map(document.places.map((place) => [place.id, place]));
  for (const [index, place] of document.places.entries()) {
    const parent = place.parent === undefined ? undefined : byId.get(place.parent);
    if (parent === undefined || level(parent) < level(place)) continue;
    problems.error({
      code: 'wrong-level',
      path: `/places/${index}/parent`,
      message: `the ${parent.kind} ${quoted(parent.id)} cannot contain the ${place.kind} ${quoted(place.id)}`,
      hint: `places go ${LEVELS.join(' → ')}`,
    });
  }
}

function level(place: DocumentPlace): number {
  return LEVELS.indexOf(place.kind);
}

/** Each product of a partner is one article or one category. */
export function checkPartners(document: RuleSetDocument, problems: Problems): void {
  for (const [index, partner] of document.partners.entries()) {
    for (const [position, product] of partner.products.entries()) {
      if ((product.sku === undefined) !== (product.category === undefined)) continue;
      problems.error({
        code: 'ambiguous-product',
        path: `/partners/${index}/products/${position}`,
        message: 'a product is named by either `sku` or `category`',
        hint: 'keep one of the two',
      });
    }
  }
}
