import { compareText } from '../canonical.ts';
import type { DocumentCategory } from '../document/program.ts';
import type { StackingCategory } from '../normal.ts';

/** Stacking categories by name. Law: what one excludes, excludes it. */
export function normalCategories(
  categories: readonly DocumentCategory[],
): readonly StackingCategory[] {
  const normal = categories.map(({ id, eligibility, limit, hierarchy, calculation, excludes }) => {
    const by = categories.filter((other) => other.excludes.includes(id)).map((other) => other.id);
    const all = [...new Set([...excludes, ...by])].sort(compareText);
    return { id, eligibility, excludes: all, limit, hierarchy, calculation };
  });
  return normal.sort((one, two) => compareText(one.id, two.id));
}
