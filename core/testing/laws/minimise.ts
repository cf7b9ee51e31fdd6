import type { Law, LawCase } from './law.ts';

/** Rounds over a counterexample; each round tries to leave out every single part of it. */
const ROUNDS_MAX = 20;

/** Leaves out whatever a counterexample can do without, so that a person can read it. */
export function minimised(law: Law, found: LawCase): LawCase {
  let best: LawCase = structuredClone(found);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = JSON.stringify(best);
    for (const path of pathsOf(best).reverse()) {
      const smaller = without(best, path);
      if (smaller !== undefined && breaks(law, smaller)) best = smaller;
    }
    if (JSON.stringify(best) === before) return best;
  }
  return best;
}

/** Whether a case is one, and breaks the law. */
export function breaks(law: Law, one: LawCase): boolean {
  try {
    law.holds(one);
    return false;
  } catch (error) {
    return error instanceof Error && error.name === 'AssertionError';
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    // Made of JSON, so every part has an index or a name.
    const part = (value as Record<string | number, unknown>)[key];
    return [[...path, key], ...pathsOf(part, [...path, key])];
  });
}

function without(one: LawCase, path: Path): LawCase | undefined {
  const copy: LawCase = structuredClone(one);
  let parent: unknown = copy;
  for (const key of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return undefined;
    parent = (parent as Record<string | number, unknown>)[key];
  }
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return undefined;
  if (Array.isArray(parent) && typeof last === 'number') {
    if (last >= parent.length) return undefined;
    parent.splice(last, 1);
  } else if (last in parent) delete (parent as Record<string | number, unknown>)[last];
  else return undefined;
  return copy.ruleSet === undefined || copy.texts === undefined ? undefined : copy;
}
