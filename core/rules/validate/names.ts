import { type Problems, quoted } from '../diagnostic.ts';
import type { RuleSetDocument } from '../document.ts';
import { nearest } from '../shape/nearest.ts';
import { type ReferenceKind, referencesIn } from './references.ts';

/** Every name that exists, declared or (in an open world) declared by use. */
export type Names = Readonly<Record<ReferenceKind, ReadonlySet<string>>>;

/** What a rule set may leave undeclared. A fixture's world is open, a deployment's is closed. */
export type World = 'open' | 'closed';

/** The point type of a document that declares none. */
export const DEFAULT_POINT_TYPE = 'main';
export const BUILT_IN_CATEGORIES = ['common', 'never', 'always'] as const;

/** A use alone declares these in an open world. A category's limit has to be stated. */
const DECLARED_BY_USE: readonly ReferenceKind[] = ['place', 'partner', 'point-type', 'tier'];

const SECTION: Readonly<Record<ReferenceKind, string>> = {
  place: 'places',
  partner: 'partners',
  'point-type': 'pointTypes',
  category: 'program.categories',
  'tier-group': 'tierGroups',
  tier: 'tierGroups',
};

/** Resolves every use of a name, and reports those that lead nowhere. */
export function resolveNames(document: RuleSetDocument, world: World, problems: Problems): Names {
  const names = declaredNames(document);
  for (const { kind, id, path } of referencesIn(document)) {
    if (names[kind].has(id)) continue;
    if (world === 'open' && DECLARED_BY_USE.includes(kind)) {
      names[kind].add(id);
      continue;
    }
    const guess = nearest(id, [...names[kind]]);
    problems.error({
      code: `unknown-${kind}`,
      path,
      message: `the ${kind.replace('-', ' ')} ${quoted(id)} is not declared`,
      hint:
        guess === undefined
          ? `declare it under \`${SECTION[kind]}\``
          : `did you mean \`${guess}\`?`,
    });
  }
  return names;
}

function declaredNames(document: RuleSetDocument): Record<ReferenceKind, Set<string>> {
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  const types = ids(document.pointTypes);
  return {
    place: new Set(ids(document.places)),
    partner: new Set(ids(document.partners)),
    'point-type': new Set(types.length === 0 ? [DEFAULT_POINT_TYPE] : types),
    category: new Set([...BUILT_IN_CATEGORIES, ...ids(document.program?.categories ?? [])]),
    'tier-group': new Set(ids(document.tierGroups)),
    tier: new Set(document.tierGroups.flatMap((group) => ids(group.tiers))),
  };
}
