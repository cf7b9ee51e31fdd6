import { pointer } from '../diagnostic.ts';
import type { DocumentBenefit } from '../document/benefit.ts';
import type { DocumentPromotion } from '../document/promotion.ts';
import type { RuleSetDocument } from '../document.ts';
import { bodiesOf, type DocumentFact, factsOf, factsOfBody, promotionsBelow } from '../walk.ts';

export type ReferenceKind = 'place' | 'partner' | 'point-type' | 'category' | 'tier-group' | 'tier';

/** A name used somewhere in the document, and where. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly id: string;
  readonly path: string;
}

/** Every use of a declared name. */
export function* referencesIn(document: RuleSetDocument): Generator<Reference> {
  yield* declarationReferences(document);
  if (document.arbitration === undefined) return;
  for (const promotion of promotionsBelow(document.arbitration)) {
    yield* promotionReferences(promotion);
  }
}

function* declarationReferences(document: RuleSetDocument): Generator<Reference> {
  for (const [index, place] of document.places.entries()) {
    const path = `/places/${index}`;
    if (place.parent !== undefined) {
      yield { kind: 'place', id: place.parent, path: `${path}/parent` };
    }
    if (place.partner !== undefined) {
      yield { kind: 'partner', id: place.partner, path: `${path}/partner` };
    }
  }
  for (const [index, { excludes, when }] of (document.program?.categories ?? []).entries()) {
    for (const [position, id] of excludes.entries()) {
      const path = `/program/categories/${index}/excludes/${position}`;
      yield { kind: 'category', id, path };
    }
    for (const fact of factsOf(when)) yield* factReferences(fact);
  }
  for (const [index, { caps }] of document.partners.entries()) {
    for (const [position, { type }] of caps.entries()) {
      if (type === undefined) continue;
      yield { kind: 'point-type', id: type, path: `/partners/${index}/caps/${position}/type` };
    }
  }
  for (const [index, type] of document.pointTypes.entries()) {
    if (type.tierGroup === undefined) continue;
    yield { kind: 'tier-group', id: type.tierGroup, path: `/pointTypes/${index}/tierGroup` };
  }
  for (const [index, group] of document.tierGroups.entries()) {
    yield { kind: 'point-type', id: group.points, path: `/tierGroups/${index}/points` };
  }
}

function* promotionReferences(promotion: DocumentPromotion): Generator<Reference> {
  const { regions, stacking, path } = promotion;
  for (const list of ['in', 'except'] as const) {
    for (const [index, id] of (regions?.[list] ?? []).entries()) {
      yield { kind: 'place', id, path: `${path}/regions/${list}/${index}` };
    }
  }
  for (const { place } of promotion.variants) {
    yield { kind: 'place', id: place, path: pointer(`${path}/regions/with`, place) };
  }
  if (stacking !== undefined) {
    yield { kind: 'category', id: stacking.category, path: `${path}/stacking/category` };
  }
  for (const body of bodiesOf(promotion)) {
    for (const fact of factsOfBody(body)) yield* factReferences(fact);
    for (const benefit of body.benefits.list) yield* benefitReferences(benefit);
  }
}

const FACT_KINDS: Readonly<Record<string, ReferenceKind>> = {
  partner: 'partner',
  'member.partners': 'partner',
  'line.partner': 'partner',
  store: 'place',
  region: 'place',
  'member.tier': 'tier',
};

function* factReferences(fact: DocumentFact): Generator<Reference> {
  const { path } = fact;
  if (fact.fact.startsWith('member.points.')) {
    yield { kind: 'point-type', id: fact.fact.slice('member.points.'.length), path };
  }
  const isTierOfGroup = fact.fact.startsWith('member.tier.');
  if (isTierOfGroup) {
    yield { kind: 'tier-group', id: fact.fact.slice('member.tier.'.length), path };
  }
  const kind = isTierOfGroup ? 'tier' : FACT_KINDS[fact.fact];
  if (kind === undefined) return;
  for (const id of namesIn(fact.test)) yield { kind, id, path };
}

function namesIn(test: DocumentFact['test']): readonly string[] {
  switch (test.operator) {
    case 'is':
    case 'has':
      return [String(test.value)];
    case 'in':
      return test.values.map(String);
    case 'tier-rank':
      return [test.tier];
    default:
      return [];
  }
}

function* benefitReferences(benefit: DocumentBenefit): Generator<Reference> {
  const path = pointer(benefit.path, benefit.kind);
  const given = benefit.arguments;
  if ('type' in given && given.type !== undefined) {
    yield { kind: 'point-type', id: given.type, path: `${path}/type` };
  }
  if ('partner' in given && given.partner !== undefined) {
    yield { kind: 'partner', id: given.partner, path: `${path}/partner` };
  }
}
