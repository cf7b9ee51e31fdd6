import { type Compiled, Problems } from './diagnostic.ts';
import type { RuleSetDocument } from './document.ts';
import { checkBounds } from './validate/bounds.ts';
import { checkCategories } from './validate/categories.ts';
import { checkCombinations } from './validate/combinations.ts';
import { checkDuplicates } from './validate/duplicates.ts';
import { type Names, resolveNames, type World } from './validate/names.ts';
import { checkPartners, checkPlaces } from './validate/places.ts';
import { checkPoints } from './validate/points.ts';
import { checkPromotions } from './validate/promotions.ts';

declare const valid: unique symbol;

/** A document whose names resolve and whose parts fit together. Only `validate` makes one. */
export interface ValidRuleSet {
  readonly [valid]: true;
  readonly document: RuleSetDocument;
  readonly names: Names;
  readonly world: World;
}

/** Stage 2: everything that can be wrong about a well-shaped document, at once. */
export function validate(
  document: RuleSetDocument,
  world: World,
  usedPointTypes: readonly string[] = [],
): Compiled<ValidRuleSet> {
  const problems = new Problems();
  checkDuplicates(document, problems);
  checkPlaces(document, problems);
  checkPartners(document, problems);
  checkPoints(document, problems);
  checkPromotions(document, problems);
  checkCategories(document, problems);
  checkCombinations(document, problems);
  checkBounds(document, problems);
  const declared = resolveNames(document, world, problems);
  const names =
    world === 'closed'
      ? declared
      : { ...declared, 'point-type': declared['point-type'].union(new Set(usedPointTypes)) };
  // The brand says that the checks above have run.
  return problems.close({ document, names, world } as unknown as ValidRuleSet);
}
